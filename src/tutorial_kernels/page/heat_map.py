"""Matrices as colored fields, with their values at hand."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import numpy as np

from tutorial_kernels.page.axes import NUMBERED, Axis, axis_data
from tutorial_kernels.page.drawing import number
from tutorial_kernels.page.png import encode_png

MOST_CELLS = 10_000
FIELD_SIDE = 420  # the wider side of the field, in pixels, about
LARGEST_CELL = 40
BAR_WIDTH = 14
GAP = 10

# Dark to bright for values of one sign; blue over gray to orange for both.
SEQUENTIAL = (
    (38, 24, 74),
    (47, 78, 130),
    (38, 132, 137),
    (92, 186, 110),
    (247, 224, 83),
)
DIVERGING = (
    (16, 78, 139),
    (110, 166, 205),
    (236, 236, 236),
    (239, 160, 98),
    (158, 62, 8),
)

type _Array = np.ndarray[Any, np.dtype[Any]]


def heat_map(
    values: _Array,
    value_range: tuple[float, float] | None = None,
    x: Axis = NUMBERED,
    y: Axis = NUMBERED,
) -> tuple[dict[str, object], str]:
    """What a page needs of a heat map, and its words.

    Both signs are colored alike around zero. Beside the field stands a bar,
    the largest value on top; what is not finite stays transparent.

    Args:
        values: (rows, columns) of real numbers, at most 10,000 of them.
        value_range: What lies beyond has the colors of the ends; the
            smallest and the largest value if None. With both signs the larger
            end stands on both sides.
        x: What the columns are, and their names.
        y: What the rows are, and their names.

    Returns:
        A bundle's picture and data, and what stands for it as text.

    Raises:
        ValueError: Another shape or too many values.
    """
    if values.ndim != 2 or not 0 < values.size <= MOST_CELLS:
        raise ValueError(
            "show: a heat map needs a matrix of 1 to "
            f"{MOST_CELLS:,} values, got the shape {values.shape}"
        )
    values = values.astype(np.float64)
    finite = np.isfinite(values)
    low = float(values[finite].min()) if finite.any() else 0.0
    high = float(values[finite].max()) if finite.any() else 0.0
    bounds, anchors = value_range or (low, high), SEQUENTIAL
    if bounds[0] < 0 < bounds[1]:
        largest = max(-bounds[0], bounds[1])
        bounds, anchors = (-largest, largest), DIVERGING
    side = min(LARGEST_CELL, max(1, FIELD_SIDE // max(values.shape)))
    field = _colored(values, finite, bounds, anchors)
    field = field.repeat(side, axis=0).repeat(side, axis=1)
    pixels = _with_bar(field, anchors)
    rows, columns = values.shape
    words = (
        f"A heat map of {y.words('rows', rows)} and "
        f"{x.words('columns', columns)}, from {number(low)} to {number(high)}"
    )
    missing = int(values.size - finite.sum())
    if missing:
        words += f", {missing:,} values not finite and left out"
    words += y.listed("rows") + x.listed("columns")
    data: dict[str, object] = {
        "alt": words,
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "columns": 1,
        "labels": [
            f"{number(bounds[0])} (bottom of the bar) to "
            f"{number(bounds[1])} (top)"
        ],
        "heat": {
            "side": side,
            "values": _rounded(values, finite),
            "x": asdict(x),
            "y": asdict(y),
        },
    }
    if x != NUMBERED or y != NUMBERED:
        height, width = pixels.shape[:2]
        data["axes"] = {
            "x": axis_data(x, columns, side, width, is_x=True),
            "y": axis_data(y, rows, side, height, is_x=False),
        }
    png = base64.b64encode(encode_png(pixels)).decode("ascii")
    return {"png": png, "image": data}, words


def _colored(
    values: _Array,
    finite: _Array,
    bounds: tuple[float, float],
    anchors: tuple[tuple[int, int, int], ...],
) -> _Array:
    """RGBA of every value."""
    low, high = bounds
    # Halves, so that high - low of the largest floats stays finite.
    span = high / 2 - low / 2
    share = np.where(finite, values, low) / 2 - low / 2
    share = share / span if span > 0 else np.full(values.shape, 0.5)
    places = np.linspace(0, 1, len(anchors))
    pixels = np.zeros((*values.shape, 4), np.uint8)
    for channel in range(3):
        levels = [anchor[channel] for anchor in anchors]
        pixels[..., channel] = np.rint(np.interp(share, places, levels))
    pixels[..., 3] = np.where(finite, 255, 0)
    return pixels


def _with_bar(
    field: _Array, anchors: tuple[tuple[int, int, int], ...]
) -> _Array:
    """The field, and right of it the colors from high to low."""
    height, width, _ = field.shape
    steps = np.linspace(1, 0, height)[:, np.newaxis]
    bar = _colored(steps, steps >= 0, (0.0, 1.0), anchors)
    pixels = np.zeros((height, width + GAP + BAR_WIDTH, 4), np.uint8)
    pixels[:, :width] = field
    pixels[:, width + GAP :] = bar
    return pixels


def _rounded(values: _Array, finite: _Array) -> list[list[float | None]]:
    """Five digits of each value, None for what is not finite."""
    return [
        [
            float(f"{v:.5g}") if ok else None
            for v, ok in zip(row, oks, strict=True)
        ]
        for row, oks in zip(values.tolist(), finite.tolist(), strict=True)
    ]
