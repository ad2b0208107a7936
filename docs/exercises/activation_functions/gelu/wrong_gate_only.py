"""The slope misses a part: when x moves, the gate moves, too. The product rule
gives the gate plus `x * bell`.
"""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x / math.sqrt(2))) / 2
    out = x * gate
    slope = gate
    return out, slope
