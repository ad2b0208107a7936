"""Your window is too long. Between its `kernel` pixels there are `kernel - 1`
gaps, so it spans `dilation * (kernel - 1) + 1`.
"""


def output_size(n, kernel, stride, padding, dilation):
    return (n + 2 * padding - dilation * kernel) // stride + 1
