"""One bias is not enough: a linear layer has one for each *output*."""


def count_parameters(layers):
    if any(kind != "linear" for kind, *_ in layers):
        return NotImplemented
    return sum(inputs * outputs + 1 for _, inputs, outputs in layers)
