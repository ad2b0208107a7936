"""PNG files out of arrays, with the standard library's zlib alone."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY, _GRAY_ALPHA, _RGB, _RGBA = 0, 4, 2, 6
_COLOR_TYPE = {1: _GRAY, 2: _GRAY_ALPHA, 3: _RGB, 4: _RGBA}


def encode_png(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """Encode 8-bit pixels.

    Args:
        pixels: uint8, (height, width) for gray, or (height, width, channels)
            with 1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGBA) channels.

    Raises:
        ValueError: Another dtype or shape.
    """
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    if (
        pixels.dtype != np.uint8
        or pixels.ndim != 3
        or pixels.shape[2] not in _COLOR_TYPE
        or pixels.size == 0
    ):
        raise ValueError(
            "encode_png: pixels must be uint8 of shape (height, width) or "
            "(height, width, 1 to 4 channels), "
            f"got {pixels.dtype} of shape {pixels.shape}"
        )
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)  # first byte 0: no row filter
    header = struct.pack(
        ">IIBBBBB", width, height, 8, _COLOR_TYPE[channels], 0, 0, 0
    )
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
    )
