"""Activations without a kink: a gate that opens slowly."""

import math

import numpy as np

from tutorial_kernels.kernels.activations import sigmoid_forward
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_floating,
    quiet,
    widen,
)
from tutorial_kernels.kernels.error_function import erf

# The tanh form of gelu: tanh(SLOPE * (x + CUBIC * x**3)).
SLOPE = math.sqrt(2 / math.pi)
CUBIC = 0.044715


@quiet
def gelu_forward(x: Array, approximate: str = "none") -> tuple[Array, Cache]:
    """Let through the part of x that a bell curve leaves below x.

    `out = x * (1 + erf(x / sqrt(2))) / 2`, or with `approximate="tanh"`
    `out = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2`.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `approximate` is neither "none" nor "tanh".
        TypeError: If `x` holds integers.

    Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
    """
    check_floating("gelu", x)
    if approximate not in ("none", "tanh"):
        raise ValueError(
            f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}"
        )
    wide = widen(x)
    out: Array = wide * _gelu_gate(wide, approximate)
    return out.astype(x.dtype, copy=False), (x, approximate)


@quiet
def gelu_backward(grad_out: Array, cache: Cache) -> Array:
    """The gate, plus what moving x does to the gate.

    `grad_x = grad * (gate + x * slope of the gate)`. The slope of the exact
    gate is the bell curve itself, `exp(-x**2 / 2) / sqrt(2 * pi)`.
    """
    x, approximate = cache
    wide = widen(x)
    gate = _gelu_gate(wide, approximate)
    if approximate == "tanh":
        inner = SLOPE * (1 + 3 * CUBIC * wide * wide)
        slope = 2 * gate * (1 - gate) * inner
    else:
        slope = np.exp(-wide * wide / 2) / math.sqrt(2 * math.pi)
    grad_x: Array = widen(grad_out) * (gate + wide * slope)
    return grad_x.astype(x.dtype, copy=False)


@quiet
def silu_forward(x: Array) -> tuple[Array, Cache]:
    """Let through the part of x that its sigmoid says.

    `out = x * sigmoid(x)`, also known as swish.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for
    neural network function approximation in reinforcement learning", 2018.
    """
    check_floating("silu", x)
    wide = widen(x)
    gate, _ = sigmoid_forward(wide)
    out: Array = wide * gate
    return out.astype(x.dtype, copy=False), (x,)


@quiet
def silu_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad * gate * (1 + x * (1 - gate))`, `gate = sigmoid(x)`."""
    (x,) = cache
    wide = widen(x)
    gate, _ = sigmoid_forward(wide)
    grad_x: Array = widen(grad_out) * gate * (1 + wide * (1 - gate))
    return grad_x.astype(x.dtype, copy=False)


@quiet
def mish_forward(x: Array) -> tuple[Array, Cache]:
    """A gate much like that of `silu`, of another curve.

    `out = x * tanh(log(1 + exp(x)))`

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Misra, "Mish: a self regularized non-monotonic activation
    function", 2020.
    """
    check_floating("mish", x)
    wide = widen(x)
    out: Array = wide * _mish_gate(wide)
    return out.astype(x.dtype, copy=False), (x,)


@quiet
def mish_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad * (gate + x * sigmoid(x) * (1 - gate**2))`.

    `gate = tanh(log(1 + exp(x)))`, and the slope of its inside is sigmoid(x).
    """
    (x,) = cache
    wide = widen(x)
    gate = _mish_gate(wide)
    inner, _ = sigmoid_forward(wide)
    grad_x: Array = widen(grad_out) * (gate + wide * inner * (1 - gate * gate))
    return grad_x.astype(x.dtype, copy=False)


@quiet
def softplus_forward(
    x: Array, beta: float = 1.0, threshold: float = 20.0
) -> tuple[Array, Cache]:
    """A smooth `relu`: `out = log(1 + exp(beta * x)) / beta`.

    Where `beta * x` is above `threshold` the curve cannot be told from the
    line, and `out = x`.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Dugas et al., "Incorporating second-order functional knowledge for
    better option pricing", 2001.
    """
    check_floating("softplus", x)
    wide = widen(x)
    scaled = wide * beta
    curve = np.log1p(np.exp(scaled)) / beta
    out = np.where(scaled > threshold, wide, curve)
    return out.astype(x.dtype, copy=False), (x, beta, threshold)


@quiet
def softplus_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad * sigmoid(beta * x)`; on the line, `grad_x = grad`."""
    x, beta, threshold = cache
    scaled = widen(x) * beta
    slope, _ = sigmoid_forward(scaled)
    grad_x: Array = widen(grad_out) * np.where(scaled > threshold, 1, slope)
    return grad_x.astype(x.dtype, copy=False)


def _gelu_gate(x: Array, approximate: str) -> Array:
    if approximate == "tanh":
        return (1 + np.tanh(SLOPE * (x + CUBIC * x * x * x))) / 2
    return (1 + erf(x * math.sqrt(0.5))) / 2


def _mish_gate(x: Array) -> Array:
    gate: Array = np.tanh(np.logaddexp(x, 0))
    return gate
