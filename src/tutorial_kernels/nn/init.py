"""How parameters start: random numbers of the right size.

The functions write into the tensor they are given, and return it. What they
draw comes from the generator of the library, or from one of NumPy's that is
given as `generator`.
"""

import math

import numpy as np

from tutorial_kernels import randomness
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.randomness import generator as generator
from tutorial_kernels.randomness import manual_seed as manual_seed

type Source = np.random.Generator | None


def uniform_(
    tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Source = None
) -> Tensor:
    """Fill with numbers drawn evenly from a to b."""
    tensor.data[...] = _source(generator).uniform(a, b, tensor.shape)
    return tensor


def normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: Source = None,
) -> Tensor:
    """Fill with numbers from a normal distribution."""
    tensor.data[...] = _source(generator).normal(mean, std, tensor.shape)
    return tensor


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Source = None,
) -> Tensor:
    """Fill with numbers from the part of a normal distribution in [a, b].

    What falls outside is drawn again. Where most would, numbers are drawn
    evenly from a to b instead, and kept as often as the bell curve says.

    Args:
        tensor: The weights to fill.
        mean: Where the whole bell curve has its middle.
        std: The standard deviation of the whole bell curve.
        a: The smallest number, itself and not in units of `std`.
        b: The largest.
        generator: Where the numbers come from.

    Raises:
        ValueError: If a is not below b, or `std` not above zero.
    """
    if not (a < b and std > 0):
        raise ValueError(
            "trunc_normal_: a must be below b and std above 0, "
            f"got a={a}, b={b}, std={std}"
        )
    source = _source(generator)
    ends = [math.erf((end - mean) / std / math.sqrt(2)) / 2 for end in (a, b)]
    often = ends[1] - ends[0] > 0.3
    peak = (min(max(mean, a), b) - mean) / std
    out, left = np.empty(tensor.data.size), np.arange(tensor.data.size)
    while left.size:
        if often:
            drawn = source.normal(mean, std, left.size)
            kept = (a <= drawn) & (drawn <= b)
        else:
            drawn = source.uniform(a, b, left.size)
            height = np.exp((peak**2 - ((drawn - mean) / std) ** 2) / 2)
            kept = source.random(left.size) < height
        out[left[kept]] = drawn[kept]
        left = left[~kept]
    tensor.data[...] = out.reshape(tensor.shape)
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


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity: a linear layer lets through."""
    _check_matrix("eye_", tensor)
    tensor.data[...] = np.eye(tensor.shape[0], tensor.shape[1])
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill kernels with a single 1: a convolution lets through.

    Args:
        tensor: Kernels (out_channels, in_channels / groups, ...).
        groups: The groups of the convolution; each lets its channels through.

    Raises:
        ValueError: If there are no such kernels or no such groups.
    """
    if tensor.ndim not in (3, 4, 5) or groups < 1 or len(tensor) % groups:
        raise ValueError(
            "dirac_: the tensor must have 3 to 5 dimensions and groups divide "
            f"the first, got shape {tensor.shape} and groups {groups}"
        )
    middle = tuple(size // 2 for size in tensor.shape[2:])
    outputs = len(tensor) // groups
    tensor.data[...] = 0
    for channel in range(min(outputs, tensor.shape[1])):
        for first in range(0, len(tensor), outputs):
            tensor.data[(first + channel, channel, *middle)] = 1
    return tensor


def orthogonal_(
    tensor: Tensor, gain: float = 1.0, generator: Source = None
) -> Tensor:
    """Fill with rows, or columns if they are fewer, at right angles.

    Each has length `gain`. More than two axes count as a matrix of the first
    and all the rest.

    Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear
    dynamics of learning in deep linear neural networks", 2014.
    """
    fans(tensor)  # refuses what is no matrix
    if tensor.data.size == 0:
        return tensor
    rows = len(tensor)
    drawn = _source(generator).normal(size=(rows, tensor.data.size // rows))
    wide = drawn.shape[0] < drawn.shape[1]
    q, r = np.linalg.qr(drawn.T if wide else drawn)
    q *= np.sign(np.diag(r))  # without it, not every direction is as likely
    tensor.data[...] = gain * (q.T if wide else q).reshape(tensor.shape)
    return tensor


def sparse_(
    tensor: Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: Source = None,
) -> Tensor:
    """Fill a matrix from a normal distribution, then a part with zeros.

    In every column, `ceil(sparsity * rows)` numbers are zero.

    Source: Martens, "Deep learning via Hessian-free optimization", 2010.
    """
    _check_matrix("sparse_", tensor)
    normal_(tensor, 0.0, std, generator)
    shuffled = _source(generator).random(tensor.shape).argsort(0)
    tensor.data[shuffled < math.ceil(sparsity * len(tensor))] = 0
    return tensor


def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: Source = None
) -> Tensor:
    """Keep the spread of signals even, forward and backward.

    Evenly from -bound to bound, `bound = gain * sqrt(6 / (fan_in + fan_out))`.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", 2010.
    """
    bound = gain * math.sqrt(6 / max(1, sum(fans(tensor))))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(
    tensor: Tensor, gain: float = 1.0, generator: Source = None
) -> Tensor:
    """As `xavier_uniform_`, from a normal distribution.

    `std = gain * sqrt(2 / (fan_in + fan_out))`
    """
    std = gain * math.sqrt(2 / max(1, sum(fans(tensor))))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """Keep the spread of signals even through layers with ReLU.

    Evenly from -bound to bound, `bound = gain * sqrt(3 / fan)`.

    Args:
        tensor: The weights to fill.
        a: Slope of the leaky ReLU below zero.
        mode: "fan_in" keeps signals even, "fan_out" gradients.
        nonlinearity: What follows the layer, for its gain.
        generator: Where the numbers come from.

    Source: He et al., "Delving deep into rectifiers", 2015.
    """
    gain = calculate_gain(nonlinearity, a)
    bound = gain * math.sqrt(3 / _fan(tensor, mode))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """As `kaiming_uniform_`, from a normal distribution.

    `std = gain / sqrt(fan)`
    """
    gain = calculate_gain(nonlinearity, a)
    std = gain / math.sqrt(_fan(tensor, mode))
    return normal_(tensor, 0.0, std, generator)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """How much an activation shrinks a signal, to be made up for."""
    slope = 0.01 if param is None else param
    gains = {
        "linear": 1.0,
        "conv1d": 1.0,
        "conv2d": 1.0,
        "conv3d": 1.0,
        "conv_transpose1d": 1.0,
        "conv_transpose2d": 1.0,
        "conv_transpose3d": 1.0,
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


def _source(generator: Source) -> np.random.Generator:
    return randomness.generator if generator is None else generator


def _check_matrix(function: str, tensor: Tensor) -> None:
    if tensor.ndim != 2:
        raise ValueError(
            f"{function}: the tensor must have 2 dimensions, "
            f"got shape {tensor.shape}"
        )


def _fan(tensor: Tensor, mode: str) -> int:
    """At least 1: without inputs or outputs there is nothing to fill."""
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(
            f"init: mode must be 'fan_in' or 'fan_out', got {mode!r}"
        )
    return max(1, fans(tensor)[mode == "fan_out"])
