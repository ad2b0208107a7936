"""Activations: the non-linear functions between the layers."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    as_floating,
    check_dim,
    check_floating,
    check_numbers,
    quiet,
    widen,
)

type DType = np.dtype[Any] | type | str | None  # whatever names a dtype


def relu_forward(x: Array) -> tuple[Array, Cache]:
    """Keep what is positive, replace the rest by zero: `out = max(x, 0)`.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds truth values.

    Source: Nair and Hinton, "Rectified linear units improve restricted
    Boltzmann machines", 2010.
    """
    check_numbers("relu", x)
    out = np.maximum(x, 0)
    return out, (out,)


def relu_backward(grad_out: Array, cache: Cache) -> Array:
    """Let the gradient pass where the output was positive.

    The slope at exactly 0 is taken to be 0, as torch does.
    """
    (out,) = cache
    return np.where(out <= 0, 0, grad_out)


@quiet
def sigmoid_forward(x: Array) -> tuple[Array, Cache]:
    """Squash into (0, 1): `out = 1 / (1 + exp(-x))`.

    Far below zero exp(-x) is infinite, and the fraction is the 0 that it
    should be.

    Shapes:
        x: (...)
        out: (...)
    """
    x = as_floating(x)
    out: Array = 1 / (1 + np.exp(-widen(x)))
    out = out.astype(x.dtype, copy=False)
    return out, (out,)


def sigmoid_backward(grad_out: Array, cache: Cache) -> Array:
    """The slope follows from the output: `grad_x = grad * out * (1 - out)`."""
    (out,) = cache
    wide = widen(out)
    grad_x: Array = widen(grad_out) * wide * (1 - wide)
    return grad_x.astype(out.dtype, copy=False)


def tanh_forward(x: Array) -> tuple[Array, Cache]:
    """Squash into (-1, 1): `out = (e**x - e**-x) / (e**x + e**-x)`.

    Shapes:
        x: (...)
        out: (...)
    """
    out = np.tanh(as_floating(x))
    return out, (out,)


def tanh_backward(grad_out: Array, cache: Cache) -> Array:
    """The slope follows from the output: `grad_x = grad * (1 - out**2)`."""
    (out,) = cache
    wide = widen(out)
    grad_x: Array = widen(grad_out) * (1 - wide * wide)
    return grad_x.astype(out.dtype, copy=False)


@quiet
def softmax_forward(
    x: Array, dim: int, dtype: DType = None
) -> tuple[Array, Cache]:
    """Turn scores into probabilities along `dim`.

    `out = exp(x) / sum(exp(x))`. Subtracting the largest score first changes
    nothing in the quotient and keeps the exponentials from overflowing.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `x` has no such `dim`.
        TypeError: If `x` holds integers and no `dtype` is given.

    Source: Bridle, "Probabilistic interpretation of feedforward
    classification network outputs", 1990.
    """
    scores = _scores("softmax", x, dim, dtype)
    exponentials = np.exp(_below_largest(widen(scores), dim))
    out: Array = exponentials / exponentials.sum(axis=dim, keepdims=True)
    out = out.astype(scores.dtype, copy=False)
    return out, (out, dim, x.dtype)


@quiet
def softmax_backward(grad_out: Array, cache: Cache) -> Array:
    """Probabilities share one sum, so each gradient feels all the others.

    `grad_x = out * (grad - sum(grad * out))`
    """
    out, dim, dtype = cache
    wide, grad = widen(out), widen(grad_out)
    shared = (grad * wide).sum(axis=dim, keepdims=True)
    grad_x: Array = wide * (grad - shared)
    return grad_x.astype(dtype, copy=False)


def softmin_forward(
    x: Array, dim: int, dtype: DType = None
) -> tuple[Array, Cache]:
    """Turn costs into probabilities along `dim`: the smallest gets most.

    `out = softmax(-x)`

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `x` has no such `dim`.
        TypeError: If `x` holds integers and no `dtype` is given.
    """
    check_numbers("softmin", x)
    scores = _scores("softmin", -x, dim, dtype)
    out, _ = softmax_forward(scores, dim)
    return out, (out, dim, x.dtype)


def softmin_backward(grad_out: Array, cache: Cache) -> Array:
    """The gradient of softmax, with the sign of `-x`."""
    return -softmax_backward(grad_out, cache)


@quiet
def log_softmax_forward(
    x: Array, dim: int, dtype: DType = None
) -> tuple[Array, Cache]:
    """The logarithm of softmax, without the detour that would underflow.

    `out = x - log(sum(exp(x)))`

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `x` has no such `dim`.
        TypeError: If `x` holds integers and no `dtype` is given.
    """
    scores = _scores("log_softmax", x, dim, dtype)
    shifted = _below_largest(widen(scores), dim)
    total = np.exp(shifted).sum(axis=dim, keepdims=True)
    out: Array = shifted - np.log(total)
    out = out.astype(scores.dtype, copy=False)
    return out, (out, dim, x.dtype)


@quiet
def log_softmax_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad - softmax(x) * sum(grad)`."""
    out, dim, dtype = cache
    grad = widen(grad_out)
    total = grad.sum(axis=dim, keepdims=True)
    grad_x: Array = grad - np.exp(widen(out)) * total
    return grad_x.astype(dtype, copy=False)


def _scores(operation: str, x: Array, dim: int, dtype: DType) -> Array:
    """Check the scores; with a `dtype`, compute in that one."""
    scores = x if dtype is None else x.astype(dtype, copy=False)
    check_floating(operation, scores)
    check_dim(operation, dim, x.ndim)
    return scores


def _below_largest(x: Array, dim: int) -> Array:
    """Shift the scores along `dim` so that the largest becomes zero."""
    shifted: Array = x - x.max(axis=dim, keepdims=True, initial=-np.inf)
    return shifted
