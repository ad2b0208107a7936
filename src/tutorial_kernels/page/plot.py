"""Curves that grow while a cell runs."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tutorial_kernels.page.figure import PlotData, SeriesData, thinned
from tutorial_kernels.page.sink import PLOT_MIME, Sink, current_sink
from tutorial_kernels.page.values import as_array

SECONDS_BETWEEN = 0.1
LIVE_POINTS = 400

_numbers = count(1)


@dataclass
class _Curve:
    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))


@dataclass
class _Figure:
    """A figure of a cell that still runs."""

    title: str
    x_label: str
    y_label: str
    log: bool
    baselines: dict[str, float] = field(default_factory=dict)
    markers: dict[str, float] = field(default_factory=dict)
    curves: dict[str, _Curve] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_numbers))
    sent_at: float | None = None
    waiting: bool = False

    def send(self, sink: Sink) -> None:
        """Show the figure as it is now."""
        self.sent_at = perf_counter()
        self.waiting = False
        sink.display(
            {PLOT_MIME: self.data(), "text/plain": self.title or "plot"},
            f"plot-{self.number}",
        )

    def data(self) -> PlotData:
        """The figure as the JSON of a plot."""
        data: PlotData = {
            "title": self.title,
            "x_label": self.x_label,
            "y_label": self.y_label,
            "log": self.log,
            "series": [
                *(
                    _series(name, curve, self.log)
                    for name, curve in self.curves.items()
                ),
                *self._lines(),
            ],
        }
        if self.markers:
            data["markers"] = [
                {"name": name, "x": x} for name, x in self.markers.items()
            ]
        return data

    def _lines(self) -> list[SeriesData]:
        """The baselines, as wide as the curves."""
        x = np.concatenate([np.array(c.x) for c in self.curves.values()])
        x = x[np.isfinite(x)]
        if not x.size:
            return []
        ends = [float(x.min()), float(x.max())]
        return [
            {"name": name, "x": ends, "y": [y, y], "baseline": True}
            for name, y in self.baselines.items()
        ]


_figures: WeakKeyDictionary[Sink, dict[str, _Figure]] = WeakKeyDictionary()


def plot(
    x: Any,
    /,
    *,
    title: str | None = None,
    x_label: str = "step",
    y_label: str = "",
    log: bool = False,
    baselines: Mapping[str, float] | None = None,
    markers: Mapping[str, float] | None = None,
    **series: Any,
) -> None:
    """Add points to the figure of this cell and show it.

    ``plot(step, loss=loss)`` in a loop adds one point a call;
    ``plot(x, relu=y)`` with arrays adds a whole curve. Calls with another
    ``title`` draw another figure. The figure is sent at most ten times a
    second, and once more when the cell ends.

    Args:
        x: A number, or a 1-D array.
        title: The name of the figure.
        x_label: What ``x`` is.
        y_label: What the values are.
        log: Whether the vertical axis is logarithmic.
        baselines: Horizontal lines to compare with, such as
            ``{"chance": 0.1}``; those of a figure's first call count.
        markers: Vertical lines at an ``x``, such as ``{"best epoch": 12}``; a
            later call moves the line of a name.
        **series: Named values: a number each, or arrays as long as ``x``.

    Raises:
        TypeError: A value is no number and no array of numbers.
        ValueError: The lengths differ, or a baseline or a marker has the name
            of a curve or cannot be drawn.
    """
    if not series:
        raise TypeError("plot: no series given; write plot(step, loss=loss)")
    points = _numbers_of("x", x)
    values = {name: _numbers_of(name, y) for name, y in series.items()}
    for name, y in values.items():
        if y.size != points.size:
            raise ValueError(
                f"plot: {name} has {y.size} values, x has {points.size}"
            )
    sink = current_sink()
    figures = _figures.setdefault(sink, {})
    figure = figures.get(title or "")
    if figure is None:
        lines = _checked_lines("baseline", baselines or {}, log)
        figure = _Figure(
            title or "", str(x_label), str(y_label), bool(log), lines
        )
        figures[title or ""] = figure
    figure.markers.update(_checked_lines("marker", markers or {}))
    for name, y in values.items():
        for kind in ("baseline", "marker"):
            if name in getattr(figure, f"{kind}s"):
                raise ValueError(f"plot: {name} is a {kind} and a series")
        curve = figure.curves.setdefault(name, _Curve())
        curve.x.extend(points.tolist())
        curve.y.extend(y.tolist())
    _send_or_wait(figure, sink)


def finish_figures(sink: Sink) -> None:
    """Send what was not sent yet; the next plot starts new figures."""
    for figure in _figures.pop(sink, {}).values():
        if figure.waiting:
            figure.send(sink)


def _send_or_wait(figure: _Figure, sink: Sink) -> None:
    now = perf_counter()
    if figure.sent_at is None or now - figure.sent_at >= SECONDS_BETWEEN:
        figure.send(sink)
    else:
        figure.waiting = True


def _numbers_of(name: str, value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """One or more numbers as a 1-D float64 array."""
    try:
        values = as_array(value)
        if values.dtype.kind not in "biuf":
            raise TypeError
        numbers = values.astype(np.float64)
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise TypeError(
            f"plot: {name} must be a number or a 1-D array, got {kind}"
        ) from None
    if numbers.ndim > 1 and numbers.size != 1:
        raise ValueError(
            f"plot: {name} must be a number or a 1-D array, "
            f"got an array of shape {numbers.shape}"
        )
    return numbers.reshape(-1)


def _checked_lines(
    kind: str, lines: Mapping[str, Any], log: bool = False
) -> dict[str, float]:
    """The places of baselines or markers under their names."""
    if not isinstance(lines, Mapping):
        raise TypeError(
            f"plot: {kind}s must be a dict of names and numbers, "
            f"got {type(lines).__name__}"
        )
    places = {}
    for name, value in lines.items():
        place = as_array(value)
        if place.dtype.kind not in "biuf" or place.size != 1:
            raise TypeError(
                f"plot: {kind} {name} must be a number, "
                f"got {type(value).__name__}"
            )
        places[str(name)] = float(place.item())
    for name, number in places.items():
        if not np.isfinite(number) or (log and number <= 0):
            wanted = "finite and positive" if log else "finite"
            raise ValueError(
                f"plot: {kind} {name} must be {wanted}, got {number}"
            )
    return places


def _series(name: str, curve: _Curve, log: bool) -> SeriesData:
    """A curve without the points that cannot be drawn."""
    x, y = np.array(curve.x), np.array(curve.y)
    drawn = np.isfinite(x) & np.isfinite(y)
    if log:
        drawn &= np.where(drawn, y, 0.0) > 0
    skipped = int(drawn.size - drawn.sum())
    x, y = thinned(x[drawn], y[drawn], LIVE_POINTS)
    data: SeriesData = {"name": name, "x": x.tolist(), "y": y.tolist()}
    if skipped:
        data["skipped"] = skipped
    return data
