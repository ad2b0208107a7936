"""Your gate is negative on the left: `erf` runs from -1 to 1. Add 1 and halve
it.
"""

import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = erf(x / math.sqrt(2))
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    out = x * gate
    slope = gate + x * bell
    return out, slope
