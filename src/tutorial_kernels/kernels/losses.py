"""Losses of regression: how far a number is from what it should be."""

import math
import warnings
from typing import Any

import numpy as np

from tutorial_kernels.kernels.broadcasting import check_broadcast, unbroadcast
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_floating,
    check_reduction,
    quiet,
    widen,
)
from tutorial_kernels.kernels.reductions import reduce_losses, spread_gradient


@quiet
def mse_loss_forward(
    x: Array, target: Array, reduction: str = "mean"
) -> tuple[Array, Cache]:
    """The squared error: `loss = mean((x - target) ** 2)`.

    Shapes:
        x: (...)
        target: (...)
        out: ()

    Raises:
        ValueError: If the shapes cannot be broadcast.
        TypeError: If the dtypes differ.
    """
    _check_pair("mse_loss", x, target, reduction)
    error = x - target
    out = reduce_losses(error * error, reduction)
    return out, (x, target, error, reduction)


@quiet
def mse_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """`grad_x = grad * 2 * (x - target)`, divided by their number for mean."""
    x, target, error, reduction = cache
    rate = spread_gradient(2, error, reduction)
    grad = rate * error * np.asarray(grad_out, error.dtype)
    return unbroadcast(grad, x), unbroadcast(-grad, target)


@quiet
def l1_loss_forward(
    x: Array, target: Array, reduction: str = "mean"
) -> tuple[Array, Cache]:
    """The absolute error: `loss = mean(|x - target|)`.

    Args:
        x: What the network says.
        target: What it should say.
        reduction: "mean", "sum" or "none".

    Shapes:
        x: (...)
        target: (...)
        out: ()

    Raises:
        ValueError: If the shapes cannot be broadcast.
        TypeError: If the dtypes differ.
    """
    _check_pair("l1_loss", x, target, reduction)
    error = x - target
    out = reduce_losses(np.abs(error), reduction)
    return out, (x, target, error, reduction)


@quiet
def l1_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """Only the side counts: `grad_x = grad * sign(x - target)`."""
    x, target, error, reduction = cache
    grad = spread_gradient(grad_out, error, reduction) * _side(error)
    return unbroadcast(grad, x), unbroadcast(-grad, target)


@quiet
def smooth_l1_loss_forward(
    x: Array, target: Array, reduction: str = "mean", beta: float = 1.0
) -> tuple[Array, Cache]:
    """The absolute error, rounded off where it is small.

    `loss = error ** 2 / (2 * beta)` where `|error| < beta`, and
    `|error| - beta / 2` elsewhere.

    Args:
        x: What the network says.
        target: What it should say.
        reduction: "mean", "sum" or "none".
        beta: How far the rounding reaches; 0 leaves the absolute error.

    Shapes:
        x: (...)
        target: (...)
        out: ()

    Raises:
        ValueError: If the shapes cannot be broadcast or `beta` is negative.
        TypeError: If the dtypes differ.

    Source: Girshick, "Fast R-CNN", 2015.
    """
    _check_pair("smooth_l1_loss", x, target, reduction)
    if not beta >= 0:
        raise ValueError(f"smooth_l1_loss: beta must be at least 0, got {beta}")
    error = x - target
    size = np.abs(error)
    losses = size
    if beta != 0:
        round_part = 0.5 * error * error / beta
        losses = np.where(size < beta, round_part, size - 0.5 * beta)
    out = reduce_losses(losses, reduction)
    return out, (x, target, error, reduction, beta)


@quiet
def smooth_l1_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """`grad_x = grad * (x - target) / beta`, at most 1 and at least -1."""
    x, target, error, reduction, beta = cache
    error = widen(error)  # torch too rounds float16 only once
    slope = np.clip(error / beta, -1, 1) if beta != 0 else _side(error)
    grad = spread_gradient(grad_out, error, reduction) * slope
    return unbroadcast(grad, x), unbroadcast(-grad, target)


@quiet
def huber_loss_forward(
    x: Array, target: Array, reduction: str = "mean", delta: float = 1.0
) -> tuple[Array, Cache]:
    """The squared error, straightened where it is large.

    `loss = error ** 2 / 2` where `|error| <= delta`, and
    `delta * (|error| - delta / 2)` elsewhere.

    Args:
        x: What the network says.
        target: What it should say.
        reduction: "mean", "sum" or "none".
        delta: Where the straight part begins.

    Shapes:
        x: (...)
        target: (...)
        out: ()

    Raises:
        ValueError: If the shapes cannot be broadcast or `delta` is not
            positive.
        TypeError: If the dtypes differ.

    Source: Huber, "Robust estimation of a location parameter", 1964.
    """
    _check_pair("huber_loss", x, target, reduction)
    if not delta > 0:
        raise ValueError(f"huber_loss: delta must be above 0, got {delta}")
    error = x - target
    size = np.abs(error)
    straight = delta * (size - 0.5 * delta)
    losses = np.where(size <= delta, 0.5 * error * error, straight)
    out = reduce_losses(losses, reduction)
    return out, (x, target, error, reduction, delta)


@quiet
def huber_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """`grad_x = grad * (x - target)`, at most delta and at least -delta."""
    x, target, error, reduction, delta = cache
    rate = spread_gradient(1, error, reduction)
    slope = np.clip(error, -delta, delta)
    grad = rate * slope * np.asarray(grad_out, error.dtype)
    return unbroadcast(grad, x), unbroadcast(-grad, target)


@quiet
def gaussian_nll_loss_forward(
    x: Array,
    target: Array,
    var: Array | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """How surprising the target is for a normal distribution.

    `loss = (log(var) + (x - target) ** 2 / var) / 2`. The network says both
    the mean `x` and the variance, so it can say how sure it is.

    Args:
        x: The mean.
        target: What was seen.
        var: The variance: of every number, of every row of `x` (the last
            axis left out, or one axis of size 1), or one number.
        full: Whether to add the constant `log(2 * pi) / 2`.
        eps: A smaller variance is taken as this, but keeps its gradient.
        reduction: "mean", "sum" or "none".

    Shapes:
        x: (...)
        target: (...)
        var: (...)
        out: ()

    Raises:
        ValueError: If the shapes do not fit or a variance is negative.
        TypeError: If the dtypes differ.

    Source: Nix and Weigend, "Estimating the mean and variance of the target
    probability distribution", 1994.
    """
    check_reduction("gaussian_nll_loss", reduction)
    check_floating("gaussian_nll_loss", x)
    check_dtypes("gaussian_nll_loss", x=x, target=target)
    check_broadcast("gaussian_nll_loss", x.shape, target.shape)
    spread = np.maximum(_variance(x, var), eps)
    error = x - target
    losses = 0.5 * (np.log(spread) + error * error / spread)
    if full:
        losses = losses + 0.5 * math.log(2 * math.pi)
    cache = (x, target, var, error, spread, losses, reduction)
    return reduce_losses(losses, reduction), cache


@quiet
def gaussian_nll_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None, Array | None]:
    """`grad_x = grad * error / var`; the variance would like to be error**2.

    `grad_var = grad * (1 - error ** 2 / var) / (2 * var)`
    """
    x, target, var, error, spread, losses, reduction = cache
    grad = spread_gradient(grad_out, losses, reduction)
    ratio = error / spread
    grad_x = grad * ratio
    grad_var = None
    if isinstance(var, np.ndarray):
        slope = 0.5 * (1 / spread - ratio * ratio)
        grad_spread: Any = unbroadcast(grad * slope, spread)
        grad_var = grad_spread.reshape(var.shape)
    return unbroadcast(grad_x, x), unbroadcast(-grad_x, target), grad_var


def _variance(x: Array, var: Array | float) -> Array:
    """The variance, in a shape that stretches over `x`."""
    if isinstance(var, np.ndarray):
        check_dtypes("gaussian_nll_loss", x=x, var=var)
    given = np.asarray(var, dtype=x.dtype)
    if (given < 0).any():
        raise ValueError("gaussian_nll_loss: var has negative numbers")
    if not isinstance(var, np.ndarray):
        return np.broadcast_to(given, x.shape)
    if given.shape == x.shape[:-1] != x.shape:
        return given[..., np.newaxis]
    if given.ndim == x.ndim:
        sizes = zip(given.shape, x.shape, strict=True)
        other = [size for size, full in sizes if size != full]
        if other in ([], [1]):
            return given
    raise ValueError(
        f"gaussian_nll_loss: x of shape {x.shape} needs a var of that shape, "
        "or without its last axis, or with one axis of size 1, "
        f"got {given.shape}"
    )


def _side(error: Array) -> Array:
    """1 above, -1 below, 0 at the target; nan is on no side."""
    return np.nan_to_num(np.sign(error))


def _check_pair(
    operation: str, x: Array, target: Array, reduction: str
) -> None:
    """Check what a network says and what it should say."""
    check_reduction(operation, reduction)
    check_floating(operation, x)
    check_dtypes(operation, x=x, target=target)
    if x.shape != target.shape:
        text = f"{operation}: x has shape {x.shape}, target has {target.shape}"
        try:
            shape = np.broadcast_shapes(x.shape, target.shape)
        except ValueError:
            raise ValueError(text) from None
        warnings.warn(f"{text}; both become {shape}", stacklevel=3)
