"""Masking: elements are put in the place of others where a mask says so."""

import numpy as np

from tutorial_kernels.kernels.broadcasting import (
    Operand,
    check_broadcast,
    promote,
    unbroadcast,
)
from tutorial_kernels.kernels.contract import Array, Cache


def masked_fill_forward(
    x: Array, mask: Array, value: Operand
) -> tuple[Array, Cache]:
    """Put one number wherever the mask is True.

    `scores.masked_fill(hidden, float("-inf"))` hides scores from a softmax.

    Args:
        x: The array.
        mask: True where the number goes; stretched over `x`.
        value: The number, or an array without axes.

    Shapes:
        x: (...)
        mask: (...)
        value: ()
        out: (...)

    Raises:
        ValueError: If the shapes do not fit, or `value` has axes.
        TypeError: If the mask is not boolean, or `x` holds integers and
            `value` is none.
    """
    _check_boolean("masked_fill", "mask", mask)
    check_broadcast("masked_fill", x.shape, mask.shape)
    if np.ndim(value) != 0:
        raise ValueError(
            "masked_fill: value must be a single number, "
            f"got shape {np.shape(value)}"
        )
    fill = np.asarray(value)
    if x.dtype.kind != "f" and fill.dtype.kind == "f":
        raise TypeError(
            f"masked_fill: x holds {x.dtype}, value is floating point"
        )
    out = np.where(mask, fill.astype(x.dtype), x)
    return out, (x, mask, value)


def masked_fill_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, None, Array | None]:
    """The gradient passes where the old elements stayed."""
    x, mask, value = cache
    grad_x = unbroadcast(np.where(mask, 0, grad_out), x)
    grad_value = unbroadcast(np.where(mask, grad_out, 0), value)
    return grad_x, None, grad_value


def where_forward(
    condition: Array, x: Operand, y: Operand
) -> tuple[Array, Cache]:
    """Take from `x` where the condition holds, and from `y` elsewhere.

    Shapes:
        condition: (...)
        x: (...)
        y: (...)
        out: (...)

    Raises:
        ValueError: If the shapes do not fit.
        TypeError: If the condition is not boolean.
    """
    _check_boolean("where", "condition", condition)
    x_, y_ = promote("where", x, y)
    both = np.broadcast_shapes(np.shape(x), np.shape(y))
    check_broadcast("where", condition.shape, both)
    return np.where(condition, x_, y_), (condition, x, y)


def where_backward(
    grad_out: Array, cache: Cache
) -> tuple[None, Array | None, Array | None]:
    """Each side gets the gradient of the elements that came from it."""
    condition, x, y = cache
    grad_x = unbroadcast(np.where(condition, grad_out, 0), x)
    grad_y = unbroadcast(np.where(condition, 0, grad_out), y)
    return None, grad_x, grad_y


def _check_boolean(operation: str, name: str, mask: Array) -> None:
    if not isinstance(mask, np.ndarray | np.bool_) or mask.dtype != bool:
        kind = getattr(mask, "dtype", type(mask).__name__)
        raise TypeError(
            f"{operation}: {name} must be a boolean array, got {kind}"
        )
