"""How parameters start: random numbers of the right size.

The functions write into the tensor they are given, and return it.
"""

import math
from typing import Any

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.randomness import generator as generator
from tutorial_kernels.randomness import manual_seed as manual_seed


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """Fill with numbers drawn evenly from a to b."""
    tensor.data[...] = generator.uniform(a, b, tensor.shape)
    return tensor


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """Fill with numbers from a normal distribution."""
    tensor.data[...] = generator.normal(mean, std, tensor.shape)
    return tensor


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number."""
    tensor.data[...] = val
    return tensor


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros."""
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones."""
    return constant_(tensor, 1.0)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Keep the spread of signals even, forward and backward.

    Evenly from -bound to bound, `bound = gain * sqrt(6 / (fan_in + fan_out))`.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", 2010.
    """
    bound = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """As `xavier_uniform_`, from a normal distribution.

    `std = gain * sqrt(2 / (fan_in + fan_out))`
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor))))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
) -> Tensor:
    """Keep the spread of signals even through layers with ReLU.

    Evenly from -bound to bound, `bound = gain * sqrt(3 / fan)`.

    Args:
        tensor: The weights to fill.
        a: Slope of the leaky ReLU below zero.
        mode: "fan_in" keeps signals even, "fan_out" gradients.
        nonlinearity: What follows the layer, for its gain.

    Source: He et al., "Delving deep into rectifiers", 2015.
    """
    gain = calculate_gain(nonlinearity, a)
    bound = gain * math.sqrt(3 / _fan(tensor, mode))
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
) -> Tensor:
    """As `kaiming_uniform_`, from a normal distribution.

    `std = gain / sqrt(fan)`
    """
    gain = calculate_gain(nonlinearity, a)
    return normal_(tensor, 0.0, gain / math.sqrt(_fan(tensor, mode)))


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """How much an activation shrinks a signal, to be made up for."""
    slope = 0.01 if param is None else param
    gains = {
        "linear": 1.0,
        "conv2d": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    }
    if nonlinearity not in gains:
        raise ValueError(
            f"calculate_gain: nonlinearity must be one of {', '.join(gains)}, "
            f"got {nonlinearity!r}"
        )
    return gains[nonlinearity]


def fans(tensor: Tensor) -> tuple[int, int]:
    """How many inputs feed one output, and how many outputs one input."""
    if tensor.ndim < 2:
        raise ValueError(
            "init: weights need at least two dimensions to have a fan-in and "
            f"a fan-out, got shape {tensor.shape}"
        )
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def _fan(tensor: Tensor, mode: str) -> Any:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(
            f"init: mode must be 'fan_in' or 'fan_out', got {mode!r}"
        )
    return fans(tensor)[mode == "fan_out"]
