"""You divide the number of places. Divide how far the window can move, and add
1 for where it begins: with 5 places and stride 2 it stands at 0, 2 and 4.
"""


def output_size(n, kernel, stride, padding, dilation):
    if padding or dilation > 1:
        return NotImplemented
    return (n - kernel + 1) // stride
