"""What a classifier or a critic says all over a plane, and where it turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tutorial_kernels.autograd import no_grad
from tutorial_kernels.kernels import softmax_forward
from tutorial_kernels.page.values import as_array

MOST_CLASSES = 6
CELLS = 2_400  # of the grid, about
ASPECTS = (0.6, 2.0)  # width by height of the drawing

type Array = np.ndarray[Any, np.dtype[Any]]
type Predict = Callable[[Array], Any]


class Plane(NamedTuple):
    """A rectangle, and a grid of places in the middles of its cells.

    Attributes:
        low: The corner at the lower left, (2,).
        high: The corner at the upper right, (2,).
        rows: How many rows of cells there are, the first one on top.
        columns: How many columns.
    """

    low: Array
    high: Array
    rows: int
    columns: int

    @property
    def aspect(self) -> float:
        """Width by height of the drawing: true to scale, within limits."""
        width, height = self.high - self.low
        return float(np.clip(width / height, *ASPECTS))

    def places(self) -> Array:
        """(rows * columns, 2), row by row from the top."""
        share = (np.arange(self.columns) + 0.5) / self.columns
        across = self.low[0] + share * (self.high[0] - self.low[0])
        share = (np.arange(self.rows) + 0.5) / self.rows
        down = self.high[1] - share * (self.high[1] - self.low[1])
        grid = np.stack(np.meshgrid(across, down), axis=-1)
        return grid.reshape(-1, 2).astype(np.float32)


def plane_of(bounds: Any, points: Array) -> Plane:
    """The rectangle that is given, or one with air around the points.

    Args:
        bounds: ``((left, right), (bottom, top))``, or None.
        points: (n, 2).

    Raises:
        ValueError: The bounds are not two pairs that rise.
    """
    if bounds is None:
        low, high = np.array([-1.0, -1.0]), np.array([1.0, 1.0])
        if len(points):
            low, high = points.min(axis=0), points.max(axis=0)
            wide = np.where(high > low, high - low, 2.0)
            low, high = low - 0.12 * wide, high + 0.12 * wide
    else:
        pairs = np.asarray(bounds, dtype=np.float64)
        if pairs.shape != (2, 2) or not (
            np.isfinite(pairs).all() and (pairs[:, 0] < pairs[:, 1]).all()
        ):
            raise ValueError(
                "Surface: bounds must be ((left, right), (bottom, top)), "
                f"got {bounds!r}"
            )
        low, high = pairs[:, 0], pairs[:, 1]
    plane = Plane(low.astype(np.float64), high.astype(np.float64), 0, 0)
    rows = round((CELLS / plane.aspect) ** 0.5)
    return plane._replace(rows=rows, columns=round(CELLS / rows))


def predicted(predict: Predict, places: Array, classes: int) -> Array:
    """What is predicted, (n,) values or (n, classes) probabilities.

    Args:
        predict: The reader's function.
        places: (n, 2).
        classes: How many classes there are, where it gives whole numbers.

    Raises:
        ValueError: Another shape, too many classes, or numbers that are not
            finite.
    """
    with no_grad():
        out = as_array(predict(places))
    count = len(places)
    if out.ndim == 2 and out.shape[1] == 1:
        out = out[:, 0]
    if out.ndim not in {1, 2} or len(out) != count:
        raise ValueError(
            f"Surface: predict must give ({count},) values or ({count}, "
            f"classes) for {count} places, got shape {out.shape}"
        )
    if not np.isfinite(out).all():
        raise ValueError("Surface: predict gave numbers that are not finite")
    if out.ndim == 1 and out.dtype.kind in "iub":
        return _one_hot(out, classes)
    if out.ndim == 2 and out.shape[1] > MOST_CLASSES:
        raise ValueError(
            f"Surface: predict gives {out.shape[1]} classes, at most "
            f"{MOST_CLASSES} can be told apart"
        )
    return out if out.ndim == 1 else _probabilities(out)


def margins(values: Array, value_range: tuple[float, float]) -> Array:
    """How far each class is ahead of the next best, (classes, ...), to 1.

    Args:
        values: (classes, ...) probabilities, or (1, ...) values, whose
            classes are below and above the middle of the range.
        value_range: The values at which the colors are full.
    """
    if len(values) == 1:
        low, high = value_range
        ahead = (values[0] - (low + high) / 2) / ((high - low) / 2)
        return np.stack([-ahead, ahead]).clip(-1.0, 1.0)
    every = range(len(values))
    others = [np.delete(values, k, axis=0).max(axis=0) for k in every]
    return np.asarray(values - np.stack(others))


def contour(margin: Array) -> list[tuple[float, float, float, float]]:
    """The line where a margin is zero, as pieces across single cells.

    Args:
        margin: (rows, columns), in the middles of cells.

    Returns:
        The ends ``(x, y, x, y)`` of each piece, in cells from the upper left.
    """
    # The line goes straight on from the outer cells' middles to the border.
    m = np.pad(margin, 1, mode="reflect", reflect_type="odd")
    pieces = []
    above = m > 0
    corners = (above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1])
    count = np.sum(corners, axis=0)
    for row, column in np.argwhere((count > 0) & (count < 4)).tolist():
        square = [
            (column, row), (column + 1, row),
            (column + 1, row + 1), (column, row + 1),
        ]  # fmt: skip
        ends = []
        for (x, y), (to_x, to_y) in zip(
            square, square[1:] + square[:1], strict=True
        ):
            here, there = float(m[y, x]), float(m[to_y, to_x])
            if (here > 0) != (there > 0):
                share = here / (here - there)
                ends.append(
                    (
                        x + share * (to_x - x) - 0.5,
                        y + share * (to_y - y) - 0.5,
                    )
                )
        # A saddle has two pieces; either pairing of the four ends is right.
        pieces += [
            (*ends[at], *ends[at + 1]) for at in range(0, len(ends) - 1, 2)
        ]
    return pieces


def _one_hot(out: Array, classes: int) -> Array:
    kinds = out.astype(int)
    if kinds.min() < 0 or kinds.max() >= max(classes, 2):
        raise ValueError(
            f"Surface: predict gives class {kinds.max()}, there are "
            f"{classes} classes"
        )
    hot: Array = np.eye(max(classes, 2))[kinds]
    return hot


def _probabilities(out: Array) -> Array:
    """Rows that sum to one as they are, and the softmax of others."""
    if out.min() >= 0 and np.allclose(out.sum(axis=1), 1, atol=1e-3):
        return out
    soft, _ = softmax_forward(out.astype(np.float64), dim=1)
    return np.asarray(soft)
