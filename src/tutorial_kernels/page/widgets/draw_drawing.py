"""The still of a pad: the picture, and the network's answer beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from tutorial_kernels.page.widgets.latent_drawing import gray_picture

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.draw import Draw

PICTURE, GAP = 252.0, 24.0
NAME, BAR, NUMBER = 104.0, 140.0, 44.0
LINE, TOP = 22.0, 16.0


def still_of(pad: Draw, ink: np.ndarray[Any, np.dtype[Any]]) -> str:
    """An SVG of the picture as it is at first."""
    shares = pad["shares"]
    scale = PICTURE / max(ink.shape)
    left = ink.shape[1] * scale + GAP
    height = max(ink.shape[0] * scale, LINE * len(shares))
    width = left + NAME + BAR + NUMBER if shares else left - GAP
    parts = [gray_picture(ink, PICTURE)]
    best = int(np.argmax(shares)) if shares else -1
    for line, (name, share) in enumerate(
        zip(pad["names"], shares, strict=True)
    ):
        y = TOP + line * LINE
        look = "draw-name draw-best" if line == best else "draw-name"
        parts.append(
            f'<text class="{look}" x="{left + NAME - 8:g}" y="{y:g}">'
            f"{escape(name)}</text>"
            f'<rect class="draw-track" x="{left + NAME:g}" y="{y - 10:g}" '
            f'width="{BAR:g}" height="12"/>'
            f'<rect class="draw-share" x="{left + NAME:g}" y="{y - 10:g}" '
            f'width="{BAR * share:.1f}" height="12"/>'
            f'<text class="draw-number" x="{width:g}" y="{y:g}">'
            f"{share:.0%}</text>"
        )
    return (
        f'<svg class="draw" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )
