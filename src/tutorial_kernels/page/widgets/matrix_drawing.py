"""The still of a heat map, its matrices side by side."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tutorial_kernels.page.widgets.numbers import fixed

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.matrix import Matrix

LEVELS = 12
WIDTH = 640.0
GAP, TOP = 26.0, 22.0
LARGEST_CELL = 30.0

type Rows = list[list[float]]


class Grid(NamedTuple):
    """A matrix, its title, and the cells that take part.

    Attributes:
        title: Its name.
        rows: Its numbers.
        marks: (row, column, height, width) of what takes part.
    """

    title: str
    rows: Rows
    marks: list[tuple[int, int, int, int]]


def grids_of(matrix: Matrix) -> list[Grid]:
    """The matrices in the order of the formula."""
    row, column = matrix["focus"]
    cell = [(row, column, 1, 1)]
    if matrix["kind"] == "convolution":
        weight, stride = matrix["weight"], matrix["stride"]
        height, width = len(weight), len(weight[0])
        patch = [(row * stride, column * stride, height, width)]
        return [
            Grid("image", matrix["x"], patch),
            Grid("kernel", weight, []),
            Grid("output", matrix["out"], cell),
        ]
    if matrix["kind"] == "product":
        a, b = matrix["a"], matrix["b"]
        return [
            Grid("A", a, [(row, 0, 1, len(a[0]))]),
            Grid("B", b, [(0, column, len(b), 1)]),
            Grid("A @ B", matrix["out"], cell),
        ]
    size = len(matrix["query"][0])
    return [
        Grid("Q: query × size", matrix["query"], [(row, 0, 1, size)]),
        Grid("K: key × size", matrix["key"], [(column, 0, 1, size)]),
        Grid("weights: query × key", matrix["weights"], cell),
        Grid("V: key × size", matrix["value"], []),
        Grid(
            "output: query × size",
            matrix["out"],
            [(row, 0, 1, len(matrix["out"][0]))],
        ),
    ]


def still_of(matrix: Matrix) -> str:
    """An SVG of all matrices; the dot product stands in its words."""
    grids = grids_of(matrix)
    cells = [_cell_size(grid, len(grids)) for grid in grids]
    heights = [len(grid.rows) * c for grid, c in zip(grids, cells, strict=True)]
    height = TOP + max(heights) + 8
    parts, left = [], 2.0
    for grid, cell in zip(grids, cells, strict=True):
        parts += _drawn(grid, cell, left, max(heights))
        left += len(grid.rows[0]) * cell + GAP
    width = left - GAP + 2
    return (
        f'<svg class="heat" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def _cell_size(grid: Grid, count: int) -> float:
    """Large for a kernel, small for an image."""
    share = (WIDTH - GAP * count) / min(count, 3)
    side = max(len(grid.rows), len(grid.rows[0]))
    return min(LARGEST_CELL, float(max(2, int(share / side))))


def _drawn(grid: Grid, cell: float, left: float, tallest: float) -> list[str]:
    rows, columns = len(grid.rows), len(grid.rows[0])
    top = TOP + (tallest - rows * cell) / 2
    width, height = columns * cell, rows * cell
    parts = [
        f'<text class="heat-title" x="{left + width / 2:g}" '
        f'y="{top - 7:g}">{escape(grid.title)}</text>',
        f'<rect class="heat-frame" x="{left:g}" y="{top:g}" '
        f'width="{width:g}" height="{height:g}"/>',
        f'<g transform="translate({left:g} {top:g}) scale({cell:g})">'
        f"{''.join(_filled(grid.rows))}</g>",
    ]
    if cell >= 24:
        parts += _numbers(grid.rows, cell, left, top)
    for row, column, tall, wide in grid.marks:
        parts.append(
            f'<rect class="heat-mark" x="{left + column * cell:g}" '
            f'y="{top + row * cell:g}" width="{wide * cell:g}" '
            f'height="{tall * cell:g}"/>'
        )
    return parts


def _filled(rows: Rows) -> list[str]:
    """One path for each shade, cells of one shade in a row joined."""
    values = np.array(rows)
    largest = float(np.abs(values).max()) or 1.0
    shades = np.rint(LEVELS * values / largest).astype(int)
    paths: dict[int, str] = {}
    for y, row in enumerate(shades.tolist()):
        x = 0
        for shade, run in groupby(row):
            count = len(list(run))
            if shade:
                square = f"M{x} {y}h{count}v1h-{count}z"
                paths[shade] = paths.get(shade, "") + square
            x += count
    return [
        f'<path class="{"heat-more" if shade > 0 else "heat-less"}" '
        f'fill-opacity="{abs(shade) / LEVELS:.2f}" d="{path}"/>'
        for shade, path in sorted(paths.items())
    ]


def _numbers(rows: Rows, cell: float, left: float, top: float) -> list[str]:
    return [
        f'<text class="heat-number" x="{left + (x + 0.5) * cell:g}" '
        f'y="{top + (y + 0.5) * cell + 3.5:g}">{_short(value)}</text>'
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
    ]


def _short(value: float) -> str:
    """A number in at most five letters."""
    return fixed(value) if abs(value) < 9.995 else fixed(value, 0)
