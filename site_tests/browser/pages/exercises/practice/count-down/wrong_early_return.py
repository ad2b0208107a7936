"""You return after the first number."""


def count_down(n):
    numbers = []
    seen = 0
    for k in range(n, 0, -1):
        numbers.append(k)
        seen += 1
        return numbers, seen
