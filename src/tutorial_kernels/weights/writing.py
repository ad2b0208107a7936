"""Writes safetensors files, whole or not at all."""

import itertools
import json
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.durable import write_whole
from tutorial_kernels.weights.format import (
    HEADER_LIMIT,
    LAYOUT,
    METADATA,
    WRITTEN_AS,
    SafetensorsError,
    brief,
    check_encodable,
    checked_texts,
)


def write_safetensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, NDArray[Any]],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Writes arrays as a safetensors file, whole or not at all.

    The same tensors give the same bytes on every machine: they lie in the
    reference writer's order (wide dtypes first, then by name), the texts
    of ``metadata`` by name. The file is written aside and renamed, so that
    no reader and no crash ever meets half of it.

    Args:
        path: The file to write or replace.
        tensors: NumPy arrays of booleans, integers or floats under their
            names; any memory order and byte order, 0-d and empty too.
        metadata: Free texts to keep beside the tensors.

    Raises:
        TypeError: ``tensors`` is no dict.
        SafetensorsError: A name, dtype or text that the format cannot hold.
        OSError: The file cannot be written; the old one stays as it was.
    """
    if not isinstance(tensors, Mapping):
        raise TypeError(
            "write_safetensors: tensors must be a dict of arrays, such as "
            f"model.state_dict(), got a {type(tensors).__name__}"
        )
    arrays = {name: _checked(name, tensors[name]) for name in tensors}
    names = sorted(
        arrays, key=lambda name: (LAYOUT.index(_dtype_of(arrays[name])), name)
    )
    header = _header_bytes(
        {name: arrays[name] for name in names},
        None if metadata is None else checked_texts(metadata),
    )
    # A generator: one tensor at a time is copied, in C order, 0-d as 0-d.
    bodies = (
        arrays[name].astype(_little(arrays[name].dtype), copy=False).tobytes()
        for name in names
    )
    write_whole(path, itertools.chain([header], bodies))


def _checked(name: str, array: object) -> NDArray[Any]:
    """Checks that a tensor can be written under its name."""
    if not isinstance(name, str) or name == METADATA:
        raise SafetensorsError(
            f"a tensor's name is {brief(name)}, expected a string other "
            f"than {METADATA!r}"
        )
    check_encodable(name)
    if isinstance(array, np.ma.MaskedArray) or not isinstance(
        array, np.ndarray | np.generic
    ):
        raise SafetensorsError(
            f"tensor {brief(name)} is a {type(array).__name__}, expected a "
            "NumPy array"
        )
    if _little(array.dtype).str not in WRITTEN_AS:
        raise SafetensorsError(
            f"tensor {brief(name)} has the dtype {array.dtype}, expected "
            "booleans, integers or floats of 16 to 64 bits"
        )
    return np.asarray(array)


def _header_bytes(
    arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, str] | None
) -> bytes:
    """Makes the header, its length before it, padded to 8 bytes."""
    header: dict[str, object] = {} if texts is None else {METADATA: texts}
    start = 0
    for name, array in arrays.items():
        end = start + array.nbytes
        header[name] = {
            "dtype": _dtype_of(array),
            "shape": array.shape,
            "data_offsets": [start, end],
        }
        start = end
    raw = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)  # the tensors start aligned
    if len(raw) > HEADER_LIMIT:
        raise SafetensorsError(
            f"names and metadata make a header of {len(raw)} bytes, more "
            f"than the {HEADER_LIMIT} that readers allow"
        )
    return len(raw).to_bytes(8, "little") + raw


def _dtype_of(array: NDArray[Any]) -> str:
    return WRITTEN_AS[_little(array.dtype).str]


def _little(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype.newbyteorder("<")
