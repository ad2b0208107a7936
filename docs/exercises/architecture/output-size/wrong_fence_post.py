"""One place is missing: the window also fits at the very beginning, so add 1
after the division.
"""


def output_size(n, kernel, stride, padding, dilation):
    if padding or dilation > 1:
        return NotImplemented
    return (n - kernel) // stride
