"""A value hands on its gradient when only the nearest of its uses has sent
something. What comes by a longer path is lost on the way: count the uses and
wait for all of them.
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
        self.grad, waiting, seen = 1.0, [self], {self}
        for value in waiting:
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                parent.grad += slope * value.grad
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)


def gradients(graph, *numbers, backwards=1):
    values = [Value(number) for number in numbers]
    loss = graph(*values)
    for _ in range(backwards):
        loss.backward()
    return loss.data, [value.grad for value in values]
