"""Reductions: how the losses of many numbers become one number."""

import numpy as np

from tutorial_kernels.kernels.contract import Array, widen


def reduce_losses(
    losses: Array, reduction: str, total: float | Array | None = None
) -> Array:
    """The mean, the sum, or the losses as they are.

    Args:
        losses: One loss for every number or example.
        reduction: "mean", "sum" or "none".
        total: What the mean divides by; the number of losses if left out.
    """
    if reduction == "none":
        return losses
    out: Array = widen(losses).sum()
    if reduction == "mean":  # the mean of nothing is nan
        out = np.true_divide(out, losses.size if total is None else total)
    return out.astype(losses.dtype)


def spread_gradient(
    grad_out: Array | float, losses: Array, reduction: str
) -> Array:
    """The gradient of every single loss, in the dtype of the losses."""
    grad = np.asarray(grad_out, dtype=losses.dtype)
    if reduction == "mean":
        grad = grad / max(losses.size, 1)
    return grad
