"""Shaping: the same numbers in another arrangement."""

import math
from collections.abc import Sequence

import numpy as np

from tutorial_kernels.kernels.broadcasting import unbroadcast
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


def squeeze_forward(
    x: Array, dim: int | Sequence[int] | None = None
) -> tuple[Array, Cache]:
    """Leave out axes of size 1: all of them, or those among `dim`.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such axis, or one is named twice.
    """
    dims = range(x.ndim) if dim is None else dim
    named = [dims] if isinstance(dims, int) else dims
    axes = [check_dim("squeeze", d, x.ndim) for d in named]
    if len(set(axes)) < len(axes):
        raise ValueError(f"squeeze: dim {dim} names an axis twice")
    kept = [n for k, n in enumerate(x.shape) if n != 1 or k not in axes]
    return x.reshape(kept), (x.shape,)


def squeeze_backward(grad_out: Array, cache: Cache) -> Array:
    """Give the gradient the old shape."""
    (shape,) = cache
    return grad_out.reshape(shape)


def unsqueeze_forward(x: Array, dim: int) -> tuple[Array, Cache]:
    """Put in a new axis of size 1, which becomes number `dim`.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `dim` is no place for an axis.
    """
    axis = check_dim("unsqueeze", dim, x.ndim + 1)
    return np.expand_dims(x, axis), (x.shape,)


def unsqueeze_backward(grad_out: Array, cache: Cache) -> Array:
    """Give the gradient the old shape."""
    (shape,) = cache
    return grad_out.reshape(shape)


def unflatten_forward(
    x: Array, dim: int, sizes: Sequence[int]
) -> tuple[Array, Cache]:
    """Cut one axis into several, of the given sizes; one may be -1.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such axis, or the sizes do not fill it.
    """
    axis = check_dim("unflatten", dim, x.ndim)
    sizes = tuple(sizes)
    if sizes.count(-1) > 1:
        raise ValueError(f"unflatten: only one of the sizes {sizes} may be -1")
    full = x.shape[axis] if x.ndim else 1
    known = math.prod(n for n in sizes if n != -1)
    fits = known > 0 and full % known == 0 if -1 in sizes else known == full
    if not sizes or min(sizes) < -1 or not fits:
        raise ValueError(
            f"unflatten: sizes {sizes} do not multiply to the size {full} "
            f"of dim {dim}"
        )
    filled = [full // known if size == -1 else size for size in sizes]
    shape = (*x.shape[:axis], *filled, *x.shape[axis + 1 :])
    return x.reshape(shape), (x.shape,)


def unflatten_backward(grad_out: Array, cache: Cache) -> Array:
    """Give the gradient the old shape."""
    (shape,) = cache
    return grad_out.reshape(shape)


def expand_forward(x: Array, sizes: Sequence[int]) -> tuple[Array, Cache]:
    """Stretch axes of size 1, and put new ones in front.

    A size of -1 keeps what is there.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If an axis cannot be stretched to its size.
    """
    added = len(sizes) - x.ndim
    old = (-1,) * added + x.shape
    shape = [n if n != -1 else m for n, m in zip(sizes, old, strict=False)]
    pairs = zip(shape, old, strict=False)
    if added < 0 or any(n < 0 or m not in (-1, 1, n) for n, m in pairs):
        raise ValueError(
            f"expand: shape {x.shape} cannot be stretched to {tuple(sizes)}"
        )
    return np.broadcast_to(x, shape), (x,)


def expand_backward(grad_out: Array, cache: Cache) -> Array | None:
    """Add up over the places where the array was stretched."""
    (x,) = cache
    return unbroadcast(grad_out, x)
