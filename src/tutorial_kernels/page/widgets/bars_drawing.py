"""The still of bars on a logarithmic axis, a row for each series."""

from __future__ import annotations

from html import escape
from itertools import groupby
from math import ceil, floor, isfinite, isinf, isnan, log10
from typing import TYPE_CHECKING, NamedTuple

from tutorial_kernels.page.drawing import power
from tutorial_kernels.page.widgets.bars_words import brief

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.gradient_bars import GradientBars

WIDTH, LEFT, RIGHT = 640.0, 46.0, 12.0
HEAD, ROW, FOOT, LEGEND = 22.0, 84.0, 40.0, 18.0
LETTER = 6.2  # the width of a letter of the axis
NUMBERED = 44.0  # a bar so wide has its size above it
SHORTEST = 2.0  # of a bar that is there at all
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
TICK_STEPS = (1, 2, 3, 4, 5, 10, 20, 50, 100, 200)
MOST_TICKS = 4

MARKS = {
    "zero": ("0", "exactly 0"),
    "below": ("▾", "below the axis"),
    "above": ("▴", "above the axis"),
    "infinite": ("∞", "infinite"),
    "nan": ("×", "not a number"),
}

LINE = "━"  # the sign of a line over the bars
LINE_LOOKS = "bars-line-ground", "bars-line"


class Axis(NamedTuple):
    """Where sizes and places lie within a row.

    Attributes:
        low: The power of ten at the bottom.
        high: That at the top.
        pitch: How far a place is from the next.
    """

    low: float
    high: float
    pitch: float

    def up(self, exponent: float) -> float:
        """How far above the bottom of the row a power of ten lies."""
        return ROW * (exponent - self.low) / (self.high - self.low)

    def height(self, size: float) -> float:
        """How high a bar is, within the row."""
        return max(SHORTEST, min(ROW, self.up(log10(size))))


def mark_of(size: float, axis: Axis) -> str:
    """The kind of a size that no bar shows as it is, else nothing."""
    if isnan(size):
        return "nan"
    if isinf(size):
        return "infinite"
    if size == 0:
        return "zero"
    exponent = log10(size)
    if exponent < axis.low - 1e-9:
        return "below"
    return "above" if exponent > axis.high + 1e-9 else ""


def still_of(bars: GradientBars) -> str:
    """An SVG of all rows, their common axis of places below."""
    places = len(bars["labels"])
    axis = Axis(bars["low"], bars["high"], (WIDTH - LEFT - RIGHT) / places)
    parts, kinds = [], []
    lines = dict(zip(bars["lined"], bars["lines"].tolist(), strict=True))
    for number, name in enumerate(bars["names"]):
        sizes = bars["sizes"][number].tolist()
        marks = [mark_of(size, axis) for size in sizes]
        kinds += marks
        line = lines.get(number)
        top = HEAD + number * (HEAD + ROW)
        parts += [
            f'<text class="bars-name" x="{LEFT:g}" y="{top - 7:g}">'
            f"{escape(name)}{_judged(bars['verdicts'][number])}</text>",
            f'<g transform="translate({LEFT:g} {top:g})">',
            *_grid(axis, bars["baseline"]),
            *_row(sizes, marks, axis, number),
            *(_line(line, axis) if line else []),
            "</g>",
        ]
    bottom = len(bars["names"]) * (HEAD + ROW)
    parts += _places(bars, axis.pitch, bottom)
    legend = [f"{LINE} {bars['line_name']}"] if lines else []
    legend += [" ".join(MARKS[kind]) for kind in MARKS if kind in kinds]
    height = bottom + FOOT + (LEGEND if legend else 0)
    if legend:
        parts.append(
            f'<text class="bars-label" x="{LEFT:g}" y="{height - 6:g}">'
            f"{escape(', '.join(legend))}</text>"
        )
    return (
        f'<svg class="bars" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'width="{WIDTH:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def _judged(verdict: str) -> str:
    if not verdict:
        return ""
    return f'<tspan class="bars-verdict"> {escape(verdict)}</tspan>'


def ticks_of(low: float, high: float) -> list[int]:
    """A few powers of ten, 0 among them where it lies between."""
    for step in TICK_STEPS:
        found = range(ceil(low / step) * step, floor(high) + 1, step)
        if len(found) <= MOST_TICKS:
            return list(found)
    return []


def _grid(axis: Axis, baseline: float | None) -> list[str]:
    right = WIDTH - LEFT - RIGHT
    parts = []
    for exponent in ticks_of(axis.low, axis.high):
        y = ROW - axis.up(exponent)
        parts.append(
            f'<path class="bars-grid" d="M0 {y:.1f}h{right:g}"/>'
            f'<text class="bars-tick" x="-6" y="{y + 3.5:.1f}">'
            f"{_named(exponent)}</text>"
        )
    if baseline is not None and axis.low <= log10(baseline) <= axis.high:
        y = ROW - axis.up(log10(baseline))
        parts.append(
            f'<path class="bars-baseline" d="M-3 {y:.1f}h{right + 3:g}"/>'
        )
    return parts


def _named(exponent: int) -> str:
    return "10" if exponent == 1 else power(float(f"1e{exponent}"))


def _row(
    sizes: list[float], marks: list[str], axis: Axis, number: int
) -> list[str]:
    """One path of bars, the sizes above wide ones, and the marks."""
    pitch = axis.pitch
    gap = min(pitch / 4, 3.0) if pitch >= 4 else 0.0
    path, numbers = "", []
    for at, (size, mark) in enumerate(zip(sizes, marks, strict=True)):
        if mark not in ("", "above", "infinite"):
            continue
        tall = axis.height(size) if isfinite(size) else ROW
        x, wide = at * pitch + gap / 2, pitch - gap
        path += f"M{x:.1f} {ROW:g}v-{tall:.1f}h{wide:.1f}v{tall:.1f}z"
        if pitch >= NUMBERED and not mark:
            inside = ROW - tall < 13  # no room above the bar
            look = "bars-number bars-on-top" if inside else "bars-number"
            y = ROW - tall + (12 if inside else -4)
            numbers.append(
                f'<text class="{look}" x="{x + wide / 2:.1f}" y="{y:.1f}">'
                f"{brief(size)}</text>"
            )
    return [
        f'<path class="bars-fill bars-{number % 4}" d="{path}"/>',
        *numbers,
        *_marks(marks, pitch),
    ]


def _line(sizes: list[float], axis: Axis) -> list[str]:
    """A path over the bars, on a light one, so that it shows on any color."""
    path, joined = "", False
    for at, size in enumerate(sizes):
        shown = size > 0 and not mark_of(size, axis)
        if shown:
            x, y = (at + 0.5) * axis.pitch, ROW - axis.up(log10(size))
            path += f"{'L' if joined else 'M'}{x:.1f} {y:.1f}"
        joined = shown
    return [f'<path class="{look}" d="{path}"/>' for look in LINE_LOOKS]


def _marks(marks: list[str], pitch: float) -> list[str]:
    """One sign for each run of places of one kind."""
    parts, at = [], 0
    for kind, run in groupby(marks):
        count = len(list(run))
        x, wide = at * pitch, count * pitch
        at += count
        if not kind:
            continue
        on_top = kind in ("above", "infinite")
        if kind == "nan":
            parts.append(
                f'<rect class="bars-odd" x="{x:.1f}" y="0" '
                f'width="{wide:.1f}" height="{ROW:g}"/>'
            )
        elif not on_top:
            parts.append(
                f'<rect class="bars-odd" x="{x:.1f}" y="{ROW - 4:g}" '
                f'width="{wide:.1f}" height="4"/>'
            )
        look = " bars-on-top" if on_top else ""
        y = 13.0 if on_top else ROW / 2 if kind == "nan" else ROW - 8
        parts.append(
            f'<text class="bars-mark{look}" x="{x + wide / 2:.1f}" y="{y:g}">'
            f"{MARKS[kind][0]}</text>"
        )
    return parts


def shown_places(labels: list[str], pitch: float) -> list[int]:
    """The places whose labels stand below the axis without touching."""
    widest = max(len(label) for label in labels) * LETTER + 10
    steps = (step for step in STEPS if step * pitch >= widest)
    return list(range(0, len(labels), next(steps, len(labels))))


def _places(bars: GradientBars, pitch: float, bottom: float) -> list[str]:
    labels = bars["labels"]
    parts = [
        f'<text class="bars-label bars-place" '
        f'x="{LEFT + (at + 0.5) * pitch:.1f}" y="{bottom + 14:g}">'
        f"{escape(labels[at])}</text>"
        for at in shown_places(labels, pitch)
    ]
    title = bars["axis"]
    if bars["enters"]:
        place = labels[-1 if bars["enters"] == "last" else 0]
        title += f"; the {bars['quantity']} enters at {place}"
    parts.append(
        f'<text class="bars-label bars-place" x="{(WIDTH + LEFT) / 2:g}" '
        f'y="{bottom + 32:g}">{escape(title)}</text>'
    )
    return parts
