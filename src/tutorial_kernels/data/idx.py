"""Reads IDX files, the format of MNIST and its descendants.

Two zero bytes, a byte for the type, a byte for the number of axes, the
sizes as big-endian 32-bit integers, then the numbers, big-endian.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.errors import DataFileError

_TYPES = {
    0x08: ">u1",
    0x09: ">i1",
    0x0B: ">i2",
    0x0C: ">i4",
    0x0D: ">f4",
    0x0E: ">f8",
}


def read_idx(content: bytes) -> NDArray[Any]:
    """Reads the array of an IDX file, already unpacked from its gzip.

    Args:
        content: The file.

    Returns:
        A copy of the array, in this machine's byte order.

    Raises:
        DataFileError: The content is no IDX file, too short or too long.
    """
    if content[:2] != b"\0\0" or len(content) < 4 or content[2] not in _TYPES:
        raise DataFileError(
            f"idx: the file starts with {content[:4]!r}, expected two zero "
            "bytes, a known type and the number of axes"
        )
    dtype, axes = np.dtype(_TYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if axes > 64 or len(content) < start:
        raise DataFileError(
            f"idx: {axes} axes, of at most 64, do not fit in a file of "
            f"{len(content)} bytes"
        )
    sizes = np.frombuffer(content, ">u4", axes, offset=4).tolist()
    expected = start + math.prod(sizes) * dtype.itemsize
    if len(content) != expected:
        raise DataFileError(
            f"idx: the file has {len(content)} bytes, but {dtype} of shape "
            f"{sizes} takes {expected}"
        )
    flat = np.frombuffer(content, dtype, offset=start)
    return flat.astype(dtype.newbyteorder("=")).reshape(sizes)
