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
        return self

    def __pow__(self, exponent):
        return self

    def backward(self):
        self.grad += 1.0


def gradients(graph, *numbers, backwards=1):
    values = [Value(number) for number in numbers]
    loss = graph(*values)
    for _ in range(backwards):
        loss.backward()
    return loss.data, [value.grad for value in values]
