"""Reads safetensors files, and refuses all that is none."""

import io
import json
import math
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.weights.format import (
    HEADER_LIMIT,
    METADATA,
    STORED_AS,
    SafetensorsError,
    brief,
    check_encodable,
    checked_texts,
)

type Source = str | os.PathLike[str] | bytes

_HEADER_DEPTH = 3  # {"name": {"shape": [...]}}
_MOST_AXES = 64  # NumPy's
_FIELDS = {"dtype", "shape", "data_offsets"}

_MISTAKEN_FOR = {
    b"PK\x03\x04": "a zip archive, as .npz and PyTorch's .pt files are",
    b"\x80\x02": "a pickle, which could run code",
    b"\x80\x03": "a pickle, which could run code",
    b"\x80\x04": "a pickle, which could run code",
    b"\x80\x05": "a pickle, which could run code",
    b"\x93NUMPY": "NumPy's .npy format",
    b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b\x08": "gzip; unpack it first",
    b"<!DOCTY": "a web page",
    b"<html": "a web page",
    b"version": "a Git LFS pointer; fetch the file itself",
}


@dataclass(frozen=True)
class _Entry:
    """One tensor as the header describes it."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def read_safetensors(source: Source) -> dict[str, NDArray[Any]]:
    """Reads every tensor of a safetensors file.

    The arrays are copies of their own: writable, in this machine's byte
    order, untouched when the file is rewritten later. BF16, which NumPy
    lacks, is read as float32; that loses nothing. The FP8 dtypes (F8_*)
    are refused.

    Args:
        source: The file's path, or its content as bytes.

    Returns:
        The arrays under their names, in the order of their bytes.

    Raises:
        SafetensorsError: The content is damaged or another format.
        OSError: The file cannot be opened or read.
    """
    with _opened(source) as stream:
        entries, _ = _read_header(stream)
        return {entry.name: _read_tensor(stream, entry) for entry in entries}


def read_safetensors_metadata(source: Source) -> dict[str, str]:
    """Reads the free text that stands beside the tensors.

    The whole header is checked; the tensors themselves are not read.

    Args:
        source: The file's path, or its content as bytes.

    Returns:
        The texts under their names; empty when the file has none.

    Raises:
        SafetensorsError: The content is damaged or another format.
        OSError: The file cannot be opened or read.
    """
    with _opened(source) as stream:
        return _read_header(stream)[1]


@contextmanager
def _opened(source: Source) -> Iterator[io.BufferedIOBase]:
    """Opens a source; what is refused inside is refused under its name."""
    stream: io.BufferedIOBase
    if isinstance(source, bytes):
        name, stream = "safetensors bytes", io.BytesIO(source)
    else:
        name = os.fspath(source)
        stream = Path(source).open("rb")  # noqa: SIM115  (closed below)
    with stream:
        try:
            yield stream
        except SafetensorsError as error:
            raise SafetensorsError(f"{name}: {error}") from None


def _read_header(
    stream: io.BufferedIOBase,
) -> tuple[list[_Entry], dict[str, str]]:
    """Reads and checks all that stands before the tensors' bytes."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    opening = stream.read(9)  # the header's length and its first byte
    length = int.from_bytes(opening[:8], "little")
    if size < 9 or length > HEADER_LIMIT or opening[8:] != b"{":
        _refuse_opening(opening, size, length)
    if length > size - 8:
        raise SafetensorsError(
            f"truncated: the header is {length} bytes long, and only "
            f"{size - 8} bytes follow its length"
        )
    stream.seek(8)
    header = _parse(stream.read(length))
    metadata = checked_texts(header.pop(METADATA, {}))
    entries = [_entry(name, fields) for name, fields in header.items()]
    entries.sort(key=lambda entry: (entry.start, entry.end))
    _check_places(entries, size - 8 - length)
    return entries, metadata


def _refuse_opening(opening: bytes, size: int, length: int) -> NoReturn:
    """Says what is wrong with a file's first nine bytes."""
    for mark, what in _MISTAKEN_FOR.items():
        # Two bytes alone may be a true header's length.
        telling = len(mark) > 2 or length > size - 8
        if telling and opening.startswith(mark):
            raise SafetensorsError(f"no safetensors file but {what}")
    if size < 9:
        raise SafetensorsError(
            f"truncated: {size} bytes, where 9 are the least a file can have"
        )
    if length > HEADER_LIMIT:
        raise SafetensorsError(
            f"the header claims {length} bytes, more than the "
            f"{HEADER_LIMIT} allowed; perhaps no safetensors file"
        )
    raise SafetensorsError(
        f"the header starts with {opening[8:]!r}, expected b'{{'"
    )


def _parse(raw: bytes) -> dict[str, Any]:
    """Parses the header's JSON more strictly than ``json`` does."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise SafetensorsError(
            f"the header is not UTF-8: {error.reason} at its byte {error.start}"
        ) from None
    _check_depth(text)
    try:
        header: dict[str, Any] = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
        )
    except SafetensorsError:
        raise
    except ValueError as error:  # JSONDecodeError, or a number too long
        raise SafetensorsError(f"the header is not JSON: {error}") from None
    return header


def _check_depth(text: str) -> None:
    """Refuses deep nesting, on which a parser could exhaust its stack."""
    # Strings first, so that brackets inside them are passed over; an
    # unfinished one reaches to the end. Possessive, hence linear.
    token = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
    depth = 0
    for match in token.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > _HEADER_DEPTH:
            raise SafetensorsError(
                f"the header nests deeper than {_HEADER_DEPTH} levels "
                f"at its character {match.start()}"
            )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes a JSON object's dict, which would forget repeated keys."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise SafetensorsError(f"the header has {brief(name)} twice")
        fields[name] = value
    return fields


def _refuse_constant(name: str) -> NoReturn:
    raise SafetensorsError(f"the header holds {name}, which is no JSON")


def _entry(name: str, fields: object) -> _Entry:
    """Checks what the header says of one tensor, for itself."""
    check_encodable(name)
    tensor = f"tensor {brief(name)}"
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise SafetensorsError(
            f"{tensor} must have the fields dtype, shape, data_offsets and "
            f"no other, has {brief(fields)}"
        )
    dtype = _known_dtype(tensor, fields["dtype"])
    shape = _whole_numbers(f"{tensor}: shape", fields["shape"])
    offsets = _whole_numbers(f"{tensor}: data_offsets", fields["data_offsets"])
    if len(offsets) != 2 or offsets[0] > offsets[1]:
        raise SafetensorsError(
            f"{tensor}: data_offsets is {brief(list(offsets))}, expected a "
            "start and an end not before it"
        )
    itemsize = np.dtype(STORED_AS[dtype]).itemsize
    # NumPy's own bound; it counts a size of 0 as 1.
    if math.prod(size or 1 for size in shape) * itemsize > sys.maxsize:
        raise SafetensorsError(
            f"{tensor}: the shape {brief(list(shape))} is more than this "
            "machine can address"
        )
    start, end = offsets
    if end - start != math.prod(shape) * itemsize:
        raise SafetensorsError(
            f"{tensor}: data_offsets span {end - start} bytes, but {dtype} "
            f"of shape {brief(list(shape))} takes "
            f"{math.prod(shape) * itemsize}"
        )
    return _Entry(name, dtype, shape, start, end)


def _known_dtype(tensor: str, dtype: object) -> str:
    """Checks a dtype's name."""
    if isinstance(dtype, str) and dtype in STORED_AS:
        return dtype
    why = "is none of"
    if isinstance(dtype, str) and dtype.startswith("F8_"):
        why = "is an 8-bit float, which NumPy lacks; it reads"
    raise SafetensorsError(
        f"{tensor}: the dtype {brief(dtype)} {why} {', '.join(STORED_AS)}"
    )


def _whole_numbers(what: str, numbers: object) -> tuple[int, ...]:
    """Checks a list of sizes or offsets; True and 1.0 are none."""
    if (
        not isinstance(numbers, list)
        or len(numbers) > _MOST_AXES
        or any(type(n) is not int or not 0 <= n < 2**63 for n in numbers)
    ):
        raise SafetensorsError(
            f"{what} is {brief(numbers)}, expected a list of at most "
            f"{_MOST_AXES} whole numbers from 0 to 2**63 - 1"
        )
    return tuple(numbers)


def _check_places(entries: list[_Entry], size: int) -> None:
    """Checks that the tensors fill the file: no gap, overlap or rest."""
    position = 0
    for entry in entries:
        if entry.start != position:
            kind = "overlaps" if entry.start < position else "leaves a gap to"
            raise SafetensorsError(
                f"tensor {brief(entry.name)} starts at byte {entry.start} "
                f"and {kind} the tensor before, which ends at {position}"
            )
        position = entry.end
    if position > size:
        raise SafetensorsError(
            f"truncated: the tensors take {position} bytes, and {size} "
            "follow the header"
        )
    if position < size:
        raise SafetensorsError(
            f"{size - position} bytes follow the last tensor"
        )


def _read_tensor(stream: io.BufferedIOBase, entry: _Entry) -> NDArray[Any]:
    """Reads the next tensor of the stream into an array of its own."""
    raw = np.empty(entry.end - entry.start, np.uint8)
    if raw.size and stream.readinto(raw.data) != raw.size:
        raise SafetensorsError("the file shrank while it was read")
    if entry.dtype == "BOOL" and raw.size and raw.max() > 1:
        raise SafetensorsError(
            f"tensor {brief(entry.name)} is BOOL and holds the byte "
            f"{raw.max()}, expected 0 or 1"
        )
    stored = raw.view(STORED_AS[entry.dtype])
    if entry.dtype == "BF16":  # the upper half of a float32
        stored = (stored.astype(np.uint32) << 16).view(np.float32)
    native = stored.dtype.newbyteorder("=")
    return stored.astype(native, copy=False).reshape(entry.shape)
