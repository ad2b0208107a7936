"""Indexing: the elements that are named between brackets."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dim,
    is_floating,
)

type Key = tuple[Any, ...]


def index_forward(x: Array, key: Any) -> tuple[Array, Cache]:
    """Take out `x[key]`.

    The key is an integer, a slice, `None` for a new axis, `...`, an array of
    integers or of truth values, or a tuple of these.

    Shapes:
        x: (...)
        out: any

    Raises:
        IndexError: If `x` has no such elements.
        ValueError: If a slice goes backwards, which torch does not know.
    """
    plain, arrays = _split(key)
    try:
        out = x[plain]
        out = out[arrays] if arrays else out
    except IndexError as error:
        raise IndexError(f"index: {error}; x has shape {x.shape}") from None
    return np.asarray(out), (x, plain, arrays)


def index_backward(grad_out: Array, cache: Cache) -> Array | None:
    """The gradient goes back to its place, added up where one came twice."""
    x, plain, arrays = cache
    if not is_floating(x):
        return None
    grad_x: Array = np.zeros_like(x)
    if arrays:
        np.add.at(grad_x[plain], arrays, grad_out)
    else:
        grad_x[plain] = grad_out
    return grad_x


def chunk_keys(shape: tuple[int, ...], chunks: int, dim: int) -> list[Key]:
    """The keys that cut an array along `dim` into parts of one size.

    The last part may be smaller, and there may be fewer than asked for.
    """
    axis = check_dim("chunk", dim, len(shape))
    if chunks < 1 or not shape:
        raise ValueError(
            "chunk: needs an axis to cut and at least one part, got shape "
            f"{shape} and {chunks} parts"
        )
    length = -(-shape[axis] // chunks)
    starts = range(0, shape[axis], length) if length else [0] * chunks
    before = (slice(None),) * axis
    return [(*before, slice(start, start + length)) for start in starts]


def split_keys(
    shape: tuple[int, ...], split_size: int | Sequence[int], dim: int
) -> list[Key]:
    """The keys that cut an array along `dim` into parts of given sizes.

    One size is that of every part but the last, which may be smaller.
    """
    axis = check_dim("split", dim, len(shape))
    full = shape[axis] if shape else -1
    if isinstance(split_size, int):
        size = split_size
        fits = size > 0 or size == full == 0
        starts = range(0, full, size) if size > 0 and full > 0 else [0]
        sizes = [min(size, full - start) for start in starts]
    else:
        sizes = list(split_size)
        fits = sum(sizes) == full and min(sizes, default=0) >= 0
    if not shape or not fits:
        raise ValueError(
            f"split: {split_size} is no way to cut dim {dim} of shape {shape}"
        )
    ends = list(itertools.accumulate(sizes))
    before = (slice(None),) * axis
    return [
        (*before, slice(end - size, end))
        for size, end in zip(sizes, ends, strict=True)
    ]


def _split(key: Any) -> tuple[Key, Key]:
    """One key of integers and slices, and one of arrays for what is left.

    NumPy would count an integer beside an array as an array, too, and put
    the axes in another order than torch.
    """
    plain: list[Any] = []
    arrays: list[Any] = []
    found = False
    for part in key if isinstance(key, tuple) else (key,):
        if isinstance(part, list | np.ndarray):
            array = np.asarray(part, dtype=None if np.size(part) else np.int64)
            taken = array.ndim if array.dtype == np.bool_ else 1
            plain += [slice(None)] * taken
            arrays.append(array)
            found = True
            continue
        if isinstance(part, slice) and (part.step or 1) < 0:
            raise ValueError(
                f"index: a slice must go forward, got a step of {part.step}"
            )
        plain.append(part)
        if part is Ellipsis:
            arrays.append(part)
        elif part is None or isinstance(part, slice):
            arrays.append(slice(None))
    return tuple(plain), tuple(arrays) if found else ()
