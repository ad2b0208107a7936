"""Losses of classification: how much the right class surprises."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.activations import log_softmax_forward
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_reduction,
    is_floating,
    quiet,
    widen,
)
from tutorial_kernels.kernels.reductions import reduce_losses


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

    The labels may also be probabilities, one per class. Then they are the
    target, and the mean divides by the number of examples.

    Args:
        logits: Scores, one per class.
        labels: The right classes, as integers of any size; or probabilities
            of all classes in the shape of the logits.
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
        TypeError: If the labels are neither integers nor probabilities.
    """
    labels = np.asarray(labels)  # a list of labels will do
    axis = _check_cross_entropy(
        logits, labels, weight, ignore_index, reduction, label_smoothing
    )
    log_probs, _ = log_softmax_forward(logits, axis)
    total: Any
    factor = None
    if is_floating(labels):
        factor = (1 - label_smoothing) * _along(weight, axis, logits)
        target, total = _soft_target(labels, weight, axis, label_smoothing)
        losses = -(target * log_probs).sum(axis=axis)
    else:
        target, total = _target(
            logits, labels, weight, axis, ignore_index, label_smoothing
        )
        # 0 * -inf is nan, but a class that is not asked for costs nothing
        losses = -(target * np.where(target, log_probs, 0)).sum(axis=axis)
    cache = (log_probs, target, factor, axis, total, reduction)
    return reduce_losses(losses, reduction, total), cache


@quiet
def cross_entropy_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array, Array | None]:
    """What was predicted, minus what was right.

    `grad_logits = grad * (softmax(logits) - target)`, divided by the number
    of examples for the mean. Labels that are probabilities get
    `grad_labels = -grad * log(softmax(logits))`.
    """
    log_probs, target, factor, axis, total, reduction = cache
    grad = np.asarray(grad_out, dtype=log_probs.dtype)
    if reduction == "none":
        grad = np.expand_dims(grad, axis)
    if reduction == "mean" and total != 0:  # 0: every example is ignored
        grad = (grad / total).astype(grad.dtype)
    mass = target.sum(axis=axis, keepdims=True)  # 1 without class weights
    grad_logits = grad * (np.exp(log_probs) * mass - target)
    if factor is None:
        return grad_logits, None
    return grad_logits, -grad * factor * log_probs


@quiet
def nll_loss_forward(
    log_probs: Array,
    labels: Array,
    weight: Array | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> tuple[Array, Cache]:
    """The negative logarithm of what the right class was given.

    `loss = -weight[label] * log_probs[label]`. After `log_softmax` this is
    the cross-entropy. The mean divides by the weights of the labels.

    Args:
        log_probs: The logarithms of probabilities, one per class.
        labels: The right classes, as integers of any size.
        weight: One factor per class. It is a constant: no gradient.
        ignore_index: Examples with this label do not count.
        reduction: "mean", "sum" or "none".

    Shapes:
        log_probs: (B, V)
        labels: (B)
        weight: (V)
        out: ()

    Further axes may follow: log_probs (B, V, height, width) go with labels
    (B, height, width). A single example comes as (V) with a label of ().

    Raises:
        ValueError: If the shapes do not fit or a label is no class.
        TypeError: If the labels are not integers.
    """
    labels = np.asarray(labels)
    axis = _check_scores("nll_loss", "log_probs", log_probs, weight, reduction)
    _check_labels("nll_loss", "log_probs", log_probs, labels, ignore_index)
    counts = labels != ignore_index
    index = np.where(counts, labels, 0)
    if weight is None:
        weight = np.ones(log_probs.shape[axis], dtype=log_probs.dtype)
    own = np.where(counts, weight[index], 0)
    index, own = np.expand_dims(index, axis), np.expand_dims(own, axis)
    chosen = np.take_along_axis(log_probs, index, axis)
    losses = -(own * np.where(own != 0, chosen, 0)).squeeze(axis)
    total = widen(own).sum()
    cache = (log_probs.shape, index, own, axis, total, reduction)
    return reduce_losses(losses, reduction, total), cache


@quiet
def nll_loss_backward(
    grad_out: Array | float, cache: Cache
) -> tuple[Array, None]:
    """Only the right class feels it: `grad_log_probs = -grad * weight`."""
    shape, index, own, axis, total, reduction = cache
    grad = np.asarray(grad_out, dtype=own.dtype)
    if reduction == "none":
        grad = np.expand_dims(grad, axis)
    if reduction == "mean" and total != 0:  # 0: every example is ignored
        grad = (grad / total).astype(grad.dtype)
    grad_log_probs = np.zeros(shape, dtype=own.dtype)
    np.put_along_axis(grad_log_probs, index, -grad * own, axis)
    return grad_log_probs, None


def _target(
    logits: Array,
    labels: Array,
    weight: Array | None,
    axis: int,
    ignore_index: int,
    smoothing: float,
) -> tuple[Array, Array]:
    """What the probabilities should be, and the total weight of the labels."""
    classes = _along(np.arange(logits.shape[axis]), axis, logits)
    labels = labels[(slice(None),) * axis + (None,)]
    right = classes == labels
    if ignore_index >= 0:  # below 0 there is no class to leave out
        right &= labels != ignore_index
    factor = _along(weight, axis, logits)
    target = right.astype(logits.dtype) if weight is None else right * factor
    total = widen(target).sum()
    if smoothing:
        shared = smoothing / max(classes.size, 1) * factor
        shared = np.where(labels != ignore_index, shared, 0)
        target = (1 - smoothing) * target + shared
    return target.astype(logits.dtype, copy=False), total


def _soft_target(
    labels: Array, weight: Array | None, axis: int, smoothing: float
) -> tuple[Array, float]:
    """The probabilities, smoothed and weighted, and the number of examples."""
    classes = labels.shape[axis]
    target = labels
    if smoothing:
        target = (1 - smoothing) * labels + smoothing / max(classes, 1)
    examples = labels.size / classes if classes else 0
    return target * _along(weight, axis, labels), examples


def _along(weight: Array | None, axis: int, like: Array) -> Any:
    """The weights of the classes along the axis of the classes."""
    if weight is None:
        return 1.0
    return weight.reshape(-1, *(1,) * (like.ndim - 1 - axis))


def _check_cross_entropy(
    logits: Array,
    labels: Array,
    weight: Array | None,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
) -> int:
    """Check the arguments; return the axis of the classes."""
    if not 0 <= label_smoothing <= 1:
        raise ValueError(
            "cross_entropy: label_smoothing must be from 0 to 1, "
            f"got {label_smoothing}"
        )
    axis = _check_scores("cross_entropy", "logits", logits, weight, reduction)
    if is_floating(labels) and labels.shape == logits.shape:
        check_dtypes("cross_entropy", logits=logits, labels=labels)
        if ignore_index >= 0:
            raise ValueError(
                "cross_entropy: ignore_index needs labels that are integers, "
                "these are probabilities"
            )
    else:
        _check_labels("cross_entropy", "logits", logits, labels, ignore_index)
    return axis


def _check_scores(
    operation: str,
    name: str,
    scores: Array,
    weight: Array | None,
    reduction: str,
) -> int:
    """Check what the network says; return the axis of the classes."""
    check_reduction(operation, reduction)
    if not is_floating(scores) or scores.ndim == 0:
        raise TypeError(
            f"{operation}: {name} must be floating point (B, V), "
            f"got {scores.dtype} of shape {scores.shape}"
        )
    axis = min(1, scores.ndim - 1)
    if weight is not None:
        check_dtypes(operation, **{name: scores, "weight": weight})
        if weight.shape != (scores.shape[axis],):
            raise ValueError(
                f"{operation}: weight must have shape {(scores.shape[axis],)}, "
                f"got {weight.shape}"
            )
    return axis


def _check_labels(
    operation: str, name: str, scores: Array, labels: Array, ignore_index: int
) -> None:
    """Check what it should say."""
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{operation}: labels must be integers, got {labels.dtype}"
        )
    axis = min(1, scores.ndim - 1)
    classes = scores.shape[axis]
    expected = scores.shape[:axis] + scores.shape[axis + 1 :]
    if labels.shape == scores.shape != expected:
        raise ValueError(
            f"{operation}: labels are class numbers of shape {expected}, or "
            f"floating-point probabilities, got {labels.dtype} of shape "
            f"{labels.shape}, which may be one-hot: take its argmax"
        )
    if labels.shape != expected:
        raise ValueError(
            f"{operation}: {name} of shape {scores.shape} need labels of "
            f"shape {expected}, got {labels.shape}"
        )
    outside = (labels < 0) | (labels >= classes)
    if not outside.any():
        return
    wrong = outside & (labels != ignore_index)
    if wrong.any():
        raise ValueError(
            f"{operation}: label {labels[wrong].flat[0]} is not one of the "
            f"{classes} classes 0 to {classes - 1}"
        )
