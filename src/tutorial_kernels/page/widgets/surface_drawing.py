"""The still of a surface: the colored plane, its points and a legend."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from tutorial_kernels.page.drawing import linear_ticks, number
from tutorial_kernels.page.png import encode_png
from tutorial_kernels.page.widgets.surface_field import contour, margins

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.surface import Surface

WIDTH = 560.0
LEGEND = 34.0
FEW_ARROWS = 30  # are a path, more of them a field: drawn finer
# One sign for each class around (0, 0): a circle, a square, a triangle, a
# diamond, a cross and a triangle that stands on its tip.
SIGNS = (
    "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
    "m-3.3 -3.3h6.6v6.6h-6.6z",
    "m0 -4.6l4.4 7.8h-8.8z",
    "m0 -4.9l4.9 4.9l-4.9 4.9l-4.9 -4.9z",
    "m-1.3 -4.3h2.6v3h3v2.6h-3v3h-2.6v-3h-3v-2.6h3z",
    "m0 4.6l4.4 -7.8h-8.8z",
)

TICK = 6
type Array = np.ndarray[Any, np.dtype[Any]]


def axes_of(
    low: Array, high: Array, labels: tuple[str, str]
) -> dict[str, object]:
    """The numbers along the lower and the left edge, and what they count.

    A number comes with its place, as a share of the edge. The ends stay free:
    for the names, and for the other edge's numbers.
    """
    ticks = [
        [
            [round(share, 4), number(tick)]
            for tick in linear_ticks(float(first), float(last), 6)
            if 0.06 <= (share := (tick - first) / (last - first)) <= 0.88
        ]
        for first, last in zip(low, high, strict=True)
    ]
    return {
        "x": ticks[0],
        "y": ticks[1],
        "labels": [str(label) for label in labels],
    }


def still_of(surface: Surface) -> str:
    """An SVG whose colors are those of the page's classes."""
    height = WIDTH / surface["aspect"]
    ahead = margins(surface["field"], tuple(surface["range"]))
    size = f'width="{WIDTH:g}" height="{height:g}"'
    parts = [f'<rect class="surface-ground" {size}/>']
    parts += [
        _shade(surface.name, kind, margin, size)
        for kind, margin in enumerate(ahead)
    ]
    scale = np.array([WIDTH, height]) / ahead.shape[:0:-1]
    above = [surface["field"][0] - level for level in surface["levels"]]
    line = "".join(_line(margin, scale) for margin in above or ahead[1:])
    look = "surface-level" if above else "surface-line"
    inside = [f'<path class="{look}" d="{line}"/>']
    if surface["axes"]:
        inside.append(_axes(surface["axes"], height))
    low, high = np.array(surface["low"]), np.array(surface["high"])
    places = (surface.points - low) / (high - low) * [WIDTH, height]
    labels = surface.labels
    for kind in range(len(surface.names)):
        path = "".join(
            f"M{x:.0f} {height - y:.0f}{SIGNS[kind]}"
            for x, y in places[labels == kind]
        )
        inside.append(
            f'<path class="surface-point surface-kind-{kind}" d="{path}"/>'
        )
    inside.append(_arrows(surface["arrows"], low, high, height))
    # An inner svg cuts off what reaches beyond the plane.
    parts.append(f"<svg {size}>{''.join(inside)}</svg>")
    parts.append(_legend(surface.names, height))
    return (
        f'<svg class="surface" viewBox="0 0 {WIDTH:g} {height + LEGEND:g}" '
        f'width="{WIDTH:g}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def _shade(name: str, kind: int, margin: Array, size: str) -> str:
    """A class's color, let through where the class is ahead."""
    gray = np.rint(255 * margin.clip(0.0, 1.0)).astype(np.uint8)
    if not gray.any():
        return ""
    png = b64encode(encode_png(gray)).decode("ascii")
    mask = f"surface-{name}-{kind}"
    # The theme's instant navigation trips over a plain href of an image.
    return (
        f'<mask id="{mask}"><image {size} preserveAspectRatio="none" '
        f'xlink:href="data:image/png;base64,{png}"/></mask>'
        f'<rect class="surface-shade surface-kind-{kind}" {size} '
        f'mask="url(#{mask})"/>'
    )


def _line(margin: Array, scale: Array) -> str:
    pieces = np.array(contour(margin)).reshape(-1, 2, 2) * scale
    return "".join(
        f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
        for (x, y), (to_x, to_y) in pieces
    )


def _axes(axes: dict[str, Any], height: float) -> str:
    """Numbers within the plane, each beside a short line at its edge."""
    path, names = "", ""
    for share, name in axes["x"]:
        x = WIDTH * share
        path += f"M{x:.1f} {height:g}v-{TICK}"
        names += (
            f'<text x="{x:.1f}" y="{height - TICK - 5:g}" '
            f'text-anchor="middle">{name}</text>'
        )
    for share, name in axes["y"]:
        y = height * (1 - share)
        path += f"M0 {y:.1f}h{TICK}"
        names += (
            f'<text x="{TICK + 5}" y="{y:.1f}" '
            f'dominant-baseline="central">{name}</text>'
        )
    across, up = map(escape, axes["labels"])
    return (
        f'<g class="surface-axes"><path d="{path}"/>{names}'
        f'<text x="{WIDTH - 9:g}" y="{height - TICK - 5:g}" '
        f'text-anchor="end">{across}</text>'
        f'<text x="9" y="9" dominant-baseline="hanging">{up}</text></g>'
    )


def _arrows(arrows: Array, low: Array, high: Array, height: float) -> str:
    """Each arrow with a head of two strokes at its end."""
    flip = np.array([WIDTH, -height]) / (high - low)
    path, few = "", len(arrows) <= FEW_ARROWS
    head = 7 if few else 4
    for start, step in arrows.reshape(-1, 2, 2):
        x, y = (start - low) * flip + [0.0, height]
        right, down = step * flip
        back = head / max(float(np.hypot(right, down)), 1e-9)
        one = (-back * (right + 0.6 * down), -back * (down - 0.6 * right))
        two = (-back * (right - 0.6 * down), -back * (down + 0.6 * right))
        path += (
            f"M{x:.1f} {y:.1f}l{right:.1f} {down:.1f}"
            f"l{one[0]:.1f} {one[1]:.1f}m{-one[0]:.1f} {-one[1]:.1f}"
            f"l{two[0]:.1f} {two[1]:.1f}"
        )
    look = "surface-arrow surface-few" if few else "surface-arrow"
    return f'<path class="{look}" d="{path}"/>' if path else ""


def _legend(names: list[str], height: float) -> str:
    """The signs and names, with room for the larger letters of a phone."""
    parts, left = [], 10.0
    middle = height + LEGEND / 2 + 3
    for kind, name in enumerate(names):
        parts.append(
            f'<g transform="translate({left:g} {middle:g}) scale(1.4)">'
            f'<path class="surface-point surface-kind-{kind}" '
            f'd="M0 0{SIGNS[kind]}"/></g>'
            f'<text class="surface-name" x="{left + 12:g}" '
            f'y="{middle:g}">{escape(name)}</text>'
        )
        left += 48 + 12 * len(name)
    return "".join(parts)
