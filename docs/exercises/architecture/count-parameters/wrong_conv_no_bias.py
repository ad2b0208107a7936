"""The biases of the convolution are missing: one for each filter, and there are
`outputs` filters.
"""


def count_parameters(layers):
    if any(kind != "conv2d" for kind, *_ in layers):
        return NotImplemented
    return sum(
        outputs * inputs * kernel * kernel
        for _, inputs, outputs, kernel in layers
    )
