"""Broadcasting: how two operands get one shape and one dtype.

NumPy stretches a smaller array over a larger one; going back, the gradient is
summed over the places where it was stretched. `unbroadcast` is that sum, and
the only place that knows about it.
"""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array, is_floating, widen

type Operand = Array | float

_KINDS = {"b": 0, "u": 1, "i": 1, "f": 2}
_PLAIN: dict[type, Any] = {bool: np.bool_, int: np.int64, float: np.float32}


def unbroadcast(gradient: Array, like: Operand) -> Array | None:
    """Sum `gradient` down to the shape of `like`, the array before stretching.

    Plain numbers and integer arrays have no gradient: `None`.
    """
    if not is_floating(like):
        return None
    like = np.asarray(like)
    added = gradient.ndim - like.ndim
    stretched = tuple(
        axis + added
        for axis, size in enumerate(like.shape)
        if size == 1 and gradient.shape[axis + added] != 1
    )
    if added or stretched:  # a sum over no axes would be a copy
        gradient = widen(gradient).sum(axis=(*range(added), *stretched))
    return gradient.reshape(like.shape).astype(like.dtype, copy=False)


def promote(
    operation: str, x: Operand, y: Operand, floating: bool = False
) -> tuple[Any, Any]:
    """Give both operands the dtype torch would choose.

    Floating beats integer beats bool, whatever their sizes; among equals, an
    array with axes beats one without, and that a plain number. NumPy alone
    would make float64 of float32 with int64. `floating` is for operations
    whose result is no integer.
    """
    dtype = common_dtype(x, y)
    if floating and dtype.kind != "f":
        dtype = np.dtype(np.float32)
    x, y = (
        operand.astype(dtype, copy=False)
        if isinstance(operand, np.ndarray | np.generic)
        else operand  # NumPy lets a plain number follow the array
        for operand in (x, y)
    )
    check_broadcast(operation, np.shape(x), np.shape(y))
    return x, y


def common_dtype(*operands: Operand) -> np.dtype[Any]:
    """The dtype of the strongest; among equals, one that holds them all."""
    ranks = [_rank(operand) for operand in operands]
    strongest = max(rank for rank, _ in ranks)
    return np.result_type(
        *(dtype for rank, dtype in ranks if rank == strongest)
    )


def _rank(operand: Operand) -> tuple[tuple[int, int], np.dtype[Any]]:
    """How strong an operand's dtype is: by its kind, then by its form."""
    if isinstance(operand, np.ndarray):
        dtype, form = operand.dtype, 2 if operand.ndim else 1
    elif isinstance(operand, np.generic):
        dtype, form = operand.dtype, 0
    elif type(operand) in _PLAIN:
        dtype, form = np.dtype(_PLAIN[type(operand)]), 0
    else:
        raise TypeError(
            "expected a tensor, an array or a number, "
            f"got {type(operand).__name__}"
        )
    if dtype.kind not in _KINDS:
        raise TypeError(f"expected real numbers, got {dtype}")
    return (_KINDS[dtype.kind], form), dtype


def check_broadcast(
    operation: str, shape_x: tuple[int, ...], shape_y: tuple[int, ...]
) -> None:
    """Refuse two shapes that cannot be stretched over each other."""
    for size_x, size_y in zip(shape_x[::-1], shape_y[::-1], strict=False):
        if size_x != size_y and size_x != 1 and size_y != 1:
            raise ValueError(
                f"{operation}: shapes {shape_x} and {shape_y} "
                "cannot be broadcast together"
            )
