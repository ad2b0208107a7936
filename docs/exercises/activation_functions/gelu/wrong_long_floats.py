"""float32 came in and float64 went out: `np.sqrt(2)` is a float64 of NumPy, and
makes the array one. `math.sqrt(2)` is a plain number and leaves it alone.
"""

import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x / np.sqrt(2))) / 2
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    out = x * gate
    slope = gate + x * bell
    return out, slope
