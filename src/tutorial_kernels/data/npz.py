"""Reads .npz archives from strangers: no pickles, no decompression bombs.

``numpy.load`` takes whatever memory an archive asks for, 600 MB for a file
of 0.6 MB, and hands members that are no arrays through as bytes. Here the
sizes are added up before anything is decompressed, and a member is an
array of plain numbers or an error.
"""

import io
import math
import re
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.errors import DataFileError

_LIMIT = 64 * 2**20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_MAGIC = b"\x93NUMPY"
# The header as NumPy writes it; matching it whole needs no evaluation.
_HEADER = re.compile(
    rb"\{'descr': '([<>|](?:b1|[iu][1248]|f[248]))', "
    rb"'fortran_order': (True|False), "
    rb"'shape': \((|\d{1,18},|\d{1,18}(?:, \d{1,18}){1,63})\), \} *\n"
)


def read_npz(content: bytes, limit: int = _LIMIT) -> dict[str, NDArray[Any]]:
    """Reads the arrays of an .npz archive.

    Args:
        content: The archive.
        limit: How many bytes all members may have together, unpacked.

    Returns:
        The arrays under their names: copies, in this machine's byte order.

    Raises:
        DataFileError: The archive is damaged, larger than ``limit``, or
            holds anything but plain arrays of booleans, integers, floats.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, limit)
            return {
                member.filename.removesuffix(".npy"): _read_npy(
                    member.filename, _unpack(archive, member)
                )
                for member in members
            }
    except DataFileError:
        raise
    # What zipfile raises for damage: of its own, or out of a wrong field.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ) as error:
        raise DataFileError(f"npz: a damaged archive ({error})") from None


def _check_members(members: list[zipfile.ZipInfo], limit: int) -> None:
    """Checks all that the archive's directory says, before unpacking."""
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if not name.endswith(".npy") or name in seen:
            raise DataFileError(
                f"npz: the member {name!r} is no array or there twice"
            )
        if (
            member.compress_type not in _METHODS
            or member.flag_bits & _ENCRYPTED
        ):
            raise DataFileError(
                f"npz: {name!r} is encrypted or packed by the method "
                f"{member.compress_type}, expected stored or deflated"
            )
        seen.add(name)
    total = sum(member.file_size for member in members)
    if total > limit:
        raise DataFileError(
            f"npz: the members unpack to {total} bytes, more than the "
            f"{limit} allowed"
        )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpacks a member, no further than to the size it was given."""
    with archive.open(member) as stream:
        # Without a number, read() would unpack all there is, then cut.
        return stream.read(member.file_size + 1)


def _read_npy(name: str, raw: bytes) -> NDArray[Any]:
    """Makes the array out of one unpacked member."""
    width = {b"\x01\x00": 2, b"\x02\x00": 4}.get(raw[6:8])
    if raw[:6] != _MAGIC or width is None:
        raise DataFileError(f"npz: {name!r} is no .npy array of version 1 or 2")
    start = 8 + width
    end = start + int.from_bytes(raw[8:start], "little")
    header = _HEADER.fullmatch(raw, start, end)
    if header is None:
        raise DataFileError(
            f"npz: {name!r} must hold a plain array of booleans, integers "
            f"or floats, its header is {raw[start : min(end, start + 80)]!r}"
        )
    dtype = np.dtype(header[1].decode())
    shape = tuple(int(size) for size in re.findall(rb"\d+", header[3]))
    if math.prod(shape) * dtype.itemsize != len(raw) - end:
        raise DataFileError(
            f"npz: {name!r} has {len(raw) - end} bytes, but {dtype} of shape "
            f"{shape} takes {math.prod(shape) * dtype.itemsize}"
        )
    flat = np.frombuffer(raw, dtype, offset=end)
    native = flat.astype(dtype.newbyteorder("="))
    return native.reshape(shape, order="F" if header[2] == b"True" else "C")
