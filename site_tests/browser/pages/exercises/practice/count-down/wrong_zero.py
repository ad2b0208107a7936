"""You count down to 0."""


def count_down(n):
    return list(range(n, -1, -1)), n + 1
