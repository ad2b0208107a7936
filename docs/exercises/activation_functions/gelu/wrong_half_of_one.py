"""Only the 1 is halved, not the sum. Put brackets around it:
`(1 + erf(...)) / 2`.
"""

import math

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    return x * (0.5 + erf(x / math.sqrt(2))), NotImplemented
