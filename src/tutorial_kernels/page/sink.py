"""Where the output of the reader's code goes.

A sink is whatever takes the output: the page, a notebook, a terminal, a list
in a test. ``track``, ``plot`` and ``show`` ask ``current_sink()`` and never
know which one they have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

PLOT_MIME = "application/vnd.tutorial-kernels.plot+json"
IMAGE_MIME = "application/vnd.tutorial-kernels.image+json"
WIDGET_MIME = "application/vnd.tutorial-kernels.widget+json"


class Sink(Protocol):
    """What a place that shows output has to offer."""

    def text(self, stream: str, text: str) -> None:
        """Show text of the stream ``"stdout"`` or ``"stderr"``."""

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Show a bundle of MIME types; the same id replaces the first one."""

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Show that ``step`` of ``total`` steps took ``seconds`` so far."""

    def checkpoint(self) -> None:
        """Raise KeyboardInterrupt if the reader asked to stop."""


class Detour:
    """Another place for output; progress and Stop are the running cell's.

    Args:
        place: Where text and displays go.
        cell: Where the output of the cell goes.
    """

    def __init__(self, place: Sink, cell: Sink) -> None:
        self.text, self.display = place.text, place.display
        self.progress, self.checkpoint = cell.progress, cell.checkpoint


_active: list[Sink] = []
_outside: list[Sink] = []  # made once, when first needed


def current_sink() -> Sink:
    """The sink of the running cell, else the notebook's or the terminal's."""
    if _active:
        return _active[-1]
    if not _outside:
        _outside.append(_sink_outside_a_session())
    return _outside[0]


@contextmanager
def sink_in_use(sink: Sink) -> Iterator[Sink]:
    """Make ``sink`` the current one for the time of a ``with`` block."""
    _active.append(sink)
    try:
        yield sink
    finally:
        _active.remove(sink)


def _sink_outside_a_session() -> Sink:
    # Late imports: in the page neither of the two is ever needed.
    from tutorial_kernels.page.notebook import NotebookSink, in_notebook
    from tutorial_kernels.page.terminal import TerminalSink

    return NotebookSink() if in_notebook() else TerminalSink()
