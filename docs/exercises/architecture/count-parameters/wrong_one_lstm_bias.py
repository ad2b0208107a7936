"""The LSTM is short by one bias vector: PyTorch keeps two, `b_ih` and `b_hh`,
although their sum would do.
"""


def count_parameters(layers):
    if any(kind != "lstm" for kind, *_ in layers):
        return NotImplemented
    return sum(
        4 * (hidden * inputs + hidden * hidden + hidden)
        for _, inputs, hidden in layers
    )
