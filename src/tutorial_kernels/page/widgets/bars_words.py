"""Bars of sizes in words: a size, a verdict, a table."""

from __future__ import annotations

from math import isinf, isnan, log10
from typing import TYPE_CHECKING, Any

from tutorial_kernels.page.tables import aligned
from tutorial_kernels.page.widgets.numbers import short

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.gradient_bars import GradientBars

# Up to which part of the gradient which word holds.
VERDICTS = (
    (1e-3, "vanishes"),
    (0.1, "shrinks"),
    (10.0, "is roughly kept"),
    (1e3, "grows"),
)


def size_words(size: float) -> str:
    """A size as a reader hears it."""
    if isnan(size):
        return "not a number"
    if isinf(size):
        return "infinite"
    return short(size) if size else "exactly 0"


def verdict_of(sizes: Any, labels: list[str], enters: str) -> str:
    """What becomes of a gradient on its way through the places.

    Args:
        sizes: Its size at each place.
        labels: The names of the places.
        enters: Whether it enters at the ``"first"`` place or the ``"last"``.
    """
    last = len(labels) - 1
    if last == 0:
        return ""  # no way to go
    way = range(last, -1, -1) if enters == "last" else range(last + 1)
    for at in way:
        if isnan(sizes[at]):
            return f"breaks: not a number from {labels[at]} on"
        if isinf(sizes[at]):
            return f"explodes: infinite from {labels[at]} on"
        if sizes[at] == 0:
            where = "none enters" if at == way[0] else "exactly 0"
            return f"vanishes: {where} from {labels[at]} on"
    end, start = float(sizes[way[-1]]), float(sizes[way[0]])
    part = end / start
    word = next((word for top, word in VERDICTS if part < top), "explodes")
    if part == 0 or isinf(part):  # no float is so far from 1
        words = f"1e{log10(end) - log10(start):.0f}".replace("-", "−")
    else:
        words = brief(part)
    times = part > 1 and words != "1"
    return f"{word}: {words} {'times its size' if times else 'of it'} arrives"


def brief(size: float) -> str:
    """A size of two digits, in a few letters."""
    if 0.01 <= size < 1e4:
        return f"{size:.2g}" if size < 99.5 else f"{size:,.0f}"
    digits, power = f"{size:.1e}".split("e")
    return f"{digits}e{int(power)}".replace("-", "−")


def series_of(bars: GradientBars) -> list[tuple[str, Any]]:
    """Every series by its name, with its line behind it if it has one."""
    found: list[tuple[str, Any]] = []
    lines = dict(zip(bars["lined"], bars["lines"], strict=True))
    for at, name in enumerate(bars["names"]):
        found.append((name, bars["sizes"][at]))
        if at in lines:
            found.append((f"{name}, {bars['line_name']}", lines[at]))
    return found


def table_text(bars: GradientBars) -> str:
    """Every size, one line for each place."""
    series = series_of(bars)
    rows = [(str(bars["axis"]), *(name for name, _ in series))]
    rows += [
        (label, *(size_words(row[at]) for _, row in series))
        for at, label in enumerate(bars["labels"])
    ]
    return "\n".join(aligned(rows, left=0))
