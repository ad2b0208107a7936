"""Losses of probabilities: how far they are from what they should be."""

import numpy as np

from tutorial_kernels.kernels.activations import sigmoid_forward
from tutorial_kernels.kernels.broadcasting import check_broadcast, unbroadcast
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_floating,
    check_reduction,
    quiet,
)
from tutorial_kernels.kernels.reductions import reduce_losses, spread_gradient

_SMALLEST = float(np.float32(1e-12))  # what torch never divides by less than


@quiet
def binary_cross_entropy_forward(
    x: Array,
    target: Array,
    weight: Array | None = None,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """How surprised a network is that knows yes and no.

    `loss = -weight * (target * log(x) + (1 - target) * log(1 - x))`, where no
    logarithm counts below -100: a loss of infinity teaches nothing.

    Args:
        x: The probabilities of yes.
        target: 1 for yes, 0 for no, or something between.
        weight: One factor per number, or fewer that are stretched. It is a
            constant: no gradient.
        reduction: "mean", "sum" or "none".

    Shapes:
        x: (...)
        target: (...)
        weight: (...)
        out: ()

    Raises:
        ValueError: If the shapes do not fit or `x` holds no probabilities.
        TypeError: If the dtypes differ.
    """
    operation = "binary_cross_entropy"
    check_reduction(operation, reduction)
    _check_same(operation, x, target)
    _check_factor(operation, "weight", weight, x)
    wrong = ~((x >= 0) & (x <= 1))
    if wrong.any():
        raise ValueError(
            f"{operation}: x must be probabilities from 0 to 1, "
            f"got {x[wrong].flat[0]}"
        )
    yes = np.maximum(np.log(x), -100)
    no = np.maximum(np.log1p(-x), -100)
    losses = (target - 1) * no - target * yes
    if weight is not None:
        losses = losses * weight
    return reduce_losses(losses, reduction), (x, target, weight, reduction)


@quiet
def binary_cross_entropy_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array, Array, None]:
    """`grad_x = grad * (x - target) / (x * (1 - x))`.

    The divisor is taken to be at least 1e-12, as torch does. The target gets
    `grad * log((1 - x) / x)`.
    """
    x, target, weight, reduction = cache
    grad = spread_gradient(grad_out, x, reduction)
    if weight is not None:
        grad = grad * weight
    grad_x = grad * (x - target) / np.maximum((1 - x) * x, _SMALLEST)
    grad_target = grad * (np.log(1 - x) - np.log(x))
    return grad_x, grad_target, None


@quiet
def binary_cross_entropy_with_logits_forward(
    x: Array,
    target: Array,
    weight: Array | None = None,
    reduction: str = "mean",
    pos_weight: Array | None = None,
) -> tuple[Array, Cache]:
    """The binary cross-entropy of `sigmoid(x)`, without the detour.

    `loss = (1 - target) * x + (1 + (pos_weight - 1) * target) * softplus(-x)`
    times the weight, where `softplus(-x) = -log(sigmoid(x))` is found without
    an exponential that could overflow.

    Args:
        x: Scores: positive for yes, negative for no.
        target: 1 for yes, 0 for no, or something between.
        weight: One factor per number, or fewer that are stretched. It is a
            constant: no gradient.
        reduction: "mean", "sum" or "none".
        pos_weight: A factor for yes, mostly one per class. A constant too.

    Shapes:
        x: (...)
        target: (...)
        weight: (...)
        out: ()

    Raises:
        ValueError: If the shapes do not fit.
        TypeError: If the dtypes differ.
    """
    operation = "binary_cross_entropy_with_logits"
    check_reduction(operation, reduction)
    _check_same(operation, x, target)
    _check_factor(operation, "weight", weight, x)
    _check_factor(operation, "pos_weight", pos_weight, x)
    surprise = np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0)
    share = 1 if pos_weight is None else (pos_weight - 1) * target + 1
    losses = (1 - target) * x + share * surprise
    if weight is not None:
        losses = losses * weight
    cache = (x, target, weight, reduction, pos_weight, surprise)
    return reduce_losses(losses, reduction), cache


@quiet
def binary_cross_entropy_with_logits_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array, Array, None]:
    """What was predicted, minus what was right.

    `grad_x = grad * (sigmoid(x) - target)`; `pos_weight` counts the part of
    yes, `target * (sigmoid(x) - 1)`, more. The target gets `-grad * x`.
    """
    x, target, weight, reduction, pos_weight, surprise = cache
    grad = spread_gradient(grad_out, x, reduction)
    if weight is not None:
        grad = grad * weight
    guess, _ = sigmoid_forward(x)
    if pos_weight is None:
        return grad * (guess - target), grad * -x, None
    yes = pos_weight * target
    grad_x = grad * ((yes + 1 - target) * guess - yes)
    grad_target = grad * ((pos_weight - 1) * surprise - x)
    return grad_x, grad_target, None


@quiet
def kl_div_forward(
    x: Array,
    target: Array,
    reduction: str = "mean",
    log_target: bool = False,
) -> tuple[Array, Cache]:
    """How far a distribution is from the one it should be.

    `loss = target * (log(target) - x)`: the Kullback-Leibler divergence, one
    part for every number.

    Args:
        x: The logarithms of the probabilities.
        target: What the probabilities should be.
        reduction: "batchmean" for the sum divided by the first size, which is
            the divergence; "mean" divides by the number of all numbers;
            "sum" or "none".
        log_target: Whether the target comes as logarithms too.

    Shapes:
        x: (...)
        target: (...)
        out: ()

    Raises:
        ValueError: If the shapes cannot be broadcast.
        TypeError: If the dtypes differ.

    Source: Kullback and Leibler, "On information and sufficiency", 1951.
    """
    check_divergence_reduction("kl_div", reduction)
    check_floating("kl_div", x)
    check_dtypes("kl_div", x=x, target=target)
    check_broadcast("kl_div", x.shape, target.shape)
    if log_target:
        losses = np.exp(target) * (target - x)
    else:
        entropy = np.where(target == 0, 0, target * np.log(target))
        losses = entropy - target * x
    batch = len(x) if x.ndim else 1
    cache = (x, target, reduction, log_target, losses, batch)
    if reduction == "batchmean":
        return reduce_losses(losses, "mean", batch), cache
    return reduce_losses(losses, reduction), cache


@quiet
def kl_div_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """`grad_x = -grad * target`, `grad_target = grad * (log(target) + 1 - x)`.

    The 1 is `target / target`: a target of 0 has no slope, in torch neither.
    """
    x, target, reduction, log_target, losses, batch = cache
    grad = spread_gradient(grad_out, losses, reduction)
    if reduction == "batchmean":
        grad = grad / batch
    if log_target:
        probs = np.exp(target)
        grad_target = grad * (probs * (target - x) + probs)
    else:
        probs = target
        one = target / target
        grad_target = grad * (np.log(target) + one - x)
    grad_x = np.broadcast_to(-grad * probs, losses.shape)
    return unbroadcast(grad_x, x), unbroadcast(grad_target, target)


def check_divergence_reduction(operation: str, reduction: str) -> None:
    """Refuse a reduction that a divergence does not know."""
    if reduction not in ("mean", "batchmean", "sum", "none"):
        raise ValueError(
            f"{operation}: reduction must be 'mean', 'batchmean', 'sum' or "
            f"'none', got {reduction!r}"
        )


def _check_same(operation: str, x: Array, target: Array) -> None:
    """Nothing is stretched here: most often that would be a mistake."""
    check_floating(operation, x)
    check_dtypes(operation, x=x, target=target)
    if x.shape != target.shape:
        raise ValueError(
            f"{operation}: x has shape {x.shape}, target has {target.shape}"
        )


def _check_factor(
    operation: str, name: str, factor: Array | None, x: Array
) -> None:
    """A factor may be smaller than `x`, never larger."""
    if factor is None:
        return
    check_dtypes(operation, **{"x": x, name: factor})
    check_broadcast(operation, x.shape, factor.shape)
    if np.broadcast_shapes(x.shape, factor.shape) != x.shape:
        raise ValueError(
            f"{operation}: {name} of shape {factor.shape} is larger than x "
            f"of shape {x.shape}"
        )
