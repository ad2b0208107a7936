"""You forget to count."""


def count_down(n):
    return list(range(n, 0, -1))
