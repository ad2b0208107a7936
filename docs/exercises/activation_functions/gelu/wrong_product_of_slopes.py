"""The slope of a product is not the product of the slopes. Each factor is
nudged in turn, and the two add up: `gate + x * bell`.
"""

import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x / math.sqrt(2))) / 2
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * gate, gate * bell
