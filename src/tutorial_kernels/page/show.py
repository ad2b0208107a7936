"""Arrays as pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, Literal

import numpy as np

from tutorial_kernels.page.png import encode_png
from tutorial_kernels.page.sink import IMAGE_MIME, current_sink
from tutorial_kernels.page.values import as_array

MOST_COLUMNS = 10
MOST_TILES = 100
LARGEST_SIDE = 1024  # of one tile, in pixels of the array
WANTED_SIDE = 56  # a small tile is enlarged to about this many pixels
GRID_SIDE = 700  # the width a row of tiles should not pass
GAP = 4

type _Array = np.ndarray[Any, np.dtype[Any]]
type Range = Literal["shared", "each"] | tuple[float, float]


def show(
    value: Any,
    labels: Iterable[object] | None = None,
    *,
    columns: int = MOST_COLUMNS,
    value_range: Range = "shared",
) -> None:
    """Show an array as a grid of gray images, anything else as its repr.

    Args:
        value: (height, width), (B, height, width) or (B, C, height, width);
            every channel is an image of its own.
        labels: One for each image.
        columns: Images in a row, at most 10.
        value_range: What black and white are: ``"shared"`` takes the smallest
            and the largest value of all images, ``"each"`` of each image, and
            a pair of numbers is taken as it is.

    Raises:
        ValueError: The number of labels is not the number of images, or
            ``columns`` or ``value_range`` is not one of the above.
    """
    tiles = _tiles(value)
    sink = current_sink()
    if tiles is None:
        sink.text("stdout", f"{value!r}\n")
        return
    columns = _checked_columns(columns, value)
    names = None if labels is None else [str(label) for label in labels]
    if names is not None and len(names) != len(tiles):
        raise ValueError(
            f"show: {len(names)} labels given for {len(tiles)} images"
        )
    count = len(tiles)
    tiles, names = tiles[:MOST_TILES], names and names[:MOST_TILES]
    pixels = _grid(_gray(tiles, value_range), min(columns, len(tiles)))
    alt = _alt(tiles, count, names)
    shown = {
        "alt": alt,
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "columns": min(columns, len(tiles)),
        "labels": names or [],
    }
    png = base64.b64encode(encode_png(pixels)).decode("ascii")
    sink.display({"image/png": png, "text/plain": alt, IMAGE_MIME: shown}, None)


def _tiles(value: Any) -> _Array | None:
    """The images of a value as (B, height, width), None if it has none."""
    try:
        array = as_array(value)
    except (TypeError, ValueError):
        return None
    if array.dtype.kind not in "biuf" or array.ndim not in (2, 3, 4):
        return None
    if array.size == 0 or min(array.shape[-2:]) < 2:
        return None
    if max(array.shape[-2:]) > LARGEST_SIDE:
        return None
    return array.reshape(-1, *array.shape[-2:])


def _checked_columns(columns: int, value: Any) -> int:
    if not 1 <= columns <= MOST_COLUMNS:
        raise ValueError(
            f"show: columns must be 1 to {MOST_COLUMNS}, got {columns}"
        )
    shape = as_array(value).shape
    if len(shape) == 4 and 1 < shape[1] <= columns:
        return int(shape[1])  # one example a row, its channels side by side
    return columns


def _gray(tiles: _Array, value_range: Range) -> _Array:
    """Values as uint8; what is not finite becomes black."""
    values = tiles.astype(np.float64)
    finite = np.isfinite(values)
    values = np.where(finite, values, 0.0)
    if value_range == "each":
        axes: tuple[int, ...] | None = (1, 2)
    elif value_range == "shared":
        axes = None
    else:
        return _scaled(values, finite, *_checked_pair(value_range))
    low = np.where(finite, values, np.inf).min(axis=axes, keepdims=True)
    high = np.where(finite, values, -np.inf).max(axis=axes, keepdims=True)
    return _scaled(values, finite, low, high)


def _scaled(values: _Array, finite: _Array, low: Any, high: Any) -> _Array:
    # Halves, so that high - low of the largest floats stays finite.
    low, high = np.divide(low, 2), np.divide(high, 2)
    span = np.where(high > low, high - low, 1.0)
    with np.errstate(all="ignore"):
        share = np.clip((values / 2 - low) / span, 0.0, 1.0)
    share = np.where(finite, np.nan_to_num(share), 0.0)
    gray: _Array = np.rint(share * 255).astype(np.uint8)
    return gray


def _checked_pair(value_range: Any) -> tuple[float, float]:
    low = high = 0.0
    if isinstance(value_range, Sequence) and len(value_range) == 2:
        low, high = (float(bound) for bound in value_range)
    if not low < high:
        raise ValueError(
            'show: value_range must be "shared", "each" or a pair of numbers '
            f"(low, high), got {value_range!r}"
        )
    return low, high


def _grid(tiles: _Array, columns: int) -> _Array:
    """Tiles side by side as gray and alpha; the gaps are transparent."""
    count, height, width = tiles.shape
    scale = max(1, ceil(WANTED_SIDE / max(height, width)))
    if columns == count == 1:  # a single image may be larger
        scale = max(1, 4 * WANTED_SIDE // max(height, width))
    while scale > 1 and columns * (width * scale + GAP) > GRID_SIDE:
        scale -= 1
    rows = ceil(count / columns)
    tall, wide = height * scale + GAP, width * scale + GAP
    grid = np.zeros((rows * tall - GAP, columns * wide - GAP, 2), np.uint8)
    for index, tile in enumerate(tiles):
        top, left = index // columns * tall, index % columns * wide
        large = tile.repeat(scale, axis=0).repeat(scale, axis=1)
        grid[top : top + tall - GAP, left : left + wide - GAP, 0] = large
        grid[top : top + tall - GAP, left : left + wide - GAP, 1] = 255
    return grid


def _alt(tiles: _Array, count: int, names: list[str] | None) -> str:
    """What the picture shows, in words."""
    height, width = tiles.shape[1:]
    size = f"{height} by {width}"
    if count == 1:
        text = f"A gray image of {size} pixels"
    else:
        text = f"{count:,} gray images of {size} pixels"
    if count > len(tiles):
        text += f", the first {len(tiles)} of them shown"
    missing = int(tiles.size - np.isfinite(tiles).sum())
    if missing:
        text += f", {missing:,} values not finite and drawn black"
    return f"{text}: {', '.join(names)}" if names else text
