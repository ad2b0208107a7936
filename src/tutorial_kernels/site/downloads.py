"""Every page with cells as a notebook and as a Python program.

Both come from the page's Markdown, so they hold the same code and the same
prose; the notebook holds the golden outputs as well.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutorial_kernels.durable import write_whole
from tutorial_kernels.page.figure import summary, svg
from tutorial_kernels.page.notebook_widgets import on_white
from tutorial_kernels.site.cell import read_image, read_plot, read_widget
from tutorial_kernels.site.notebook_cells import (
    PYTORCH,
    NotebookCell,
    notebook_cells,
)

_DATA = """\
# Cells that read data find it in the folder assets of the unpacked course.zip,
# when the variable TUTORIAL_KERNELS_ASSETS names it."""

_SIDES = """\
# A cell that begins with %%pytorch holds the PyTorch side of a network. What it
# defines is in the module `pytorch`. SIDE = "NumPy" leaves these cells out.
SIDE = "PyTorch"
%load_ext tutorial_kernels.page.sides"""


def write_downloads(
    docs: Path, site: Path, url: str, repository: str = ""
) -> list[Path]:
    """Write a notebook and a program beside every page that has cells.

    Args:
        docs: The folder of the pages' Markdown.
        site: The folder of the built site.
        url: Where it will stand.
        repository: The course on GitHub, as ``owner/name``. Where it is
            known, the package is installed from there, else from the site.

    Returns:
        What was written.

    Raises:
        ValueError: A fence of a page is malformed.
    """
    written = []
    for page in sorted(docs.rglob("*.md")):
        cells = notebook_cells(page, docs, url)
        folder = site / page.relative_to(docs).with_suffix("")
        folder = folder.parent if page.stem == "index" else folder
        if not cells or not (folder / "index.html").is_file():
            continue
        install = f'pip install "{_package(site, url, repository)}"'
        for suffix, text in (
            (".ipynb", as_notebook(cells, docs, install)),
            (".py", as_program(cells, install)),
        ):
            written.append(folder / f"{page.stem}{suffix}")
            write_whole(written[-1], [text.encode()])
    return written


def as_notebook(cells: list[NotebookCell], docs: Path, install: str) -> str:
    """The JSON of a notebook, format 4.5."""
    setup = NotebookCell(
        "# Run this once; in a checkout of the course, leave it out.\n"
        f"{_DATA}\n%{install}",
        is_code=True,
        name="install",
    )
    first = [cells[0], setup]
    if any(cell.side for cell in cells):
        first.append(NotebookCell(_SIDES, is_code=True, name="sides"))
    notebook = {
        "cells": [
            _notebook_cell(cell, number, docs)
            for number, cell in enumerate([*first, *cells[1:]])
        ],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def as_program(cells: list[NotebookCell], install: str) -> str:
    """A Python program in the percent format that editors know."""
    parts = [f"# Needs tutorial_kernels:\n#   {install}\n{_DATA}"]
    for cell in cells:
        if cell.is_code and not cell.side:
            parts.append(f"# %% {cell.name}\n{_program_code(cell)}")
        else:
            text = f"{PYTORCH}:\n\n{cell.source}" if cell.side else cell.source
            lines = (f"# {line}".rstrip() for line in text.split("\n"))
            parts.append("# %% [markdown]\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _program_code(cell: NotebookCell) -> str:
    if not cell.raises:
        return cell.source
    inside = "\n".join(
        f"    {line}".rstrip() for line in cell.source.split("\n")
    )
    return (
        f"try:  # this is meant to fail\n{inside}\n"
        f"except {cell.raises} as error:\n"
        '    print(f"{type(error).__name__}: {error}")'
    )


def _notebook_cell(
    cell: NotebookCell, number: int, docs: Path
) -> dict[str, Any]:
    source = f"%%pytorch\n{cell.source}" if cell.side else cell.source
    made: dict[str, Any] = {
        "cell_type": "code" if cell.is_code else "markdown",
        "id": cell.name or f"text-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    if cell.is_code:
        if cell.raises:
            made["metadata"] = {"tags": ["raises-exception"]}
        made["execution_count"] = None
        made["outputs"] = list(_outputs(cell, docs))
    return made


def _outputs(cell: NotebookCell, docs: Path) -> Iterator[dict[str, Any]]:
    for kind, body in cell.outputs:
        if kind == "text":
            lines = f"{body}\n".splitlines(keepends=True)
            yield {"output_type": "stream", "name": "stdout", "text": lines}
            continue
        if kind == "plot":
            plot = read_plot(body)
            data = {"image/svg+xml": svg(plot), "text/plain": summary(plot)}
        elif kind == "widget":
            widget = read_widget(body)
            still = (docs / widget["src"]).read_text(encoding="utf-8")
            data = {
                "image/svg+xml": on_white(still),
                "text/plain": widget["text"],
            }
        else:
            image = read_image(body)
            png = (docs / image["src"]).read_bytes()
            data = {
                "image/png": base64.b64encode(png).decode(),
                "text/plain": image["alt"],
            }
        yield {"output_type": "display_data", "data": data, "metadata": {}}


def _package(site: Path, url: str, repository: str) -> str:
    """What pip installs for a notebook, the figures' front end with it."""
    source = f"git+https://github.com/{repository}"
    if not repository:
        source = f"{url}{_wheel(site)}"
    return f"tutorial-kernels[jupyter] @ {source}"


def _wheel(site: Path) -> str:
    """Where the package stands in the site: it holds its sources, too."""
    found = site.glob("assets/pyodide/*/tutorial_kernels-*.whl")
    wheel = next(found, None)
    return wheel.relative_to(site).as_posix() if wheel else ""
