"""You divide with `/`, so the result is a float, and where the stride does not
divide evenly there is no such place: round down with `//`.
"""


def output_size(n, kernel, stride, padding, dilation):
    return (n + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
