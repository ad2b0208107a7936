"""Every pair as a function of tensors, under torch.nn.functional's name.

`linear(x, weight, bias)` runs `linear_forward` and lets the tape remember
`linear_backward`. Arguments, shapes and errors are those of the pair; arrays
may stand among the tensors.
"""

import warnings
from collections.abc import Callable

from tutorial_kernels.autograd import Tensor, lift

linear = lift("linear")
conv2d = lift("conv2d")
max_pool2d = lift("max_pool2d")
flatten = lift("flatten")

relu = lift("relu")
sigmoid = lift("sigmoid")
tanh = lift("tanh")
_softmax = lift("softmax")
_log_softmax = lift("log_softmax")

cross_entropy = lift("cross_entropy")
mse_loss = lift("mse_loss")


def softmax(x: Tensor, dim: int | None = None) -> Tensor:
    """Turn scores into probabilities along `dim`."""
    return _along(_softmax, x, dim)


def log_softmax(x: Tensor, dim: int | None = None) -> Tensor:
    """The logarithm of softmax along `dim`."""
    return _along(_log_softmax, x, dim)


def _along(
    function: Callable[..., Tensor], x: Tensor, dim: int | None
) -> Tensor:
    """Without a `dim`, guess it as torch does, and say so."""
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
        warnings.warn(
            f"{function.__name__}: no dim given, taking dim={dim}",
            stacklevel=3,
        )
    return function(x, dim)
