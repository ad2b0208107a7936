"""State of widgets as JSON and buffers, and back.

JSON has no arrays of numbers worth the name: each array travels as the bytes
it has in memory, and in the JSON stands which buffer it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, prod
from typing import Any, TypeGuard

import numpy as np

from tutorial_kernels.page.values import as_array

MARK = "array"  # {"array": 0, "dtype": "float32", "shape": [2, 3]}

# What JavaScript has typed arrays for.
DTYPES = frozenset(
    (
        "int8", "int16", "int32", "uint8", "uint16", "uint32",
        "float32", "float64",
    )
)  # fmt: skip

type Array = np.ndarray[Any, np.dtype[Any]]


def packed(value: object, buffers: list[bytes]) -> Any:
    """A value as JSON; its arrays are appended to ``buffers``.

    A number that is not finite becomes None, as JSON has no word for it.

    Raises:
        TypeError: A part is neither JSON nor an array of numbers.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float | np.generic):
        return _number(value)
    if isinstance(value, Mapping):
        return {str(key): packed(v, buffers) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [packed(v, buffers) for v in value]
    array = portable(as_array(value))
    buffers.append(array.tobytes())
    return {
        MARK: len(buffers) - 1,
        "dtype": array.dtype.name,
        "shape": list(array.shape),
    }


def unpacked(value: object, buffers: Sequence[bytes]) -> Any:
    """What ``packed`` was given, arrays as NumPy arrays.

    Raises:
        ValueError: An array names a buffer, a dtype or a shape that is wrong.
    """
    if isinstance(value, list):
        return [unpacked(v, buffers) for v in value]
    if not isinstance(value, dict):
        return value
    if MARK in value:
        return _array_of(value, buffers)
    return {key: unpacked(v, buffers) for key, v in value.items()}


def portable(array: Array) -> Array:
    """An array in a dtype that the page can read.

    Raises:
        TypeError: It does not hold numbers.
    """
    kind = array.dtype.kind
    if kind == "b":
        return array.astype(np.uint8)
    if kind not in "iuf":
        raise TypeError(
            f"packed: expected JSON or an array of numbers, got {array.dtype}"
        )
    if array.dtype.name in DTYPES:
        return array
    return array.astype(np.float32 if array.dtype.itemsize < 4 else np.float64)


def _number(value: Any) -> int | float | bool | None:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not isfinite(plain):
        return None
    if not isinstance(plain, bool | int | float):
        kind = type(plain).__name__
        raise TypeError(f"packed: expected JSON or an array, got {kind}")
    return plain


def _array_of(value: Mapping[str, Any], buffers: Sequence[bytes]) -> Array:
    place, dtype, shape = value[MARK], value.get("dtype"), value.get("shape")
    if not isinstance(place, int) or not 0 <= place < len(buffers):
        raise ValueError(f"unpacked: there is no buffer {place!r}")
    if dtype not in DTYPES or not _is_shape(shape):
        raise ValueError(f"unpacked: no array is {dtype!r} of shape {shape!r}")
    data = np.frombuffer(buffers[place], dtype=dtype)
    if data.size != prod(shape):
        raise ValueError(
            f"unpacked: {data.size} numbers do not have the shape {shape}"
        )
    return data.reshape(shape).copy()


def _is_shape(shape: object) -> TypeGuard[list[int]]:
    return isinstance(shape, list) and all(
        type(size) is int and size >= 0 for size in shape
    )
