"""What draws the widgets: a page, a notebook, or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tutorial_kernels.page.widget import Widget


class Host(Protocol):
    """What draws widgets and hears of the reader: a page, a notebook."""

    def open(self, widget: Widget) -> None:
        """Prepare to show a widget that is about to be displayed."""

    def change(self, widget: Widget, state: Mapping[str, object]) -> None:
        """Show new values of its state."""

    def message(
        self, widget: Widget, content: object, buffers: Sequence[bytes]
    ) -> None:
        """Send it a message of its own."""

    def kept(self, name: str) -> Mapping[str, object]:
        """What the reader has set in a widget of this name before."""

    def bundle(self, widget: Widget) -> dict[str, object]:
        """What `show` displays of it; empty for its words alone."""

    def place(self, widget: Widget) -> AbstractContextManager[object]:
        """While open, output goes below the widget, in place of the last."""


class NoHost:
    """Where nobody can touch a widget: a terminal, a test, a build."""

    def open(self, widget: Widget) -> None:
        """Nothing to prepare."""

    def change(self, widget: Widget, state: Mapping[str, object]) -> None:
        """The end of the cell shows the last values."""

    def message(
        self, widget: Widget, content: object, buffers: Sequence[bytes]
    ) -> None:
        """Nobody listens."""

    def kept(self, name: str) -> Mapping[str, object]:
        """Nobody has set anything."""
        return {}

    def bundle(self, widget: Widget) -> dict[str, object]:
        """Its words alone."""
        return {}

    def place(self, widget: Widget) -> AbstractContextManager[object]:
        """Nobody redraws anything: output stands where it comes."""
        return nullcontext()
