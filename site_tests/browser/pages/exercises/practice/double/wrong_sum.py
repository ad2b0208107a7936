"""You add all numbers up."""


def double(x):
    return 2 * x.sum()
