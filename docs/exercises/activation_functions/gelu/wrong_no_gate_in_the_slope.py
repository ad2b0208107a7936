"""The slope misses a part: when x moves, x itself grows, as far as the gate is
open. The product rule gives `gate` plus `x * bell`.
"""

import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x / math.sqrt(2))) / 2
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * gate, x * bell
