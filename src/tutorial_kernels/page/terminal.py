"""The sink of a terminal: plain text, one line that rewrites itself."""

from __future__ import annotations

import atexit
import sys
from time import perf_counter
from typing import Any, cast

from tutorial_kernels.page.figure import PlotData, summary
from tutorial_kernels.page.sink import PLOT_MIME
from tutorial_kernels.page.track import pace_words

BAR = 24
SECONDS_BETWEEN_LINES = 1.0  # of a log file, which cannot rewrite a line


class TerminalSink:
    """Shows progress on stderr and everything else on stdout."""

    def __init__(self) -> None:
        self._line = ""
        self._written_at = 0.0
        atexit.register(self._finish)

    def text(self, stream: str, text: str) -> None:
        """Write text."""
        self._end_line()
        target = sys.stderr if stream == "stderr" else sys.stdout
        target.write(text)

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Write the words for a picture; a growing plot at most each second."""
        plot = cast("PlotData | None", data.get(PLOT_MIME))
        if plot is None:
            words = data.get("text/plain", "display")
            whole = "text/html" in data or "text/latex" in data
            self.text("stdout", f"{words}\n" if whole else f"[{words}]\n")
            return
        now = perf_counter()
        if now - self._written_at >= SECONDS_BETWEEN_LINES:
            self._written_at = now
            self.text("stdout", f"{summary(plot)}\n")

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Rewrite the last line; in a file, write only the end."""
        line = _progress_line(step, total, label, seconds)
        if sys.stderr.isatty():
            blank = " " * max(0, len(self._line) - len(line))
            sys.stderr.write(f"\r{line}{blank}")
            sys.stderr.flush()
            self._line = line
        if step == total:
            if not sys.stderr.isatty():
                sys.stderr.write(line)
                self._line = line
            self._end_line()

    def checkpoint(self) -> None:
        """Nothing to ask: a terminal has Ctrl-C."""

    def _end_line(self) -> None:
        if self._line:
            sys.stderr.write("\n")
            self._line = ""

    def _finish(self) -> None:
        from tutorial_kernels.page.plot import finish_figures

        self._written_at = 0.0
        finish_figures(cast("Any", self))


def _progress_line(
    step: int, total: int | None, label: str, seconds: float
) -> str:
    head = f"{label} " if label else ""
    pace = pace_words(step, total, seconds)
    pace = f", {pace}" if pace else ""
    if total:
        filled = BAR * min(step, total) // total
        bar = "#" * filled + "." * (BAR - filled)
        return f"{head}[{bar}] {step}/{total} {seconds:.1f} s{pace}"
    return f"{head}{step} steps {seconds:.1f} s{pace}"
