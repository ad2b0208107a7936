"""The decoder of golden pictures, against Pillow, filters and damage."""

import io
import struct
import zlib

import numpy as np
import pytest

from tutorial_kernels.page.png import encode_png
from tutorial_kernels.site.png_reader import decode_png, same_pixels

Image = pytest.importorskip("PIL.Image")


@pytest.mark.parametrize(
    ("mode", "channels"), [("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)]
)
def test_files_of_another_encoder(mode, channels):
    ramp = np.add.outer(np.arange(40), np.arange(30))[..., None] * np.arange(
        1, channels + 1
    )
    noise = np.random.default_rng(0).integers(0, 256, (40, 30, channels))
    for pixels in (ramp.astype(np.uint8), noise.astype(np.uint8)):
        file = io.BytesIO()
        Image.fromarray(pixels.squeeze(), mode).save(file, "png")
        assert (decode_png(file.getvalue()) == pixels).all()


def chunk(kind, body):
    return (
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
    )


def handmade(rows, width=3, depth=8, color=0, interlaced=0):
    header = struct.pack(
        ">IIBBBBB", width, len(rows), depth, color, 0, 0, interlaced
    )
    body = zlib.compress(b"".join(rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"x")
        + chunk(b"IDAT", body[:5]) + chunk(b"IDAT", body[5:]) + chunk(b"IEND", b"")
    )  # fmt: skip


def test_all_five_filters():
    rows = [bytes([kind, 10, 20, 250]) for kind in range(5)]
    data = handmade(rows)
    expected = np.asarray(Image.open(io.BytesIO(data)))
    assert (decode_png(data)[..., 0] == expected).all()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GIF89a", "this is no PNG file"),
        (b"\x89PNG\r\n\x1a\n", "there is no header"),
        (handmade([bytes(4)], depth=16), "expected 8 bits a channel"),
        (handmade([bytes(4)], color=3), "color type 3"),
        (handmade([bytes(4)], interlaced=1), "no interlacing"),
        (handmade([bytes(3)]), "pixels are missing"),
        (handmade([bytes([9, 0, 0, 0])]), "unknown filter 9"),
        (
            handmade([bytes(4)]).replace(b"tEXt\x78", b"tEXt\x79"),
            "chunk b'tEXt' is damaged",
        ),
        (handmade([bytes(4)], width=2**31 - 1), "pixels"),
    ],
)
def test_damage_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        decode_png(data)
    assert not same_pixels(data, data)


def test_same_pixels_whatever_the_compression():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7), np.uint8)
    ours = encode_png(pixels)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png", compress_level=1)
    assert file.getvalue() != ours
    assert same_pixels(ours, file.getvalue())
    pixels[0, 0] ^= 1
    assert not same_pixels(ours, encode_png(pixels))
