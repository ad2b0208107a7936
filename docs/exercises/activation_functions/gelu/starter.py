import math

import numpy as np

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = ...  # the share of the bell curve below x
    bell = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)  # slope of the gate
    out = ...
    slope = ...
    return out, slope
