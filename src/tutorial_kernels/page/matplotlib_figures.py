"""Figures of Matplotlib as the page shows them: drawn once, then closed.

Nothing here imports Matplotlib: a figure can only be there when a cell has.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tutorial_kernels.page.sink import Sink, current_sink

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE_MIME = "application/vnd.tutorial-kernels.figure+json"
MOST_CHARACTERS = 1_000_000  # more, and the figure is sent as a bitmap
# The colors of the file matplotlibrc, and theirs in the dark.
DARK = {
    "#202427": "#e6e8eb",
    "#5f6368": "#a4a9b1",
    "#d5d7da": "#3a3f4a",
    "#0b5c96": "#7cc0f0",
    "#b04a00": "#f2a65e",
    "#1d7044": "#7fd6a4",
    "#7a3e9d": "#cfa4ee",
    "#a3282f": "#ff9a90",
    "#0f6e78": "#6fd0d8",
    "#6b5d00": "#d9c75a",
    "#5a5f67": "#b4bac2",
}
DARK_GROUND = "#1e2129"
LEAST_CONTRAST = 2.0
_COLOR = re.compile(r"#[0-9a-f]{6}\b")
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def is_figure(value: object) -> bool:
    """Whether a value is a figure of Matplotlib."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def bundle_of_figure(figure: Figure) -> dict[str, object]:
    """The MIME bundle of a figure, which is closed then.

    An SVG, with the colors to change in the dark; a figure with so many marks
    that it would be too long is a bitmap.
    """
    words = describe_figure(figure)
    drawn = _print(figure, "svg", metadata=_NO_METADATA).decode()
    shown: dict[str, object] = {"text/plain": words}
    if len(drawn) > MOST_CHARACTERS:
        png = _print(figure, "png", dpi=160, facecolor="white")
        shown["image/png"] = base64.b64encode(png).decode("ascii")
        shown[FIGURE_MIME] = {"dark": None}
    else:
        shown["image/svg+xml"] = drawn
        shown[FIGURE_MIME] = {"dark": dark_colors(drawn)}
    _close(figure)
    return shown


def show_open_figures(
    sink: Sink | None = None, besides: Sequence[Figure] = ()
) -> None:
    """Show the figures that pyplot has open, and close them."""
    for figure in open_figures():
        if figure in besides:
            continue
        (sink or current_sink()).display(bundle_of_figure(figure), None)


def close_open_figures() -> None:
    """Forget the figures of a cell that did not come to its end."""
    for figure in open_figures():
        _close(figure)


def dark_colors(svg: str) -> dict[str, str] | None:
    """Which colors of a figure change in the dark, and into what.

    None when one of the reader's own would be lost on a dark ground: then the
    whole figure stays on a light one.
    """
    used = set(_COLOR.findall(svg))
    if any(
        contrast(color, DARK_GROUND) < LEAST_CONTRAST
        for color in used - {*DARK}
    ):
        return None
    return {color: DARK[color] for color in sorted(used & {*DARK})}


def contrast(color: str, ground: str) -> float:
    """The contrast of two colors, 1 to 21, as WCAG 2 has it."""
    low, high = sorted((_luminance(color), _luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def describe_figure(figure: Figure) -> str:
    """What a figure shows, in words: titles, axes and the names of curves."""
    title = figure.get_suptitle()
    parts = [part for part in map(_describe_axes, figure.axes) if part]
    said = "; ".join([title, *parts] if title else parts)
    return f"A figure: {said}" if said else "A figure without words"


def _describe_axes(axes: Any) -> str:
    words = [axes.get_title(), axes.get_title("left"), axes.get_title("right")]
    x, y = axes.get_xlabel(), axes.get_ylabel()
    words.append(f"{y} over {x}" if x and y else x or y)
    names = axes.get_legend_handles_labels()[1]
    words.append(", ".join(names))
    return ", ".join(word for word in words if word)


def _print(figure: Figure, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format=kind, bbox_inches="tight", **options)
    return target.getvalue()


def open_figures() -> Iterator[Figure]:
    """The figures that pyplot has open."""
    # Not pyplot's own list: a cell may have spoiled what that is made with.
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is not None:
        for manager in [*helpers.Gcf.figs.values()]:
            yield manager.canvas.figure


def _close(figure: Figure) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
