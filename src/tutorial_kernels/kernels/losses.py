"""Losses: one number that says how wrong the network is."""

import warnings

import numpy as np

from tutorial_kernels.kernels.activations import log_softmax_forward
from tutorial_kernels.kernels.broadcasting import unbroadcast
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_reduction,
    is_floating,
    quiet,
)


@quiet
def cross_entropy_forward(
    logits: Array,
    labels: Array,
    weight: Array | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> tuple[Array, Cache]:
    """How surprised the network is by the right classes.

    `loss = -sum(target * log(softmax(logits)))` over the classes. `target` is
    1 for the right class and 0 for the others, or a little of both with
    `label_smoothing`; `weight` counts some classes more than others. The mean
    is the weighted one: the sum divided by the weights of the labels.

    Args:
        logits: Scores, one per class.
        labels: The right classes, as integers of any size.
        weight: One factor per class. It is a constant: no gradient.
        ignore_index: Examples with this label do not count.
        reduction: "mean", "sum" or "none".
        label_smoothing: The part of 1 that is shared by all classes.

    Shapes:
        logits: (B, V)
        labels: (B)
        weight: (V)
        out: ()

    Further axes may follow: logits (B, V, height, width) go with labels
    (B, height, width). A single example comes as (V) with a label of ().

    Raises:
        ValueError: If the shapes do not fit or a label is no class.
        TypeError: If the labels are not integers.
    """
    labels = np.asarray(labels)  # a list of labels will do
    axis = _check_cross_entropy(
        logits, labels, weight, ignore_index, reduction, label_smoothing
    )
    log_probs, _ = log_softmax_forward(logits, axis)
    target, total = _target(
        logits, labels, weight, axis, ignore_index, label_smoothing
    )
    # 0 * -inf is nan, but a class that is not asked for costs nothing
    losses = -(target * np.where(target != 0, log_probs, 0)).sum(axis=axis)
    cache = (log_probs, target, axis, total, reduction)
    return _reduce(losses, reduction, total), cache


@quiet
def cross_entropy_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array, None]:
    """What was predicted, minus what was right.

    `grad_logits = grad * (softmax(logits) - target)`, divided by the number
    of examples for the mean.
    """
    log_probs, target, axis, total, reduction = cache
    grad = np.asarray(grad_out, dtype=log_probs.dtype)
    if reduction == "none":
        grad = np.expand_dims(grad, axis)
    if reduction == "mean" and total != 0:  # 0: every example is ignored
        grad = grad / total
    mass = target.sum(axis=axis, keepdims=True)  # 1 without class weights
    return grad * (np.exp(log_probs) * mass - target), None


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
    check_reduction("mse_loss", reduction)
    check_dtypes("mse_loss", x=x, target=target)
    if x.shape != target.shape:
        text = f"mse_loss: x has shape {x.shape}, target has {target.shape}"
        try:
            shape = np.broadcast_shapes(x.shape, target.shape)
        except ValueError:
            raise ValueError(text) from None
        warnings.warn(f"{text}; both become {shape}", stacklevel=2)
    error = x - target
    out = _reduce(error * error, reduction, error.size)
    return out, (x, target, error, reduction)


@quiet
def mse_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array | None, Array | None]:
    """`grad_x = grad * 2 * (x - target)`, divided by their number for mean."""
    x, target, error, reduction = cache
    grad = np.asarray(grad_out, dtype=error.dtype) * 2 * error
    if reduction == "mean":
        grad = grad / max(error.size, 1)
    return unbroadcast(grad, x), unbroadcast(-grad, target)


def _reduce(losses: Array, reduction: str, total: float | Array) -> Array:
    if reduction == "none":
        return losses
    out: Array = losses.sum()
    if reduction == "mean":
        out = np.true_divide(out, total)  # the mean of nothing is nan
    return out


def _target(
    logits: Array,
    labels: Array,
    weight: Array | None,
    axis: int,
    ignore_index: int,
    smoothing: float,
) -> tuple[Array, Array]:
    """What the probabilities should be, and the total weight of the labels."""
    classes = logits.shape[axis]
    counts = labels != ignore_index
    index = np.where(counts, labels, 0)[..., np.newaxis]
    if weight is None:
        weight = np.ones(classes, dtype=logits.dtype)
    own = np.where(counts[..., np.newaxis], weight[index], 0)
    right = np.arange(classes) == index
    target = (1 - smoothing) * np.where(right, own, 0)
    if smoothing:
        shared = smoothing / classes * weight
        target = target + np.where(counts[..., np.newaxis], shared, 0)
    return np.moveaxis(target, -1, axis), own.sum()


def _check_cross_entropy(
    logits: Array,
    labels: Array,
    weight: Array | None,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
) -> int:
    """Check the arguments; return the axis of the classes."""
    check_reduction("cross_entropy", reduction)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            "cross_entropy: label_smoothing must be from 0 to 1, "
            f"got {label_smoothing}"
        )
    if not is_floating(logits) or logits.ndim == 0:
        raise TypeError(
            "cross_entropy: logits must be floating point (B, V), "
            f"got {logits.dtype} of shape {logits.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"cross_entropy: labels must be integers, got {labels.dtype}"
        )
    axis = min(1, logits.ndim - 1)
    classes = logits.shape[axis]
    expected = logits.shape[:axis] + logits.shape[axis + 1 :]
    if labels.shape != expected:
        raise ValueError(
            f"cross_entropy: logits of shape {logits.shape} need labels of "
            f"shape {expected}, got {labels.shape}"
        )
    check_dtypes("cross_entropy", logits=logits, weight=weight)
    if weight is not None and weight.shape != (classes,):
        raise ValueError(
            f"cross_entropy: weight must have shape {(classes,)}, "
            f"got {weight.shape}"
        )
    wrong = (labels != ignore_index) & ((labels < 0) | (labels >= classes))
    if wrong.any():
        raise ValueError(
            f"cross_entropy: label {labels[wrong].flat[0]} is not one of the "
            f"{classes} classes 0 to {classes - 1}"
        )
    return axis
