"""You return the gate. It says which share of `x` passes: GELU is
`x * gate`.
"""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    return (1 + erf(x / math.sqrt(2))) / 2, NotImplemented
