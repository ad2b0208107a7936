"""The biases of the linear layer are missing: one for each output."""


def count_parameters(layers):
    if any(kind != "linear" for kind, *_ in layers):
        return NotImplemented
    return sum(inputs * outputs for _, inputs, outputs in layers)
