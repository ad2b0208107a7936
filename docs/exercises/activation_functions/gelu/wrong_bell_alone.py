"""`bell` is the slope of the gate alone. GELU is `x` times the gate, and `x`
moves, too: `gate + x * bell`.
"""

import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x / math.sqrt(2))) / 2
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * gate, bell
