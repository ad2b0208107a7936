"""Activations that are made of straight lines, and their smooth ends."""

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_floating,
    check_numbers,
    quiet,
    widen,
)

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@quiet
def leaky_relu_forward(
    x: Array, negative_slope: float = 0.01
) -> tuple[Array, Cache]:
    """Keep what is positive, and a little of the rest.

    `out = x` where x is positive, `negative_slope * x` elsewhere.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural
    network acoustic models", 2013.
    """
    check_floating("leaky_relu", x)
    wide = widen(x)
    out = np.where(x > 0, wide, wide * negative_slope)
    return out.astype(x.dtype, copy=False), (x, negative_slope)


@quiet
def leaky_relu_backward(grad_out: Array, cache: Cache) -> Array:
    """Let the gradient pass, or a little of it.

    The slope at exactly 0 is taken to be `negative_slope`, as torch does.
    """
    x, negative_slope = cache
    grad = widen(grad_out)
    grad_x = np.where(x > 0, grad, grad * negative_slope)
    return grad_x.astype(x.dtype, copy=False)


@quiet
def elu_forward(x: Array, alpha: float = 1.0) -> tuple[Array, Cache]:
    """Keep what is positive, bend the rest down to -alpha.

    `out = x` where x is positive, `alpha * (exp(x) - 1)` elsewhere.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep
    network learning by exponential linear units", 2016.
    """
    check_floating("elu", x)
    return _bend(x, alpha, 1.0), (x, alpha)


@quiet
def elu_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad` where x is positive, `grad * alpha * exp(x)` elsewhere.

    The slope at exactly 0 is taken to be `alpha`, as torch does.
    """
    x, alpha = cache
    return _bend_back(grad_out, x, alpha, 1.0)


@quiet
def selu_forward(x: Array) -> tuple[Array, Cache]:
    """An `elu` with two numbers that keep signals at mean 0 and variance 1.

    `out = scale * x` where x is positive, `scale * alpha * (exp(x) - 1)`
    elsewhere, with `scale` about 1.0507 and `alpha` about 1.6733.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds integers.

    Source: Klambauer et al., "Self-normalizing neural networks", 2017.
    """
    check_floating("selu", x)
    return _bend(x, SELU_ALPHA, SELU_SCALE), (x,)


@quiet
def selu_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad * scale`, times `alpha * exp(x)` where x is negative.

    The slope at exactly 0 is taken to be `scale * alpha`, as torch does.
    """
    (x,) = cache
    return _bend_back(grad_out, x, SELU_ALPHA, SELU_SCALE)


def hardtanh_forward(
    x: Array, min_val: float = -1.0, max_val: float = 1.0
) -> tuple[Array, Cache]:
    """Cut off below and above: `out = min(max(x, min_val), max_val)`.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `min_val` is larger than `max_val`, or the dtype of
            `x` does not know it.
        TypeError: If `x` holds truth values.
    """
    if min_val > max_val:
        raise ValueError(
            "hardtanh: min_val must be at most max_val, "
            f"got {min_val} and {max_val}"
        )
    check_numbers("hardtanh", x)
    if x.dtype.kind == "u" and min_val < 0:
        raise ValueError(
            f"hardtanh: min_val must be at least 0 for {x.dtype}, got {min_val}"
        )
    # both bounds in the dtype of x: torch cuts integers at whole numbers
    low, high = (np.asarray(v).astype(x.dtype) for v in (min_val, max_val))
    return np.minimum(np.maximum(x, low), high), (x, min_val, max_val)


def hardtanh_backward(grad_out: Array, cache: Cache) -> Array:
    """Let the gradient pass between the bounds; on them the slope is 0."""
    x, min_val, max_val = cache
    inside = (x > min_val) & (x < max_val)
    return np.where(inside, grad_out, 0).astype(x.dtype, copy=False)


def relu6_forward(x: Array) -> tuple[Array, Cache]:
    """A `relu` that is cut off at 6: `out = min(max(x, 0), 6)`.

    Shapes:
        x: (...)
        out: (...)

    Source: Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
    """
    return hardtanh_forward(x, 0.0, 6.0)


def relu6_backward(grad_out: Array, cache: Cache) -> Array:
    """Let the gradient pass between 0 and 6."""
    return hardtanh_backward(grad_out, cache)


def _bend(x: Array, alpha: float, scale: float) -> Array:
    wide = widen(x)
    # expm1 keeps the digits that exp(x) - 1 loses near 0
    bent = alpha * np.expm1(np.minimum(wide, 0))
    out = scale * np.where(x > 0, wide, bent)
    return out.astype(x.dtype, copy=False)


def _bend_back(grad_out: Array, x: Array, alpha: float, scale: float) -> Array:
    slope = alpha * np.exp(np.minimum(widen(x), 0))
    grad_x = widen(grad_out) * scale * np.where(x > 0, 1, slope)
    return grad_x.astype(x.dtype, copy=False)
