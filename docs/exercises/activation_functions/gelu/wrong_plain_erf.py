"""Your gate is negative on the left: `erf` runs from -1 to 1. Add 1 and halve
it.
"""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = erf(x / math.sqrt(2))
    return x * gate, NotImplemented
