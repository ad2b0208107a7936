"""The still of a plane of codes: the codes, and one picture beside them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.latent import Latent

PLANE, GAP, PICTURE = 380.0, 24.0, 180.0
TOP = 22.0
SHADES = 16


def marks_of(names: list[str]) -> list[str]:
    """The sign of each class: its name if that is one letter, else a number.

    The sign tells classes apart where colors cannot.
    """
    if all(len(name) == 1 for name in names):
        return names
    return [str(number) for number in range(len(names))]


def still_of(latent: Latent) -> str:
    """An SVG of the plane and of what the decoder makes of its mark."""
    low, high = np.array(latent["low"]), np.array(latent["high"])
    scale = PLANE / (high - low)
    signs = marks_of(latent["names"])
    parts = [
        f'<rect class="latent-ground" width="{PLANE:g}" height="{PLANE:g}"/>'
    ]
    for point, kind in zip(latent["points"], latent["labels"], strict=True):
        x, y = (np.array(point) - low) * scale
        parts.append(
            f'<text class="latent-point class-{kind % 10}" x="{x:.0f}" '
            f'y="{PLANE - y + 4:.0f}">{escape(signs[kind])}</text>'
        )
    x, y = (np.array(latent["at"]) - low) * scale
    parts.append(
        f'<path class="latent-cross" d="M{x:.1f} {PLANE - y - 12:.1f}v24'
        f'm-12 -12h24"/>'
    )
    left, width = PLANE + GAP, PLANE + GAP + PICTURE
    parts.append(
        f'<text class="heat-title" x="{left + PICTURE / 2:g}" '
        f'y="{TOP - 7:g}">decoded</text>'
        f'<g transform="translate({left:g} {TOP:g})">'
        f"{gray_picture(np.array(latent['image']), PICTURE)}</g>"
    )
    return (
        f'<svg class="latent" viewBox="0 0 {width:g} {PLANE:g}" '
        f'width="{width:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def gray_picture(image: np.ndarray[Any, np.dtype[Any]], longest: float) -> str:
    """White on black from 0 to 255, one path for each shade."""
    side = longest / max(image.shape)
    height, width = image.shape
    shades = np.rint(image / 255 * SHADES).astype(int)
    paths = "".join(
        f'<path fill="#fff" fill-opacity="{shade / SHADES:.2f}" d="'
        + "".join(
            f"M{x} {y}h1v1h-1z"
            for y, x in np.argwhere(shades == shade).tolist()
        )
        + '"/>'
        for shade in range(1, SHADES + 1)
        if (shades == shade).any()
    )
    return (
        f'<rect width="{width * side:g}" height="{height * side:g}" '
        f'fill="#000"/><g transform="scale({side:.3f})">{paths}</g>'
    )
