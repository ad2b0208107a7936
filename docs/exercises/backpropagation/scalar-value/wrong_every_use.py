"""A value with several uses comes up once for each of them, and each time hands
on all that it has so far, some of it twice. Count the uses, wait for the last
of them, and hand on once.
"""

import math


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
        self.grad += 1.0
        waiting = [self]
        while waiting:
            value = waiting.pop()
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                parent.grad += slope * value.grad
                waiting.append(parent)


def gradients(graph, *numbers, backwards=1):
    values = [Value(number) for number in numbers]
    loss = graph(*values)
    for _ in range(backwards):
        loss.backward()
    return loss.data, [value.grad for value in values]
