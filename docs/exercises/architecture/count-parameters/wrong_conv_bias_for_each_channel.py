"""You gave each filter a bias for every input channel. It adds all channels up
and then one bias: `outputs` biases in all.
"""


def count_parameters(layers):
    if any(kind != "conv2d" for kind, *_ in layers):
        return NotImplemented
    return sum(
        outputs * inputs * (kernel * kernel + 1)
        for _, inputs, outputs, kernel in layers
    )
