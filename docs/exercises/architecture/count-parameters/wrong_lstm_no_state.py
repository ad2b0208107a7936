"""You count what reads the input. The state is read as well: each of the four
parts has a `W_hh`, `hidden` by `hidden`, and a `b_hh`.
"""


def count_parameters(layers):
    if any(kind != "lstm" for kind, *_ in layers):
        return NotImplemented
    return sum(4 * (hidden * inputs + hidden) for _, inputs, hidden in layers)
