"""Shaping: the same numbers in another arrangement."""

import math
from collections.abc import Sequence

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache, check_dim


def reshape_forward(x: Array, shape: Sequence[int]) -> tuple[Array, Cache]:
    """Read the elements in row-major order into a new shape.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If the sizes do not multiply to the same number.
    """
    try:
        return x.reshape(shape), (x.shape,)
    except ValueError:
        raise ValueError(
            f"reshape: {x.size} elements of shape {x.shape} "
            f"do not fill shape {tuple(shape)}"
        ) from None


def reshape_backward(grad_out: Array, cache: Cache) -> Array:
    """Give the gradient the old shape."""
    (shape,) = cache
    return grad_out.reshape(shape)


def flatten_forward(
    x: Array, start_dim: int = 0, end_dim: int = -1
) -> tuple[Array, Cache]:
    """Join the axes from `start_dim` to `end_dim` into one.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such axes, or they are in the wrong order.
    """
    start = check_dim("flatten", start_dim, x.ndim)
    end = check_dim("flatten", end_dim, x.ndim)
    if start > end:
        raise ValueError(
            f"flatten: start_dim {start_dim} comes after end_dim {end_dim}"
        )
    joined = math.prod(x.shape[start : end + 1])
    shape = (*x.shape[:start], joined, *x.shape[end + 1 :])
    return x.reshape(shape), (x.shape,)


def flatten_backward(grad_out: Array, cache: Cache) -> Array:
    """Give the gradient the old shape."""
    (shape,) = cache
    return grad_out.reshape(shape)


def transpose_forward(x: Array, dim0: int, dim1: int) -> tuple[Array, Cache]:
    """Swap two axes.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such axes.
    """
    first = check_dim("transpose", dim0, x.ndim)
    second = check_dim("transpose", dim1, x.ndim)
    if x.ndim == 0:
        return x, (None, None)
    return np.swapaxes(x, first, second), (first, second)


def transpose_backward(grad_out: Array, cache: Cache) -> Array:
    """Swap them back."""
    first, second = cache
    return grad_out if first is None else np.swapaxes(grad_out, first, second)


def permute_forward(x: Array, dims: Sequence[int]) -> tuple[Array, Cache]:
    """Put the axes in the order `dims`.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `dims` does not name every axis once.
    """
    axes = [check_dim("permute", dim, x.ndim) for dim in dims]
    if sorted(axes) != list(range(x.ndim)):
        raise ValueError(
            f"permute: dims {tuple(dims)} must name each of the {x.ndim} "
            "dimensions once"
        )
    return np.transpose(x, axes), (axes,)


def permute_backward(grad_out: Array, cache: Cache) -> Array:
    """Put them back in their old order."""
    (axes,) = cache
    return np.transpose(grad_out, np.argsort(axes))
