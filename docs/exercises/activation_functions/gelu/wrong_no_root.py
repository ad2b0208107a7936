"""The gate opens too fast: the error function takes `x / math.sqrt(2)`."""

from tutorial_kernels.kernels.error_function import erf


def gelu(x):
    gate = (1 + erf(x)) / 2
    return x * gate, NotImplemented
