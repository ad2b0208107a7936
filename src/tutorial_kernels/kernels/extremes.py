"""Extremes: the largest and the smallest of many numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dim,
    is_floating,
    quiet,
)
from tutorial_kernels.kernels.reductions import (
    Dim,
    reduced_axes,
    spread_over,
)


def max_forward(
    x: Array, dim: int | None = None, keepdim: bool = False
) -> tuple[Any, Cache]:
    """The largest element of all, or those along `dim` and their places.

    Without a `dim` there is one output, with a `dim` there are two: the
    values and their indices, the first of equals. nan counts as largest.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such `dim` or nothing to choose from.
    """
    return _extreme("max", np.argmax, x, dim, keepdim)


@quiet
def max_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The gradient goes to the element that was chosen.

    Without a `dim`, equals share it.
    """
    return _to_the_chosen(grad_out, cache)


def min_forward(
    x: Array, dim: int | None = None, keepdim: bool = False
) -> tuple[Any, Cache]:
    """The smallest element of all, or those along `dim` and their places.

    Without a `dim` there is one output, with a `dim` there are two: the
    values and their indices, the first of equals. nan counts as smallest.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such `dim` or nothing to choose from.
    """
    return _extreme("min", np.argmin, x, dim, keepdim)


@quiet
def min_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The gradient goes to the element that was chosen.

    Without a `dim`, equals share it.
    """
    return _to_the_chosen(grad_out, cache)


def amax_forward(
    x: Array, dim: Dim = None, keepdim: bool = False
) -> tuple[Array, Cache]:
    """The largest element of all, or those along one `dim` or several.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such `dim` or nothing to choose from.
    """
    return _extreme_over("amax", np.max, x, dim, keepdim)


@quiet
def amax_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The largest get the gradient: equals share it."""
    return _to_the_equal(grad_out, cache)


def amin_forward(
    x: Array, dim: Dim = None, keepdim: bool = False
) -> tuple[Array, Cache]:
    """The smallest element of all, or those along one `dim` or several.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If `x` has no such `dim` or nothing to choose from.
    """
    return _extreme_over("amin", np.min, x, dim, keepdim)


@quiet
def amin_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The smallest get the gradient: equals share it."""
    return _to_the_equal(grad_out, cache)


def _extreme_over(
    operation: str,
    choose: Callable[..., Any],
    x: Array,
    dim: Dim,
    keepdim: bool,
) -> tuple[Array, Cache]:
    axes = reduced_axes(operation, dim, x.ndim)
    if any(x.shape[axis] == 0 for axis in axes):
        raise _nothing_to_choose_from(operation, x)
    out = choose(x, axis=axes, keepdims=True)
    cache = (x, out, axes)
    return np.asarray(out if keepdim else out.squeeze(axes)), cache


def _to_the_equal(grad_out: Array, cache: Cache) -> Array | None:
    x, out, axes = cache
    if not is_floating(x):
        return None
    equal = x == out  # nan equals nothing: then 0 / 0, and nan goes on
    share = equal / equal.sum(axis=axes, keepdims=True)
    grad_x: Array = spread_over(grad_out, x, axes) * share
    return grad_x.astype(x.dtype, copy=False)


def _extreme(
    operation: str,
    choose: Callable[..., Array],
    x: Array,
    dim: int | None,
    keepdim: bool,
) -> tuple[Any, Cache]:
    size = x.size if dim is None else _size(operation, x, dim)
    if size == 0:
        raise _nothing_to_choose_from(operation, x)
    if dim is None:
        out = x.reshape(-1)[choose(x)]
        return out, (x, None, out)
    if x.ndim == 0:
        return (x, np.zeros((), np.int64)), (x, (), None)
    places = np.expand_dims(choose(x, axis=dim), dim)
    values, cache = np.take_along_axis(x, places, dim), (x, dim, places)
    if keepdim:
        return (values, places), cache
    return (values.squeeze(dim), places.squeeze(dim)), cache


def _nothing_to_choose_from(operation: str, x: Array) -> ValueError:
    return ValueError(
        f"{operation}: there is nothing to choose from in an array of "
        f"shape {x.shape}"
    )


def _size(operation: str, x: Array, dim: int) -> int:
    axis = check_dim(operation, dim, x.ndim)
    return x.shape[axis] if x.ndim else 1


def _to_the_chosen(grad_out: Array, cache: Cache) -> Array | None:
    x, dim, chosen = cache
    if not is_floating(x):
        return None
    if dim is None:
        equal = np.isnan(x) if np.isnan(chosen) else x == chosen
        share = np.asarray(grad_out / equal.sum(), x.dtype)
        return np.where(equal, share, x.dtype.type(0))
    if x.ndim == 0:
        return np.reshape(grad_out, ())
    grad_x: Array = np.zeros_like(x)
    grad_out = np.reshape(grad_out, chosen.shape)
    np.put_along_axis(grad_x, chosen, grad_out, dim)
    return grad_x
