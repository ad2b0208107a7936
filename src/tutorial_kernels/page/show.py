"""Arrays as pictures, heat maps and tables; objects as they draw themselves."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, Literal

import numpy as np

from tutorial_kernels.page.axes import NUMBERED, Axis, axes_of
from tutorial_kernels.page.bundles import bundle_of
from tutorial_kernels.page.heat_map import heat_map
from tutorial_kernels.page.png import encode_png
from tutorial_kernels.page.sink import IMAGE_MIME, current_sink
from tutorial_kernels.page.tables import table_of
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
    rgb: bool = False,
    heat: bool = False,
    table: bool = False,
    x_label: str = "",
    y_label: str = "",
    x_names: Iterable[object] | None = None,
    y_names: Iterable[object] | None = None,
) -> None:
    """Show an array as images, a heat map or a table; what else as it draws.

    A dict and a list of dicts are tables. An object is shown as in a notebook,
    by ``_repr_html_`` and its like, and last by its repr.

    Args:
        value: (height, width), (B, height, width) or (B, C, height, width);
            every channel is an image of its own. With ``rgb``, the channels
            red, green and blue stand last or before height and width.
        labels: One for each image.
        columns: Images in a row, at most 10.
        value_range: What black and white are: ``"shared"`` takes the smallest
            and the largest value of all images, ``"each"`` of each image, and
            a pair of numbers is taken as it is. A heat map takes a pair for
            the ends of its bar, and with both signs the larger of them twice.
        rgb: Whether the array holds images in color.
        heat: Whether a matrix is shown as a heat map, its values under the
            pointer and the arrow keys.
        table: Whether a matrix is shown as a table.
        x_label: What the columns of a heat map or a table are.
        y_label: What its rows are.
        x_names: One for each column, in place of its number.
        y_names: One for each row.

    Raises:
        ValueError: The number of labels or names is not that of images,
            columns or rows, the shape is not one of the above, or
            ``columns`` or ``value_range`` is not.
    """
    x, y = NUMBERED, NUMBERED
    if x_label or y_label or x_names is not None or y_names is not None:
        if not (heat or table):
            raise ValueError(
                "show: x_label, y_label, x_names and y_names need heat=True "
                "or table=True"
            )
        shape = as_array(value).shape
        x, y = axes_of(shape, (x_label, x_names), (y_label, y_names))
    if heat:
        _show_heat_map(value, value_range, x, y)
        return
    tiles = _color_tiles(value) if rgb else None if table else _tiles(value)
    sink = current_sink()
    if tiles is None:
        _show_otherwise(value, table, x, y)
        return
    columns = columns if rgb else _checked_columns(columns, value)
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


def _show_heat_map(value: Any, value_range: Range, x: Axis, y: Axis) -> None:
    of_all = value_range in ("shared", "each")
    pair = None if of_all else _checked_pair(value_range)
    parts, words = heat_map(as_array(value), pair, x, y)
    current_sink().display(
        {
            "image/png": parts["png"],
            "text/plain": words,
            IMAGE_MIME: parts["image"],
        },
        None,
    )


def _show_otherwise(value: Any, table: bool, x: Axis, y: Axis) -> None:
    """A table, what the object itself draws, or its repr."""
    sink = current_sink()
    named = (x, y) != (NUMBERED, NUMBERED)
    as_matrix = table and (named or not _is_plain(value))
    isolated = as_array(value) if as_matrix else value
    found = None
    if table or _is_plain(value):
        found = table_of(isolated, x, y)
    if table and found is None:
        raise ValueError(
            "show: table needs a matrix, a dict or a list of dicts, "
            f"got {type(value).__name__}"
        )
    if found is not None:
        sink.display(
            {"text/html": found.html(), "text/plain": found.text()}, None
        )
        return
    bundle = bundle_of(value)
    if bundle is not None:
        sink.display(bundle, None)
    else:
        sink.text("stdout", f"{value!r}\n")


def _is_plain(value: Any) -> bool:
    """A dict or a list: what is a table without being asked."""
    return isinstance(value, dict | list)


def _color_tiles(value: Any) -> _Array:
    """Images in color as (B, height, width, 3)."""
    array = as_array(value)
    if array.ndim == 3:
        array = array[np.newaxis]
    if array.ndim == 4 and array.shape[-1] != 3 and array.shape[1] == 3:
        array = array.transpose(0, 2, 3, 1)
    if array.ndim != 4 or array.shape[-1] != 3 or array.size == 0:
        raise ValueError(
            "show: rgb needs images of 3 channels, last or before height and "
            f"width, got the shape {as_array(value).shape}"
        )
    if max(array.shape[1:3]) > LARGEST_SIDE:
        raise ValueError(
            f"show: an image has at most {LARGEST_SIDE} pixels a side, "
            f"got the shape {as_array(value).shape}"
        )
    return array


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
        axes: tuple[int, ...] | None = tuple(range(1, tiles.ndim))
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
    """Tiles side by side, with alpha; the gaps are transparent."""
    if tiles.ndim == 3:
        tiles = tiles[..., np.newaxis]
    count, height, width, channels = tiles.shape
    scale = max(1, ceil(WANTED_SIDE / max(height, width)))
    if columns == count == 1:  # a single image may be larger
        scale = max(1, 4 * WANTED_SIDE // max(height, width))
    while scale > 1 and columns * (width * scale + GAP) > GRID_SIDE:
        scale -= 1
    rows = ceil(count / columns)
    tall, wide = height * scale + GAP, width * scale + GAP
    size = rows * tall - GAP, columns * wide - GAP
    grid = np.zeros((*size, channels + 1), np.uint8)
    for index, tile in enumerate(tiles):
        top, left = index // columns * tall, index % columns * wide
        large = tile.repeat(scale, axis=0).repeat(scale, axis=1)
        place = grid[top : top + tall - GAP, left : left + wide - GAP]
        place[..., :channels], place[..., channels] = large, 255
    return grid


def _alt(tiles: _Array, count: int, names: list[str] | None) -> str:
    """What the picture shows, in words."""
    height, width = tiles.shape[1:3]
    size = f"{height} by {width}"
    kind = "gray" if tiles.ndim == 3 else "color"
    if count == 1:
        text = f"A {kind} image of {size} pixels"
    else:
        text = f"{count:,} {kind} images of {size} pixels"
    if count > len(tiles):
        text += f", the first {len(tiles)} of them shown"
    missing = int(tiles.size - np.isfinite(tiles).sum())
    if missing:
        text += f", {missing:,} values not finite and drawn black"
    return f"{text}: {', '.join(names)}" if names else text
