"""You add the padding once; it is added at both ends."""


def output_size(n, kernel, stride, padding, dilation):
    return (n + padding - dilation * (kernel - 1) - 1) // stride + 1
