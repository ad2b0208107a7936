"""Reductions: how many numbers, or their losses, become one number."""

import numpy as np

from tutorial_kernels.kernels.contract import Array, check_dim, widen

type Dim = int | tuple[int, ...] | None


def reduced_axes(operation: str, dim: Dim, ndim: int) -> tuple[int, ...]:
    """The axes a reduction runs over; in torch `()` means all, as `None`."""
    if dim is None or dim in ((), []):
        return tuple(range(ndim))
    dims = dim if isinstance(dim, tuple | list) else (dim,)
    axes = tuple(check_dim(operation, d, ndim) for d in dims)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{operation}: dim {dim} names an axis twice")
    return axes if ndim else ()


def spread_over(gradient: Array, like: Array, axes: tuple[int, ...]) -> Array:
    """Copy the gradient of a reduction over the axes that were reduced."""
    kept = [1 if axis in axes else n for axis, n in enumerate(like.shape)]
    return np.broadcast_to(np.reshape(gradient, kept), like.shape).copy()


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
        out = out / (losses.size if total is None else total)
    return out.astype(losses.dtype)


def spread_gradient(
    grad_out: Array | float, losses: Array, reduction: str
) -> Array:
    """The gradient of every single loss, in the dtype of the losses."""
    grad = np.asarray(grad_out, dtype=losses.dtype)
    if reduction == "mean":  # float16 ends below the number of many losses
        wide = widen(grad) / max(losses.size, 1)
        grad = np.asarray(wide, dtype=losses.dtype)
    return grad
