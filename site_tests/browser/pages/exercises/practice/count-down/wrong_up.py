"""You count up."""


def count_down(n):
    return list(range(1, n + 1)), n
