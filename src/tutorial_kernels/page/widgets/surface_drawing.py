"""The still of a surface: the colored plane, its points and a legend."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

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

type Array = np.ndarray[Any, np.dtype[Any]]


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
