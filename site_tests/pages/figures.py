"""The live figures of the chapters, turned as a reader turns them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tutorial_kernels.page.plot import finish_figures
from tutorial_kernels.page.sink import PLOT_MIME, sink_in_use

CHAPTERS = Path(__file__).resolve().parents[2] / "docs/chapters"
CELL = re.compile(r"^``` \{\.cell #([\w-]+) [^\n]*\n(.*?)^```$", re.M | re.S)


class Shown:
    """A sink that keeps what is shown."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, Any]] = {}
        self.markers: dict[str, dict[str, float]] = {}
        self.words: list[str] = []

    def text(self, stream: str, text: str) -> None: ...

    def progress(self, *_: object) -> None: ...

    def checkpoint(self) -> None: ...

    def display(self, data: dict[str, Any], display_id: str | None) -> None:
        plot = data.get(PLOT_MIME)
        if plot is None:
            self.words.append(data["text/plain"])
        else:
            curves = plot["series"]
            self.figures[plot["title"]] = {c["name"]: c for c in curves}
            self.markers[plot["title"]] = {
                marker["name"]: marker["x"]
                for marker in plot.get("markers", [])
            }


def names_after(
    chapter: str, cells: Sequence[str], given: str
) -> dict[str, Any]:
    """What a chapter's cells leave behind.

    Args:
        chapter: The file's name without its ending.
        cells: Which cells, in their order.
        given: Imports of cells that are left out.
    """
    text = (CHAPTERS / f"{chapter}.md").read_text("utf-8")
    sources = dict(CELL.findall(text))
    found: dict[str, Any] = {}
    with sink_in_use(Shown()):
        for code in (given, *(sources[name] for name in cells)):
            exec(code, found)
    return found


def turn(widget: Any, **values: object) -> Shown:
    """Do as the page does when a reader turns knobs; what is shown then."""
    (call,) = widget.receive(values)
    shown = Shown()
    with sink_in_use(shown):
        call(widget)
        finish_figures(shown)
    return shown
