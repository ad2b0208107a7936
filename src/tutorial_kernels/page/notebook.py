"""The sink of Jupyter: IPython's own display functions."""

from __future__ import annotations

import sys
from html import escape
from typing import Any, cast

from tutorial_kernels.page.figure import PlotData, svg
from tutorial_kernels.page.notebook_widgets import (
    NotebookHost,
    notebook_host,
    still_bundle,
)
from tutorial_kernels.page.sink import PLOT_MIME, WIDGET_MIME
from tutorial_kernels.page.track import pace_words
from tutorial_kernels.page.widget import finish_widgets, use_host, widget_of


def in_notebook() -> bool:
    """Whether this Python is a Jupyter kernel (not a terminal IPython)."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return shell is not None and hasattr(shell, "kernel")


class NotebookSink:
    """Shows plots, pictures and figures in the output of the cell."""

    def __init__(self) -> None:
        import IPython
        from IPython import display

        self._display: Any = display
        self._handles: dict[str, Any] = {}
        self._host = notebook_host()
        use_host(self._host)
        shell = IPython.get_ipython()
        shell.events.register("post_run_cell", self._finish_cell)

    def text(self, stream: str, text: str) -> None:
        """Write text."""
        (sys.stderr if stream == "stderr" else sys.stdout).write(text)

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Show a bundle; one with a known id is replaced in place."""
        bundle = dict(data)
        if WIDGET_MIME in bundle:
            self._show_widget(bundle, display_id)
            return
        if PLOT_MIME in bundle:
            bundle["image/svg+xml"] = svg(cast("PlotData", bundle[PLOT_MIME]))
        self._show(bundle, display_id)

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Show a bar of HTML."""
        share = f' value="{step}" max="{total}"' if total else ""
        of_total = f" of {total}" if total else ""
        pace = pace_words(step, total, seconds)
        words = f"{label} {step}{of_total}, {seconds:.1f} s".strip()
        words += f", {pace}" if pace else ""
        bundle: dict[str, object] = {
            "text/html": f"<progress{share}></progress> {escape(words)}",
            "text/plain": words,
        }
        self._show(bundle, f"progress-{label}")

    def checkpoint(self) -> None:
        """Nothing to ask: the kernel's interrupt button works."""

    def finish(self) -> None:
        """Show what waits: the cell, or a figure's callback, has ended."""
        from tutorial_kernels.page.plot import finish_figures

        finish_figures(cast("Any", self))
        finish_widgets(self)
        self._handles.clear()
        if isinstance(self._host, NotebookHost):
            self._host.standing.clear()

    def _show_widget(
        self, bundle: dict[str, object], display_id: str | None
    ) -> None:
        place = cast("dict[str, object]", bundle[WIDGET_MIME])
        widget = widget_of(place["id"])
        if widget is None:
            return
        if not isinstance(self._host, NotebookHost):
            self._show(still_bundle(widget), display_id)
        elif widget.id not in self._host.standing:
            self._show(self._host.bundle(widget), display_id)
            self._host.standing.add(widget.id)

    def _show(self, bundle: dict[str, object], key: str | None) -> None:
        if key is None:
            self._display.display(bundle, raw=True)
        elif key in self._handles:
            self._handles[key].update(bundle, raw=True)
        else:
            self._handles[key] = self._display.display(
                bundle, raw=True, display_id=True
            )

    def _finish_cell(self, *_result: object) -> None:
        self.finish()
