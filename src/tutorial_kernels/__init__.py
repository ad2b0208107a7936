"""Deep learning in NumPy, forward and backward, to be read and checked."""

from tutorial_kernels import functional, nn, optim
from tutorial_kernels.autograd import Tensor, no_grad
from tutorial_kernels.explanation import explain
from tutorial_kernels.functional import cat
from tutorial_kernels.nn.init import manual_seed

__all__ = [
    "Tensor",
    "cat",
    "explain",
    "functional",
    "manual_seed",
    "nn",
    "no_grad",
    "optim",
]
