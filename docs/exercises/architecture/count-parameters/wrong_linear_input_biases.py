"""You gave the inputs biases. The inputs of a layer are only read: there is one
bias for each *output*.
"""


def count_parameters(layers):
    if any(kind != "linear" for kind, *_ in layers):
        return NotImplemented
    return sum(
        inputs * outputs + inputs + outputs for _, inputs, outputs in layers
    )
