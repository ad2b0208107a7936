"""The gate runs from 0 to 2: `1 + erf(...)` is still to be halved."""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = 1 + erf(x / math.sqrt(2))
    return x * gate, NotImplemented
