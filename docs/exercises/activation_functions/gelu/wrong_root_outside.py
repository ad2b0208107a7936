"""The root stands outside of `erf`. It divides what goes in:
`erf(x / math.sqrt(2))`.
"""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    return x * (1 + erf(x) / math.sqrt(2)) / 2, NotImplemented
