"""Your backward calls itself once for every step of the chain, and Python has
no room for so many calls inside each other. Keep the values that wait in a
list.
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
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        arrived = Counter({self: 1.0})
        for value in reversed(order):
            value.grad += arrived[value]
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                arrived[parent] += slope * arrived[value]


def gradients(graph, *numbers, backwards=1):
    values = [Value(number) for number in numbers]
    loss = graph(*values)
    for _ in range(backwards):
        loss.backward()
    return loss.data, [value.grad for value in values]
