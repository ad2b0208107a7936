"""Along an axis: the largest few numbers, and the sums so far."""

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dim,
    is_floating,
    quiet,
    widen,
)


def topk_forward(
    x: Array,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
) -> tuple[tuple[Array, Array], Cache]:
    """The `k` largest numbers along `dim`, and their places.

    They come in order, the largest first, and of equals the first; nan counts
    as largest.

    Args:
        x: The numbers.
        k: How many.
        dim: The axis.
        largest: False for the smallest, the smallest first.
        sorted: Nothing here: they are in order in any case.

    Shapes:
        x: (...)
        out: (...), (...)

    Raises:
        ValueError: If `x` has no such axis, or not so many numbers.
    """
    axis = check_dim("topk", dim, x.ndim)
    row = x.reshape(1) if x.ndim == 0 else x
    size = row.shape[axis]
    if not 0 <= k <= size:
        raise ValueError(
            f"topk: k must be from 0 to {size} for dim {dim} of shape "
            f"{x.shape}, got {k}"
        )
    if largest:  # sorted backwards, so that the first of equals stays first
        order = np.argsort(np.flip(row, axis), axis, kind="stable")
        order = size - 1 - np.flip(order, axis)
    else:
        order = np.argsort(row, axis, kind="stable")
    places = np.take(order, np.arange(k), axis)
    values = np.take_along_axis(row, places, axis)
    if x.ndim == 0 and k == 1:
        values, places = values.reshape(()), places.reshape(())
    return (values, places), (x, axis, places)


def topk_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The gradient goes to the numbers that were chosen."""
    x, axis, places = cache
    if not is_floating(x):
        return None
    grad_x: Array = np.zeros_like(x)
    if x.ndim == 0:
        grad_x[...] = grad_out.sum()
        return grad_x
    np.put_along_axis(grad_x, places, grad_out, axis)
    return grad_x


@quiet
def cumsum_forward(x: Array, dim: int) -> tuple[Array, Cache]:
    """The sums so far: `out[i] = x[0] + ... + x[i]` along `dim`.

    Integers and booleans give int64.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        ValueError: If `x` has no such axis.
    """
    axis = check_dim("cumsum", dim, x.ndim)
    numbers = widen(x) if is_floating(x) else x.astype(np.int64)
    out = numbers if x.ndim == 0 else np.cumsum(numbers, axis)
    return out.astype(x.dtype if is_floating(x) else np.int64), (x, axis)


@quiet
def cumsum_backward(grad_out: Array, cache: Cache) -> Array | None:
    """A number is part of every later sum: the sums of what is to come."""
    x, axis = cache
    if not is_floating(x):
        return None
    if x.ndim == 0:
        return grad_out
    grad: Array = np.flip(np.cumsum(np.flip(widen(grad_out), axis), axis), axis)
    return np.asarray(grad, x.dtype)
