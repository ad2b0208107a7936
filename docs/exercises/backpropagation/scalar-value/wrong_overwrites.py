"""Where paths meet, the last gradient replaces those before it. At a fork they
are added: `+=` where you have `=`.
"""

import math
from collections import Counter


class Value:
    """A number that remembers how it was computed."""

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        slopes = (other.data, self.data)
        return Value(self.data * other.data, (self, other), slopes)

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,))

    def __pow__(self, exponent):
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (slope,))

    def backward(self):
        uses, waiting = Counter(), [self]
        while waiting:  # every value once: how often is it used?
            for parent in waiting.pop().parents:
                if parent not in uses:
                    waiting.append(parent)
                uses[parent] += 1
        arrived, ready = Counter({self: 1.0}), [self]
        while ready:  # every value once, when all has come back to it
            value = ready.pop()
            value.grad += arrived[value]
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                arrived[parent] = slope * arrived[value]
                uses[parent] -= 1
                if uses[parent] == 0:
                    ready.append(parent)


def gradients(graph, *numbers, backwards=1):
    values = [Value(number) for number in numbers]
    loss = graph(*values)
    for _ in range(backwards):
        loss.backward()
    return loss.data, [value.grad for value in values]
