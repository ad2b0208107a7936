"""One place is missing: the window also fits at the very beginning, so add 1
after the division.
"""


def output_size(n, kernel, stride, padding, dilation):
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride
