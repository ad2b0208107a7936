"""The still picture of a plot, drawn with nothing but strings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tutorial_kernels.page.figure import (
        MarkerData,
        PlotData,
        SeriesData,
    )

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, BOTTOM = 62, 14, 44
KINDS = 4  # classes series-0 to series-3
DASHES = ("", "8 4", "2 4", "10 4 2 4")
LETTER = 7.3  # the mean width of a letter at the size of the legend
BASELINE = (
    'class="plot-baseline" fill="none" stroke="currentColor" '
    'stroke-width="1.5" stroke-opacity="0.65" stroke-dasharray="2 3"'
)
MARKER = (
    'class="plot-marker" fill="none" stroke="currentColor" '
    'stroke-width="1.5" stroke-opacity="0.65" stroke-dasharray="6 3"'
)
MARKER_LINE = 18  # the height of a line of marker names
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Axis(NamedTuple):
    """A scale from values to pixels.

    Attributes:
        low: The smallest value.
        high: The largest value.
        start: The pixel of the smallest value.
        stop: The pixel of the largest value.
        log: Whether the scale is logarithmic.
        whole: Whether only whole numbers make sense, as for steps.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False
    whole: bool = False

    def names(self) -> list[tuple[float, str]]:
        """Each tick with its name, all powers of ten or none."""
        ticks = self.ticks()
        if self.log and any("10" in number(t)[:2] for t in ticks if t < 1):
            return [(tick, power(tick)) for tick in ticks]
        return [(tick, number(tick)) for tick in ticks]

    def pixel(self, value: float) -> float:
        """Where a value stands."""
        low, high, value = self.low, self.high, _tame(value, self.log)
        if self.log:
            low, high, value = log10(low), log10(high), log10(value)
        share = (value - low) / (high - low)
        return self.start + share * (self.stop - self.start)

    def ticks(self) -> list[float]:
        """About five round values within the axis."""
        if self.log:
            return log_ticks(self.low, self.high)
        ticks = linear_ticks(self.low, self.high)
        whole = [tick for tick in ticks if tick == round(tick)]
        return whole if self.whole and whole else ticks


def draw(plot: PlotData, label: str) -> str:
    """An SVG of 640 by 260 units.

    Colors come from the page: text and lines are ``currentColor``, curves
    have the classes ``series-0`` to ``series-3``, and each has a dash pattern
    of its own, so that color is never the only difference.
    """
    heading, top = _heading(plot)
    x_axis = _x_axis(plot)
    names = _placed(plot.get("markers", []), x_axis)
    label_top = top
    top += MARKER_LINE * max((line + 1 for *_, line in names), default=0)
    y_axis = _y_axis(plot, top)
    points = sum(len(series["y"]) for series in plot["series"])
    parts = [
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg" '
        'font-size="14" fill="currentColor" data-search-exclude="">',
        *heading,
        *(_grid(x_axis, y_axis) if points else _nothing()),
        *_labels(plot, label_top),
        *_markers(names, x_axis, top),
    ]
    for index, series in enumerate(plot["series"]):
        parts.append(_curve(series, index, x_axis, y_axis))
    parts.append("</svg>")
    return "".join(parts)


def linear_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten."""
    rough = (high - low) / count
    if rough <= 0:
        return [low]
    ten = 10.0 ** floor(log10(rough))
    step = next(
        ten * f for f in (1, 2, 2.5, 5, 10, 20) if ten * f >= rough * 0.99
    )
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, with 2 and 5 between them when they are few."""
    first, last = floor(log10(low)), ceil(log10(high))
    powers = range(first, last + 1)
    # Written out, because 10.0**309 raises where float("1e309") is infinite.
    tens = [float(f"1e{power}") for power in powers]
    within = [value for value in tens if low <= value <= high]
    if len(within) >= 3:
        return within[:: ceil(len(within) / 6)]
    finer = [float(f"{f}e{power}") for power in powers for f in (1, 2, 5)]
    finer = [value for value in finer if low <= value <= high]
    return finer if len(finer) >= 2 else linear_ticks(low, high)


def number(value: float) -> str:
    """A short name of a tick: 1,000, 0.25, 2×10⁻⁶."""
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e6:
        return f"{float(f'{value:.6g}'):,.10g}".replace("-", "−")
    return power(value)


def power(value: float) -> str:
    """A number as digits times a power of ten: 10⁻², 2×10⁻⁶."""
    digits, _, exponent = f"{value:.3e}".partition("e")
    digits = digits.rstrip("0").rstrip(".").replace("-", "−")
    if int(exponent) == 0:
        return digits
    raised = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
    return raised if digits == "1" else f"{digits}×{raised}"


def _x_axis(plot: PlotData) -> Axis:
    xs = [value for series in plot["series"] for value in series["x"]]
    whole = all(value == int(value) for value in xs)
    xs += [marker["x"] for marker in plot.get("markers", [])]
    return Axis(*_spread(xs, False, 0.0), LEFT, WIDTH - RIGHT, whole=whole)


def _y_axis(plot: PlotData, top: float) -> Axis:
    ys = [value for series in plot["series"] for value in series["y"]]
    low, high = _spread(ys, plot["log"])
    return Axis(low, high, HEIGHT - BOTTOM, top, plot["log"])


def _spread(
    values: list[float], log: bool, margin: float = 0.05
) -> tuple[float, float]:
    """The range of an axis: the values with a little air around them."""
    low = _tame(min(values, default=0.0), log)
    high = _tame(max(values, default=1.0), log)
    if log:
        air = max((high / low) ** margin, 1.1)
        return low / air, high * air
    if high - low <= max(1e-12 * max(abs(low), abs(high)), 1e-290):
        air = abs(low) * 0.1 if abs(low) > 1e-280 else 1.0
    else:
        air = (high - low) * margin
    return low - air, high + air


def _tame(value: float, log: bool) -> float:
    """A value within what the arithmetic of the axes can bear."""
    least, most = (1e-150, 1e150) if log else (-1e300, 1e300)
    return min(max(value, least), most)


def _heading(plot: PlotData) -> tuple[list[str], float]:
    """Title and legend, and the height at which the plot can begin."""
    title = plot["title"]
    legend_width = sum(
        _entry_width(series["name"]) for series in plot["series"]
    )
    parts, line, left = [], 18.0, float(LEFT)
    if title:
        parts.append(
            f'<text class="plot-title" x="{LEFT}" y="{line:g}" '
            f'font-weight="600" font-size="15">{escape(title)}</text>'
        )
        beside = WIDTH - RIGHT - legend_width
        if beside > LEFT + len(title) * LETTER * 1.15 + 24:
            left = beside
        else:
            line += 22
    for index, series in enumerate(plot["series"]):
        look = BASELINE if series.get("baseline") else _stroke(index)
        width = _entry_width(series["name"])
        if left + width > WIDTH - RIGHT + 12 and left > LEFT:
            left, line = float(LEFT), line + 20
        parts.append(_legend_entry(series["name"], look, left, line))
        left += width
    if plot["y_label"]:
        line += 20
    return parts, line + 14


def _entry_width(name: str) -> float:
    return 34 + len(name) * LETTER + 14


def _legend_entry(name: str, look: str, left: float, line: float) -> str:
    return (
        f'<path {look} d="M{left:g} {line - 4.5:g}h26"/>'
        f'<text x="{left + 33:g}" y="{line:g}">{escape(name)}</text>'
    )


def _labels(plot: PlotData, top: float) -> list[str]:
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts = [
        f'<text class="plot-label" x="{middle:g}" y="{HEIGHT - 7}" '
        f'text-anchor="middle">{escape(plot["x_label"])}</text>'
    ]
    if plot["y_label"]:
        parts.append(
            f'<text class="plot-label" x="{LEFT}" y="{top - 10:g}">'
            f"{escape(plot['y_label'])}</text>"
        )
    return parts


def _grid(x_axis: Axis, y_axis: Axis) -> list[str]:
    """Lines across, marks below, and the names of both."""
    parts = []
    for value, name in y_axis.names():
        y = y_axis.pixel(value)
        parts.append(
            f'<path class="plot-grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" '
            'stroke="currentColor" stroke-opacity="0.14"/>'
            f'<text class="plot-tick" x="{LEFT - 8}" y="{y + 4.5:.1f}" '
            f'text-anchor="end">{name}</text>'
        )
    base = HEIGHT - BOTTOM
    parts.append(
        f'<path class="plot-axis" d="M{LEFT} {base}H{WIDTH - RIGHT}" '
        'stroke="currentColor" stroke-opacity="0.55"/>'
    )
    for value, name in x_axis.names():
        x = x_axis.pixel(value)
        anchor = "end" if x > WIDTH - RIGHT - 12 else "middle"
        parts.append(
            f'<path class="plot-axis" d="M{x:.1f} {base}v5" '
            'stroke="currentColor" stroke-opacity="0.55"/>'
            f'<text class="plot-tick" x="{x:.1f}" y="{base + 19}" '
            f'text-anchor="{anchor}">{name}</text>'
        )
    return parts


def _placed(
    markers: Sequence[MarkerData], x_axis: Axis
) -> list[tuple[MarkerData, float, int]]:
    """Each marker, the middle of its name and the line that has room for it.

    A name stands in the middle above its line, moved inwards at the edges;
    line 0 is the lowest.
    """
    ends: list[float] = []  # where each line of names is taken up to
    placed = []
    for marker in sorted(markers, key=lambda each: each["x"]):
        half = len(marker["name"]) * LETTER / 2
        at = x_axis.pixel(marker["x"])
        middle = max(min(at, WIDTH - RIGHT - half), LEFT + half)
        free = (n for n, end in enumerate(ends) if end <= middle - half)
        line = next(free, len(ends))
        ends[line : line + 1] = [middle + half + LETTER]
        placed.append((marker, middle, line))
    return placed


def _markers(
    placed: Sequence[tuple[MarkerData, float, int]], x_axis: Axis, top: float
) -> list[str]:
    """Vertical lines with their names above the plot."""
    parts = []
    for marker, middle, line in placed:
        x, y = x_axis.pixel(marker["x"]), top - 6 - MARKER_LINE * line
        parts.append(
            f'<path {MARKER} d="M{x:.1f} {top:g}V{HEIGHT - BOTTOM}"/>'
            f'<text class="plot-marker-name" x="{middle:.1f}" y="{y:g}" '
            f'text-anchor="middle">{escape(marker["name"])}</text>'
        )
    return parts


def _nothing() -> list[str]:
    """What stands in a plot without a single point."""
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [
        f'<path class="plot-axis" d="M{LEFT} {HEIGHT - BOTTOM}'
        f'H{WIDTH - RIGHT}" stroke="currentColor" stroke-opacity="0.55"/>'
        f'<text class="plot-label" x="{middle:g}" y="{HEIGHT / 2:g}" '
        'text-anchor="middle">no data</text>'
    ]


def _curve(series: SeriesData, index: int, x_axis: Axis, y_axis: Axis) -> str:
    points = [
        (x_axis.pixel(x), y_axis.pixel(y))
        for x, y in zip(series["x"], series["y"], strict=True)
    ]
    if len(points) == 1:
        x, y = points[0]
        kind = f"plot-point series-{index % KINDS}"
        return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    look = BASELINE if series.get("baseline") else _stroke(index)
    return f'<path {look} d="M{path}"/>' if points else ""


def _stroke(index: int) -> str:
    dash = DASHES[index % KINDS]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'class="plot-line series-{index % KINDS}" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linejoin="round"'
        f"{dashes}"
    )
