"""You square; twice is `2 * x`."""


def double(x):
    return x * x
