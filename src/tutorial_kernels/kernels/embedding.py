"""Embedding: a table with one row of numbers for every word."""

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    is_floating,
    widen,
)


def embedding_forward(
    x: Array,
    weight: Array,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> tuple[Array, Cache]:
    """Look up rows of a table: `out = weight[x]`.

    Args:
        x: Which rows, as integers of any size.
        weight: The table.
        padding_idx: A row that gets no gradient; may count from the end.
        max_norm: Must be `None`: a forward does not change its inputs.
        norm_type: Would belong to `max_norm`.
        scale_grad_by_freq: Whether the gradient of a row is divided by how
            often it was looked up.
        sparse: Must be `False`: every gradient is a full array.

    Shapes:
        x: (...)
        weight: (V, C)
        out: (..., C)

    Raises:
        IndexError: If `x` asks for a row that is not there.
        ValueError: If the shapes or an option do not fit.
        TypeError: If `x` does not hold integers.

    Source: Bengio et al., "A neural probabilistic language model", 2003.
    """
    rows = np.asarray(x)  # a list of rows will do
    check_dense("embedding", max_norm, sparse)
    _check_embedding(rows, weight)
    padding = as_row("embedding", padding_idx, len(weight))
    rows = rows.astype(np.intp, copy=False)
    return weight[rows], (rows, weight, padding, scale_grad_by_freq)


def embedding_backward(grad_out: Array, cache: Cache) -> tuple[None, Array]:
    """Add each gradient to the row it was looked up from.

    `grad_weight[v]` is the sum of `grad` over all places where `x` is v.
    """
    rows, weight, padding, scale_grad_by_freq = cache
    grad_weight = np.zeros_like(widen(weight))
    np.add.at(grad_weight, rows, grad_out)  # a row may come more than once
    if scale_grad_by_freq:
        count = np.bincount(rows.ravel(), minlength=len(weight))
        grad_weight /= np.maximum(count, 1)[:, np.newaxis]
    if padding is not None:
        grad_weight[padding] = 0
    return None, grad_weight.astype(weight.dtype, copy=False)


def as_row(operation: str, padding_idx: int | None, rows: int) -> int | None:
    """Count `padding_idx` from the front; refuse one that is not there."""
    if padding_idx is None:
        return None
    if not -rows <= padding_idx < rows:
        raise ValueError(
            f"{operation}: padding_idx must be from {-rows} to {rows - 1} "
            f"for a table of {rows} rows, got {padding_idx}"
        )
    return padding_idx % rows


def check_dense(operation: str, max_norm: float | None, sparse: bool) -> None:
    """Refuse what would write into the table, or give a part of a gradient."""
    if max_norm is not None:
        raise ValueError(
            f"{operation}: max_norm must be None, because a forward does not "
            f"change its weight here, got {max_norm}"
        )
    if sparse:
        raise ValueError(
            f"{operation}: sparse must be False, because every gradient is a "
            "full array here"
        )


def _check_embedding(rows: Array, weight: Array) -> None:
    if rows.dtype.kind not in "iu":
        raise TypeError(f"embedding: x must hold integers, got {rows.dtype}")
    if not is_floating(weight):
        raise TypeError(
            f"embedding: weight must be floating point, got {weight.dtype}"
        )
    if weight.ndim != 2:
        raise ValueError(
            f"embedding: weight must be (V, C), got shape {weight.shape}"
        )
    wrong = (rows < 0) | (rows >= len(weight))
    if wrong.any():
        raise IndexError(
            f"embedding: {rows[wrong].flat[0]} is not one of the "
            f"{len(weight)} rows 0 to {len(weight) - 1}"
        )
