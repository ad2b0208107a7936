"""You change the array of the caller."""


def double(x):
    x *= 2
    return x
