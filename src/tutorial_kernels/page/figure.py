"""A plot's JSON as a still picture, as words and as fewer points."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NotRequired, TypedDict

import numpy as np

from tutorial_kernels.page.drawing import draw

GOLDEN_POINTS = 60
GOLDEN_DIGITS = 4

type _Array = np.ndarray[Any, np.dtype[np.float64]]


class SeriesData(TypedDict):
    """One named curve.

    ``skipped`` counts the points left out because a value was not finite, or
    not positive on a logarithmic axis. A ``baseline`` is a horizontal line
    from the first to the last x of the curves.
    """

    name: str
    x: list[float]
    y: list[float]
    skipped: NotRequired[int]
    baseline: NotRequired[bool]


class MarkerData(TypedDict):
    """A vertical line at an x, its name above it."""

    name: str
    x: float


class PlotData(TypedDict):
    """The JSON of a plot."""

    title: str
    x_label: str
    y_label: str
    log: bool
    series: list[SeriesData]
    markers: NotRequired[list[MarkerData]]


def svg(plot: PlotData) -> str:
    """The plot as an SVG picture that takes its colors from the page."""
    return draw(plot, label=summary(plot))


def summary(plot: PlotData) -> str:
    """The plot in words: where each curve starts, ends and turns."""
    parts = [_series_summary(series, plot) for series in plot["series"]]
    parts += [
        f"{marker['name']} at {plot['x_label']} {marker['x']:.4g}"
        for marker in plot.get("markers", [])
    ]
    head = f"{plot['title']}: " if plot["title"] else ""
    scale = " Logarithmic axis." if plot["log"] else ""
    text = "; ".join(parts) if parts else "no data"
    return f"{head}{text}.{scale}"


def thinned(x: _Array, y: _Array, count: int) -> tuple[_Array, _Array]:
    """At most ``count`` points that keep the ends and every spike.

    The points between the ends are cut into equal buckets, and of each
    bucket the lowest and the highest value stay.
    """
    if x.size <= count:
        return x, y
    edges = np.linspace(1, x.size - 1, (count - 2) // 2 + 1).astype(int)
    kept = {0, x.size - 1}
    for start, stop in pairwise(edges.tolist()):
        bucket = y[start:stop]
        kept |= {start + int(bucket.argmin()), start + int(bucket.argmax())}
    index = np.array(sorted(kept))
    return x[index], y[index]


def golden(plot: PlotData) -> PlotData:
    """A plot small enough to stand in a Markdown page."""
    small = plot.copy()
    small["series"] = [_golden_series(series) for series in plot["series"]]
    if "markers" in plot:
        small["markers"] = [
            {**marker, "x": _short(marker["x"])} for marker in plot["markers"]
        ]
    return small


def _golden_series(series: SeriesData) -> SeriesData:
    x, y = np.array(series["x"], float), np.array(series["y"], float)
    x, y = thinned(x, y, GOLDEN_POINTS)
    small: SeriesData = {
        **series,
        "x": [_short(value) for value in x.tolist()],
        "y": [_short(value) for value in y.tolist()],
    }
    return small


def _short(value: float) -> float:
    """Four digits; a whole number stays as it is."""
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return float(f"{value:.{GOLDEN_DIGITS}g}")


def _series_summary(series: SeriesData, plot: PlotData) -> str:
    name, skipped = series["name"], series.get("skipped", 0)
    x, y = series["x"], series["y"]
    if not y:
        text = f"{name} has nothing to draw"
    elif series.get("baseline"):
        text = f"{name} at {y[0]:.4g}"
    elif len(y) == 1:
        text = f"{name} {y[0]:.4g} ({plot['x_label']} {x[0]:.4g})"
    else:
        text = (
            f"{name} from {y[0]:.4g} ({plot['x_label']} {x[0]:.4g}) "
            f"to {y[-1]:.4g} ({plot['x_label']} {x[-1]:.4g}){_turns(y)}"
        )
    if skipped:
        what = "finite and positive" if plot["log"] else "finite"
        values = "value" if skipped == 1 else "values"
        text += f", {skipped} {values} not {what} and left out"
    return text


def _turns(y: list[float]) -> str:
    """The lowest and highest value where they are not at the ends."""
    low, high = min(y), max(y)
    turns = []
    if low < min(y[0], y[-1]):
        turns.append(f"lowest {low:.4g}")
    if high > max(y[0], y[-1]):
        turns.append(f"highest {high:.4g}")
    return "".join(f", {turn}" for turn in turns)
