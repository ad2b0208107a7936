"""You add the padding once; it is added at both ends."""


def output_size(n, kernel, stride, padding, dilation):
    if dilation > 1:
        return NotImplemented
    return (n + padding - kernel) // stride + 1
