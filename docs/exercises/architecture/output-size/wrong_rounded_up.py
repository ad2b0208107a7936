"""You round up, but a window that hangs over the edge does not fit: round down
with `//`.
"""

import math


def output_size(n, kernel, stride, padding, dilation):
    span = dilation * (kernel - 1) + 1
    return math.ceil((n + 2 * padding - span) / stride) + 1
