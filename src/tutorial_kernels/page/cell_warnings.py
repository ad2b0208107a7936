"""Warnings with the reader's cell and line in place of a file path."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from tutorial_kernels.page.streams import OrderedOutput
from tutorial_kernels.page.tracebacks import cell_of_file


class WarningPrinter:
    """Stands in for ``warnings.showwarning`` while one cell runs.

    Args:
        output: Where the text of a warning goes, as stderr.
    """

    def __init__(self, output: Callable[[], OrderedOutput]) -> None:
        self._output = output
        self._shown: set[tuple[str, str]] = set()

    def __call__(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        """Write one line, the first time only."""
        place = _place(filename, lineno)
        text = f"{category.__name__}: {message}"
        if (place, text) in self._shown:
            return
        self._shown.add((place, text))
        shown = f"{place}: {text}\n" if place else f"{text}\n"
        if file is not None:
            file.write(shown)
        else:
            self._output().text("stderr", shown)


def _place(filename: str, lineno: int) -> str:
    """``cell a, line 3``: the warning's own place, or the call into it."""
    cell = cell_of_file(filename)
    frame = sys._getframe(1)
    while cell is None and frame.f_back is not None:
        frame = frame.f_back
        cell = cell_of_file(frame.f_code.co_filename)
        lineno = frame.f_lineno
    return f"cell {cell}, line {lineno}" if cell else ""
