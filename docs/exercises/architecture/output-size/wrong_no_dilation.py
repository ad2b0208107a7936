"""The dilation does not count in your result: a window of `kernel` pixels that
lie `dilation` apart spans `dilation * (kernel - 1) + 1`.
"""


def output_size(n, kernel, stride, padding, dilation):
    return (n + 2 * padding - kernel) // stride + 1
