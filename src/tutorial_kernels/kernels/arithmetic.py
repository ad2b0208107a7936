"""Arithmetic with broadcasting: what the tape needs for `+ - * / ** @`."""

import math
from typing import Any

import numpy as np

from tutorial_kernels.kernels.broadcasting import (
    Operand,
    check_broadcast,
    promote,
    unbroadcast,
)
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    as_floating,
    check_dtypes,
    check_floating,
    check_numbers,
    is_floating,
    quiet,
    widen,
)
from tutorial_kernels.kernels.reductions import (
    Dim,
    reduced_axes,
    spread_over,
)


def add_forward(x: Operand, y: Operand) -> tuple[Array, Cache]:
    """Add two arrays: `out = x + y`.

    Shapes:
        x: (...)
        y: (...)
        out: (...)
    """
    x_, y_ = promote("add", x, y)
    return x_ + y_, (x, y)


def add_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """Pass the gradient to both sides."""
    x, y = cache
    return unbroadcast(grad_out, x), unbroadcast(grad_out, y)


def subtract_forward(x: Operand, y: Operand) -> tuple[Array, Cache]:
    """Subtract one array from another: `out = x - y`.

    Shapes:
        x: (...)
        y: (...)
        out: (...)

    Raises:
        TypeError: If one of them holds truth values.
    """
    x_, y_ = promote("subtract", x, y)
    for operand in (x, y):
        check_numbers("subtract", np.asarray(operand))
    return x_ - y_, (x, y)


def subtract_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """Pass the gradient to `x`, and its negative to `y`."""
    x, y = cache
    return unbroadcast(grad_out, x), unbroadcast(-grad_out, y)


def multiply_forward(x: Operand, y: Operand) -> tuple[Array, Cache]:
    """Multiply two arrays element by element: `out = x * y`.

    Shapes:
        x: (...)
        y: (...)
        out: (...)
    """
    x_, y_ = promote("multiply", x, y)
    return x_ * y_, (x, y)


def multiply_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """Each side gets the gradient times the other side."""
    x, y = cache
    x_, y_ = promote("multiply", x, y)
    grad = widen(grad_out)
    return unbroadcast(grad * y_, x), unbroadcast(grad * x_, y)


@quiet
def divide_forward(x: Operand, y: Operand) -> tuple[Array, Cache]:
    """Divide one array by another: `out = x / y`.

    Shapes:
        x: (...)
        y: (...)
        out: (...)
    """
    x_, y_ = promote("divide", x, y, floating=True)
    return np.true_divide(x_, y_), (x, y)


@quiet
def divide_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """The quotient rule: `grad_x = grad / y`, `grad_y = -grad * x / y**2`."""
    x, y = cache
    x_, y_ = promote("divide", x, y, floating=True)
    grad_x = widen(grad_out) / y_
    grad_y = -grad_x * (x_ / y_)
    return unbroadcast(grad_x, x), unbroadcast(grad_y, y)


def negative_forward(x: Array) -> tuple[Array, Cache]:
    """Change the sign: `out = -x`.

    Shapes:
        x: (...)
        out: (...)

    Raises:
        TypeError: If `x` holds truth values.
    """
    check_numbers("negative", x)
    return -x, ()


def negative_backward(grad_out: Array, cache: Cache) -> Array:
    """Change the sign of the gradient."""
    return -grad_out


@quiet
def power_forward(x: Operand, exponent: Operand) -> tuple[Array, Cache]:
    """Raise to a power: `out = x ** exponent`.

    Of integers, what is left of a negative power is the whole part.

    Shapes:
        x: (...)
        exponent: (...)
        out: (...)

    Raises:
        ValueError: If integers are raised to a negative number.
        TypeError: If both hold truth values.
    """
    x_, exponent_ = promote("power", x, exponent)
    if np.result_type(x_, exponent_).kind == "f":
        out = np.power(x_, exponent_)
    else:
        out = _power_of_integers(x_, exponent_)
    return out, (x, exponent, out)


@quiet
def power_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """The power rule, for the base and for the exponent.

    `grad_x = grad * exponent * x ** (exponent - 1)`, and
    `grad_exponent = grad * out * log(x)`, which is 0 where x is 0.
    """
    x, exponent, out = cache
    x_, exponent_ = promote("power", x, exponent)
    grad_x = grad_exponent = None
    if is_floating(x):
        slope = exponent_ * np.power(x_, exponent_ - 1)
        slope = np.where(exponent_ == 0, 0, slope)
        grad_x = unbroadcast(grad_out * slope, x)
    if is_floating(exponent):
        vanishes = (x_ == 0) & (exponent_ >= 0)
        slope = np.where(vanishes, 0, out * np.log(x_))
        grad_exponent = unbroadcast(
            grad_out * slope.astype(out.dtype, copy=False), exponent
        )
    return grad_x, grad_exponent


def matmul_forward(x: Array, y: Array) -> tuple[Array, Cache]:
    """Multiply matrices: `out = x @ y`, over any leading axes.

    As everywhere, a vector on the left is a row, one on the right a column.

    Shapes:
        x: (..., rows, inner)
        y: (..., inner, columns)
        out: (..., rows, columns)

    Raises:
        ValueError: If an operand is 0-d or the inner sizes differ.
    """
    for name, operand in (("x", x), ("y", y)):
        if np.ndim(operand) == 0:
            raise ValueError(f"matmul: {name} needs at least one dimension")
    inner = y.shape[-2] if y.ndim > 1 else y.shape[0]
    if x.shape[-1] != inner:
        raise ValueError(
            f"matmul: x of shape {x.shape} ends in {x.shape[-1]}, "
            f"y of shape {y.shape} expects {inner}"
        )
    check_dtypes("matmul", x=x, y=y)
    check_numbers("matmul", x)
    if x.ndim > 2 and y.ndim > 2:
        check_broadcast("matmul", x.shape[:-2], y.shape[:-2])
    return x @ y, (x, y)


def matmul_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, Array | None]:
    """Multiply by the other side, transposed.

    `grad_x = grad @ y.T` and `grad_y = x.T @ grad`, where `.T` swaps the last
    two axes.
    """
    x, y = cache
    rows = x if x.ndim > 1 else x[np.newaxis, :]
    columns = y if y.ndim > 1 else y[:, np.newaxis]
    if x.ndim == 1:
        grad_out = np.expand_dims(grad_out, -1 if y.ndim == 1 else -2)
    if y.ndim == 1:
        grad_out = np.expand_dims(grad_out, -1)
    grad_x: Any = unbroadcast(grad_out @ columns.swapaxes(-1, -2), rows)
    grad_y: Any = unbroadcast(rows.swapaxes(-1, -2) @ grad_out, columns)
    return grad_x.reshape(x.shape), grad_y.reshape(y.shape)


@quiet
def exp_forward(x: Array) -> tuple[Array, Cache]:
    """The exponential: `out = e ** x`.

    Shapes:
        x: (...)
        out: (...)
    """
    out = np.exp(as_floating(x))
    return out, (out,)


def exp_backward(grad_out: Array, cache: Cache) -> Array:
    """The exponential is its own derivative: `grad_x = grad * out`."""
    (out,) = cache
    grad_x: Array = grad_out * out
    return grad_x


@quiet
def log_forward(x: Array) -> tuple[Array, Cache]:
    """The natural logarithm; -inf at 0 and nan below, as in torch.

    Shapes:
        x: (...)
        out: (...)
    """
    return np.log(as_floating(x)), (x,)


@quiet
def log_backward(grad_out: Array, cache: Cache) -> Array:
    """Divide by the input: `grad_x = grad / x`."""
    (x,) = cache
    grad_x: Array = grad_out / x
    return grad_x


@quiet
def sqrt_forward(x: Array) -> tuple[Array, Cache]:
    """The square root; nan below 0, as in torch.

    Shapes:
        x: (...)
        out: (...)
    """
    out = np.sqrt(as_floating(x))
    return out, (out,)


@quiet
def sqrt_backward(grad_out: Array, cache: Cache) -> Array:
    """`grad_x = grad / (2 * sqrt(x))`, infinite at 0."""
    (out,) = cache
    grad_x: Array = grad_out / (2 * out)
    return grad_x


def sum_forward(
    x: Array, dim: Dim = None, keepdim: bool = False
) -> tuple[Array, Cache]:
    """Add up all elements, or those along `dim`.

    Shapes:
        x: (...)
        out: any
    """
    axes = reduced_axes("sum", dim, x.ndim)
    dtype = x.dtype if is_floating(x) else np.int64
    total = widen(x).sum(axis=axes, keepdims=keepdim)
    return total.astype(dtype, copy=False), (x, axes)


def sum_backward(grad_out: Array, cache: Cache) -> Array | None:
    """Every element that was added gets the gradient of its sum."""
    x, axes = cache
    return spread_over(grad_out, x, axes)


@quiet
def mean_forward(
    x: Array, dim: Dim = None, keepdim: bool = False
) -> tuple[Array, Cache]:
    """Average all elements, or those along `dim`; nan when there are none.

    Shapes:
        x: (...)
        out: any

    Raises:
        TypeError: If `x` holds integers, whose mean is no integer.
    """
    check_floating("mean", x)
    axes = reduced_axes("mean", dim, x.ndim)
    count = math.prod(x.shape[axis] for axis in axes)
    total = widen(x).sum(axis=axes, keepdims=keepdim)
    out = np.true_divide(total, count).astype(x.dtype)
    return out, (x, axes, count)


def mean_backward(grad_out: Array, cache: Cache) -> Array | None:
    """Every element gets an equal share of the gradient of its mean."""
    x, axes, count = cache
    return spread_over(np.true_divide(grad_out, max(count, 1)), x, axes)


def _power_of_integers(x: Any, exponent: Any) -> Array:
    """Only 1 and -1 have a negative power that is a whole number."""
    check_numbers("power", np.asarray(x * exponent))
    below = np.less(exponent, 0)
    if not below.any():
        return np.asarray(np.power(x, exponent))
    if not isinstance(exponent, np.ndarray):
        raise ValueError(
            f"power: integers have no whole power of {exponent}, "
            "a negative exponent needs floating point"
        )
    power = np.power(x, np.abs(exponent))
    return np.where(below & (np.abs(x) != 1), 0, power).astype(power.dtype)
