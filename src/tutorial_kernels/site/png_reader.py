"""PNG files back into pixels, to compare pictures instead of bytes."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

type Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 4: 2, 2: 3, 6: 4}
MOST_PIXELS = 50_000_000


def decode_png(data: bytes) -> Pixels:
    """Pixels as (height, width, channels).

    Args:
        data: A PNG file of 8 bits a channel, without palette or interlacing.

    Raises:
        ValueError: It is another kind of file, or damaged.
    """
    header, packed = _chunks(data)
    width, height, depth, color, _, _, interlaced = header
    channels = _CHANNELS.get(color)
    if depth != 8 or channels is None or interlaced:
        raise ValueError(
            "decode_png: expected 8 bits a channel, no palette and no "
            f"interlacing, got depth {depth}, color type {color}"
        )
    stride = width * channels
    size = height * (stride + 1)
    if not 0 < size <= MOST_PIXELS:
        raise ValueError(f"decode_png: {width} by {height} pixels")
    try:
        raw = zlib.decompressobj().decompress(packed, size)
    except zlib.error as error:
        raise ValueError(f"decode_png: damaged pixels: {error}") from None
    if len(raw) != size:
        raise ValueError("decode_png: pixels are missing")
    rows = np.frombuffer(raw, np.uint8).reshape(height, stride + 1)
    return _unfiltered(rows, channels).reshape(height, width, channels)


def same_pixels(first: bytes, second: bytes) -> bool:
    """Whether two PNG files show the same; False when one cannot be read."""
    try:
        return np.array_equal(decode_png(first), decode_png(second))
    except ValueError:
        return False


def _chunks(data: bytes) -> tuple[tuple[int, ...], bytes]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("decode_png: this is no PNG file")
    header: tuple[int, ...] | None = None
    packed: list[bytes] = []
    position = len(_SIGNATURE)
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        end = position + 8 + length
        if data[end : end + 4] != struct.pack(">I", zlib.crc32(kind + body)):
            raise ValueError(f"decode_png: the chunk {kind!r} is damaged")
        if kind == b"IHDR" and length == 13:
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed.append(body)
        position = end + 4
    if header is None:
        raise ValueError("decode_png: there is no header")
    return header, b"".join(packed)


def _unfiltered(rows: Pixels, channels: int) -> Pixels:
    """Undo the five filters of the PNG specification, row by row."""
    height, stride = rows.shape[0], rows.shape[1] - 1
    pixels = np.zeros((height + 1, stride + channels), np.int64)
    for index, row in enumerate(rows, start=1):
        kind, values = int(row[0]), row[1:].astype(np.int64)
        above, here = pixels[index - 1], pixels[index]
        if kind == 0:
            here[channels:] = values
        elif kind == 2:
            here[channels:] = (values + above[channels:]) % 256
        elif kind in (1, 3, 4):
            for i, value in enumerate(values.tolist(), start=channels):
                guess = _guess(kind, here, above, i, channels)
                here[i] = (value + guess) % 256
        else:
            raise ValueError(f"decode_png: unknown filter {kind}")
    return pixels[1:, channels:].astype(np.uint8)


def _guess(kind: int, here: Any, above: Any, i: int, channels: int) -> int:
    left, up = int(here[i - channels]), int(above[i])
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    corner = int(above[i - channels])
    best = left + up - corner
    return min((left, up, corner), key=lambda value: abs(best - value))
