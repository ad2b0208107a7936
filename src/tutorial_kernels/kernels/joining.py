"""Joining: several arrays become one."""

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dim,
    check_dtypes,
)


def cat_forward(*arrays: Array, dim: int = 0) -> tuple[Array, Cache]:
    """Put arrays one after the other along an axis they have.

    Args:
        *arrays: The arrays, equal in all sizes but that of `dim`.
        dim: The axis along which they are joined.

    Shapes:
        arrays: (...)
        out: (...)

    Raises:
        ValueError: If there is no array, or the other sizes differ.
        TypeError: If the dtypes differ.
    """
    _check_joined("cat", arrays)
    axis = check_dim("cat", dim, arrays[0].ndim)
    others = {x.shape[:axis] + x.shape[axis + 1 :] for x in arrays}
    if arrays[0].ndim == 0 or len(others) > 1:
        raise ValueError(
            f"cat: all sizes but that of dim {dim} must be equal, got shapes "
            f"{_shapes(arrays)}"
        )
    sizes = [x.shape[axis] for x in arrays]
    return np.concatenate(arrays, axis), (axis, np.cumsum(sizes[:-1]))


def cat_backward(grad_out: Array, cache: Cache) -> tuple[Array, ...]:
    """Each array gets back the gradient of its own part."""
    axis, ends = cache
    return tuple(np.split(grad_out, ends, axis))


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
        TypeError: If the dtypes differ.
    """
    _check_joined("stack", arrays)
    axis = check_dim("stack", dim, arrays[0].ndim + 1)
    if len({x.shape for x in arrays}) > 1:
        raise ValueError(
            f"stack: all shapes must be equal, got {_shapes(arrays)}"
        )
    return np.stack(arrays, axis), (axis,)


def stack_backward(grad_out: Array, cache: Cache) -> tuple[Array, ...]:
    """Each array gets back the gradient of its own slice."""
    (axis,) = cache
    return tuple(np.moveaxis(grad_out, axis, 0))


def _check_joined(operation: str, arrays: tuple[Array, ...]) -> None:
    if not arrays:
        raise ValueError(f"{operation}: needs at least one array, got none")
    named = {f"arrays[{k}]": x for k, x in enumerate(arrays)}
    check_dtypes(operation, **named)


def _shapes(arrays: tuple[Array, ...]) -> str:
    return ", ".join(str(x.shape) for x in arrays)
