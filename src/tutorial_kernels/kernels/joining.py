"""Joining: several arrays become one."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.broadcasting import common_dtype
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dim,
    is_floating,
)

NOTHING = (0,)  # the shape that goes with any other, as in torch


def cat_forward(*arrays: Array, dim: int = 0) -> tuple[Array, Cache]:
    """Put arrays one after the other along an axis they have.

    Args:
        *arrays: The arrays, equal in all sizes but that of `dim`; or of
            shape (0,), which adds nothing.
        dim: The axis along which they are joined.

    Shapes:
        arrays: (...)
        out: (...)

    Raises:
        ValueError: If there is no array, or the other sizes differ.
        TypeError: If one of them is no array.
    """
    dtype = _joined_dtype("cat", arrays)
    parts = [x for x in arrays if x.shape != NOTHING] or arrays[:1]
    axis = check_dim("cat", dim, parts[0].ndim)
    others = {x.shape[:axis] + x.shape[axis + 1 :] for x in parts}
    if parts[0].ndim == 0 or len(others) > 1:
        raise ValueError(
            f"cat: all sizes but that of dim {dim} must be equal, got shapes "
            f"{_shapes(arrays)}"
        )
    out = np.concatenate(parts, axis, dtype=dtype)
    return out, (axis, arrays)


def cat_backward(grad_out: Array, cache: Cache) -> tuple[Array | None, ...]:
    """Each array gets back the gradient of its own part."""
    axis, arrays = cache
    sizes = [0 if x.shape == NOTHING else x.shape[axis] for x in arrays]
    parts = np.split(grad_out, np.cumsum(sizes[:-1]), axis)
    return tuple(map(_as_it_came, parts, arrays))


def stack_forward(*arrays: Array, dim: int = 0) -> tuple[Array, Cache]:
    """Put arrays side by side along an axis that is new.

    Args:
        *arrays: The arrays, all of one shape.
        dim: Where the new axis stands in the result.

    Shapes:
        arrays: (...)
        out: (...)

    Raises:
        ValueError: If there is no array, or the shapes differ.
        TypeError: If one of them is no array.
    """
    dtype = _joined_dtype("stack", arrays)
    axis = check_dim("stack", dim, arrays[0].ndim + 1)
    if len({x.shape for x in arrays}) > 1:
        raise ValueError(
            f"stack: all shapes must be equal, got {_shapes(arrays)}"
        )
    return np.stack(arrays, axis, dtype=dtype), (axis, arrays)


def stack_backward(grad_out: Array, cache: Cache) -> tuple[Array | None, ...]:
    """Each array gets back the gradient of its own slice."""
    axis, arrays = cache
    slices = np.moveaxis(grad_out, axis, 0)
    return tuple(map(_as_it_came, slices, arrays))


def _joined_dtype(operation: str, arrays: tuple[Array, ...]) -> np.dtype[Any]:
    """The dtype that holds them all, as in arithmetic."""
    if not arrays:
        raise ValueError(f"{operation}: needs at least one array, got none")
    for k, x in enumerate(arrays):
        if not isinstance(x, np.ndarray):
            raise TypeError(
                f"{operation}: arrays[{k}] must be an array, "
                f"got {type(x).__name__}"
            )
    return common_dtype(*(np.atleast_1d(x) for x in arrays))


def _as_it_came(gradient: Array, x: Array) -> Array | None:
    """A part of the gradient, in the shape and dtype of its array."""
    if not is_floating(x):
        return None
    return gradient.reshape(x.shape).astype(x.dtype, copy=False)


def _shapes(arrays: tuple[Array, ...]) -> str:
    return ", ".join(str(x.shape) for x in arrays)
