"""Bars of the size of a gradient, layer by layer or step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite, log10
from typing import Any, Literal

import numpy as np

from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.bars_drawing import still_of
from tutorial_kernels.page.widgets.bars_words import (
    series_of,
    size_words,
    table_text,
    verdict_of,
)

MOST_PLACES = 1_000
MOST_SERIES = 6
DECADES = 2  # the shortest axis
TASK = (
    "Go along the bars with the arrow keys: where does the gradient get "
    "lost, and by which factor at each place?"
)

type Array = np.ndarray[Any, np.dtype[Any]]
type End = Literal["first", "last"]


class GradientBars(Widget):
    """Show sizes as bars on a logarithmic axis, one row for each series.

    A verdict says what has become of the gradient on its way from the place
    where it enters to the other end: it *vanishes* if less than a thousandth
    is left, *shrinks* below a tenth, *grows* above ten times and *explodes*
    above a thousand times its size; between, it is *roughly kept*. A size that
    is exactly 0, infinite or not a number has a mark of its own, and so has
    one beyond the limits.

    Args:
        sizes: The sizes of each series by its name, (n,) each and not
            negative; or one array.
        labels: What the n places are called; their numbers from 0 if left
            out.
        axis: What a place is: a layer, a step.
        quantity: What the sizes are sizes of.
        baseline: A size to compare with, drawn as a line; none if None.
        limits: The lowest and the highest size that the axis shows; those
            that fit the sizes if left out.
        enters: The place where the gradient enters, for the verdict.
        verdict: Whether there is one.
        lines: Sizes to compare a series with, (n,) each, by the name of the
            series: a line over its bars. A size that the axis does not show
            interrupts it.
        line_name: What the lines are.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        TypeError: If a size is no number.
        ValueError: If a size is negative, or a shape, a label or a limit
            does not fit.
    """

    def __init__(
        self,
        sizes: Any,
        *,
        labels: Sequence[object] | None = None,
        axis: str = "layer",
        quantity: str = "gradient",
        baseline: float | None = 1.0,
        limits: tuple[float, float] | None = None,
        enters: End = "last",
        verdict: bool = True,
        lines: Mapping[str, Any] | None = None,
        line_name: str = "line",
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Draw the sizes."""
        if enters not in ("first", "last"):
            raise ValueError(
                "GradientBars: enters must be 'first' or 'last', "
                f"got {enters!r}"
            )
        self._quantity, self._enters, self._judges = quantity, enters, verdict
        self._baseline = _checked_baseline(baseline)
        self._limits = _checked_limits(limits)
        drawn = self._drawn(sizes, labels, lines)
        state = {
            **drawn,
            "axis": axis,
            "quantity": quantity,
            "baseline": self._baseline,
            "line_name": line_name,
            "enters": enters if verdict else "",
            "at": 0 if enters == "last" else len(drawn["labels"]) - 1,
        }
        super().__init__(
            "gradient-bars", state, task=task, shared=("at",), name=name
        )

    def redraw(
        self,
        sizes: Any,
        *,
        labels: Sequence[object] | None = None,
        lines: Mapping[str, Any] | None = None,
    ) -> None:
        """Show other sizes, also while a cell trains.

        They are shown at most twenty times a second, the last ones always.

        Args:
            sizes: As at first; the series and the places may be others.
            labels: What the places are called now; left out, the names of
                before stay, or their numbers if their count is another.
            lines: As at first; left out, there are none.

        Raises:
            TypeError: If a size is no number.
            ValueError: If a size is negative, or a shape or a label does
                not fit.
        """
        drawn = self._drawn(sizes, labels, lines, self["labels"])
        last = len(drawn["labels"]) - 1
        self.update(**drawn, at=min(self["at"], last))

    def check(self, name: str, value: Any) -> Any:
        """Take a place that there is."""
        if name != "at":
            raise ValueError(
                f"GradientBars: {name} is not for the reader to set"
            )
        if type(value) is not int or not 0 <= value < len(self["labels"]):
            raise ValueError(f"GradientBars: there is no place {value!r}")
        return value

    def reading(self) -> str:
        """The sizes of all series at the place the reader looks at."""
        at = self["at"]
        values = [
            f"{name} {size_words(row[at])}" for name, row in series_of(self)
        ]
        return f"{self['axis']} {self['labels'][at]}: {'; '.join(values)}"

    def summary(self) -> str:
        """What the bars show, what has become of each, and what is odd."""
        labels = self["labels"]
        words = (
            f"{self._quantity.capitalize()} by {self['axis']}, "
            f"{labels[0]} to {labels[-1]}."
        )
        for name, verdict in zip(self["names"], self["verdicts"], strict=True):
            words += f" {name} {verdict}." if verdict else ""
        words += _odd_words(self["sizes"])
        if not self["lined"]:
            return words
        far = 0 if self._enters == "last" else len(labels) - 1
        ends = ", ".join(
            f"{size_words(row[far])} in {self['names'][series]}"
            for series, row in zip(self["lined"], self["lines"], strict=True)
        )
        return f"{words} At {labels[far]} the {self['line_name']} is {ends}."

    def text(self) -> str:
        """The table of a terminal."""
        return table_text(self)

    def still(self) -> str:
        """The bars, one row for each series."""
        return still_of(self)

    def _drawn(
        self,
        sizes: Any,
        labels: Sequence[object] | None,
        lines: Mapping[str, Any] | None,
        before: Sequence[str] = (),
    ) -> dict[str, Any]:
        """What a page needs to draw sizes."""
        names, rows = _checked_sizes(sizes, self._quantity)
        count = rows.shape[1]
        if labels is None:
            labels = before if len(before) == count else range(count)
        if len(labels) != count:
            raise ValueError(
                f"GradientBars: {len(labels)} labels given for {count} places"
            )
        words = [str(label) for label in labels]
        lined, line_rows = _checked_lines(lines or {}, names, count)
        every = np.concatenate([rows, line_rows])
        low, high = self._limits or _fitting_limits(every, self._baseline)
        judged = [
            verdict_of(row, words, self._enters) if self._judges else ""
            for row in rows
        ]
        return {
            "names": names,
            "labels": words,
            "sizes": rows,
            "lined": lined,
            "lines": line_rows,
            "low": low,
            "high": high,
            "verdicts": judged,
        }


def _checked_sizes(sizes: Any, quantity: str) -> tuple[list[str], Array]:
    """The names of the series, and their sizes as (series, n)."""
    given = sizes if isinstance(sizes, Mapping) else {quantity: sizes}
    if not 1 <= len(given) <= MOST_SERIES:
        raise ValueError(
            f"GradientBars: give 1 to {MOST_SERIES} series, got {len(given)}"
        )
    rows = [_checked_row(str(name), row) for name, row in given.items()]
    counts = {row.size for row in rows}
    if len(counts) > 1:
        raise ValueError(
            "GradientBars: the series must be of one length, got "
            f"{', '.join(str(row.size) for row in rows)}"
        )
    return [str(name) for name in given], np.stack(rows)


def _checked_lines(
    lines: Mapping[str, Any], names: list[str], count: int
) -> tuple[list[int], Array]:
    """The series that have a line, and the lines as (len(lined), n)."""
    rows = {}
    for key, values in lines.items():
        name = str(key)
        row = rows[name] = _checked_row(name, values)
        if name not in names:
            raise ValueError(
                f"GradientBars: there is no series {name!r} to draw a line over"
            )
        if row.size != count:
            raise ValueError(
                f"GradientBars: the line of {name} has {row.size} sizes, "
                f"its series {count}"
            )
    lined = [at for at, name in enumerate(names) if name in rows]
    drawn = [rows[names[at]] for at in lined]
    return lined, np.array(drawn).reshape(len(lined), count)


def _checked_row(name: str, values: Any) -> Array:
    try:
        row = np.asarray(as_array(values), dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            f"GradientBars: the sizes of {name} must be numbers, "
            f"got {type(values).__name__}"
        ) from None
    if row.ndim != 1 or not 1 <= row.size <= MOST_PLACES:
        raise ValueError(
            f"GradientBars: the sizes of {name} must be of shape (n,), n at "
            f"most {MOST_PLACES:,}, got {row.shape}"
        )
    if (row < 0).any():
        raise ValueError(
            f"GradientBars: a size of {name} is negative: {row.min():g}"
        )
    return row


def _checked_baseline(baseline: float | None) -> float | None:
    if baseline is None:
        return None
    if not isfinite(baseline) or baseline <= 0:
        raise ValueError(
            f"GradientBars: baseline must be above 0, got {baseline}"
        )
    return float(baseline)


def _checked_limits(
    limits: tuple[float, float] | None,
) -> tuple[float, float] | None:
    if limits is None:
        return None
    low, high = limits
    if not 0 < low < high or not isfinite(high):
        raise ValueError(
            "GradientBars: limits must be (low, high) with 0 < low < high, "
            f"got {limits!r}"
        )
    return log10(low), log10(high)


def _fitting_limits(rows: Array, baseline: float | None) -> tuple[float, float]:
    """Whole powers of ten around every size that has a place on the axis."""
    shown = rows[np.isfinite(rows) & (rows > 0)].tolist()
    powers = [log10(size) for size in shown]
    powers += [] if baseline is None else [log10(baseline)]
    low, high = floor(min(powers, default=0)), ceil(max(powers, default=0))
    return float(min(low, high - DECADES)), float(high)


def _odd_words(rows: Array) -> str:
    """How many sizes have no place on a logarithmic axis."""
    kinds = {
        "exactly 0": rows == 0,
        "infinite": np.isinf(rows),
        "not a number": np.isnan(rows),
    }
    words = ""
    for kind, found in kinds.items():
        count = int(np.count_nonzero(found))
        if count:
            sizes = "size is" if count == 1 else "sizes are"
            words += f" {count:,} {sizes} {kind}."
    return words
