"""The still of a signal: its curve, and a bar for each network and class."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.signal import Signal

WIDTH, CURVE, FOOT = 640.0, 190.0, 22.0
LEFT, RIGHT, TOP = 30.0, 8.0, 10.0
NAME, HEAD, ROW, BAR = 84.0, 22.0, 44.0, 24.0
EVERY = 5  # positions from tick to tick


def still_of(signal: Signal) -> str:
    """An SVG of the signal as it is at first, and of the answers."""
    names, networks = signal["names"], signal["networks"]
    below = HEAD + ROW * len(networks) if networks else 0.0
    height = CURVE + FOOT + below
    answers = "".join(
        _row(network, shares, CURVE + FOOT + HEAD + at * ROW)
        for at, (network, shares) in enumerate(
            zip(networks, signal["shares"], strict=True)
        )
    )
    return (
        f'<svg class="signal" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'width="{WIDTH:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{_curve(signal)}'
        f"{_heads(names, CURVE + FOOT)}{answers}</svg>"
    )


def _curve(signal: Signal) -> str:
    low, high = signal["low"], signal["high"]
    values = signal["values"]
    pitch = (WIDTH - LEFT - RIGHT) / len(values)
    places = [
        (LEFT + (at + 0.5) * pitch, _down(value, low, high))
        for at, value in enumerate(values)
    ]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(
        f"M{x - 2.5:.1f} {y:.1f}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z"
        for x, y in places
    )
    levels = "".join(
        f'<path class="signal-grid" d="M{LEFT:g} {_down(level, low, high):.1f}'
        f'H{WIDTH - RIGHT:g}"/><text class="signal-level" x="{LEFT - 6:g}" '
        f'y="{_down(level, low, high) + 4:.1f}">{_number(level)}</text>'
        for level in sorted({low, 0.0, high})
        if low <= level <= high
    )
    ticks = "".join(
        f'<text class="signal-tick" x="{LEFT + (at + 0.5) * pitch:.1f}" '
        f'y="{CURVE + 16:g}">{at}</text>'
        for at in range(0, len(values), EVERY)
    )
    return (
        f'{levels}{ticks}<path class="signal-line" d="M{line}"/>'
        f'<path class="signal-dots" d="{dots}"/>'
    )


def _heads(names: list[str], top: float) -> str:
    if not names:
        return ""
    wide = (WIDTH - NAME) / len(names)
    return f'<text class="signal-name" x="0" y="{top + 15:g}">in %</text>' + (
        "".join(
            f'<text class="signal-tick" x="{NAME + (at + 0.5) * wide:.1f}" '
            f'y="{top + 15:g}">{escape(name)}</text>'
            for at, name in enumerate(names)
        )
    )


def _row(network: str, shares: list[float], top: float) -> str:
    wide = (WIDTH - NAME) / len(shares)
    best = max(shares)
    parts = [
        f'<text class="signal-name" x="0" y="{top + 13:g}">'
        f"{escape(network)}</text>"
    ]
    for at, share in enumerate(shares):
        x, tall = NAME + at * wide, BAR * share
        look = "signal-tick draw-best" if share == best else "signal-tick"
        parts.append(
            f'<text class="{look}" x="{x + wide / 2:.1f}" y="{top + 13:g}">'
            f"{100 * share:.0f}</text>"
            f'<rect class="draw-track" x="{x + 2:.1f}" y="{top + 17:g}" '
            f'width="{wide - 4:.1f}" height="{BAR:g}"/>'
            f'<rect class="draw-share" x="{x + 2:.1f}" '
            f'y="{top + 17 + BAR - tall:.1f}" width="{wide - 4:.1f}" '
            f'height="{tall:.1f}"/>'
        )
    return "".join(parts)


def _down(value: float, low: float, high: float) -> float:
    return TOP + (CURVE - 2 * TOP) * (high - value) / (high - low)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
