"""Cells and their golden outputs, read back from the built HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal

from tutorial_kernels.site.cell import DEFAULT_TOLERANCE

OutputKind = Literal["text", "plot", "image", "widget"]
_VOID = {"img", "br", "hr", "input", "link", "meta", "source", "wbr"}


@dataclass(frozen=True)
class Output:
    """One output of a cell.

    Attributes:
        kind: ``text``, ``plot``, ``image`` or ``widget``.
        value: The printed text without its last newline; the JSON of a plot
            or a widget; or the attributes ``src``, ``alt``, ``width`` and
            ``height`` of an image, ``src`` as it stands in the page.
    """

    kind: OutputKind
    value: Any


@dataclass
class PageCell:
    """A cell of a page.

    Attributes:
        id: Its name.
        source: Its code, as a reader's browser would run it.
        seconds: How long it is said to take.
        tolerance: The relative tolerance of its numbers.
        raises: The name of the exception it is meant to raise, or "".
        answers: What is written into the fields of ``input``, in order.
        outputs: What it is said to give, in order.
        has_output_element: Whether a ``.cell-output`` follows it.
    """

    id: str
    source: str
    seconds: float
    tolerance: float = DEFAULT_TOLERANCE
    raises: str = ""
    answers: tuple[str, ...] = ()
    outputs: list[Output] = field(default_factory=list)
    has_output_element: bool = False


def read_page(html: str) -> list[PageCell]:
    """The cells of a built page, in order.

    Raises:
        ValueError: An output belongs to no cell, or twice to the same one.
    """
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return list(reader.cells.values())


class _PageReader(HTMLParser):
    """Follows the elements that the contract of the fences names."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: dict[str, PageCell] = {}
        self._path: list[tuple[str, str]] = []  # tag and role
        self._cell: PageCell | None = None
        self._text: list[str] | None = None
        self._fresh_pre = False

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        values = {key: value or "" for key, value in attrs}
        classes = values.get("class", "").split()
        role = self._role(tag, classes, values)
        if tag not in _VOID:
            self._path.append((tag, role))
        self._fresh_pre = tag == "pre"
        if role in ("code", "text"):
            self._text = []
        if tag == "img" and self._cell is not None and self._within("output"):
            self._add_image(values)

    def _role(
        self, tag: str, classes: list[str], values: dict[str, str]
    ) -> str:
        if tag == "div" and "cell" in classes and "data-cell" in values:
            self._begin_cell(values)
            return "cell"
        if tag == "div" and "cell-output" in classes:
            self._begin_output(values["data-cell"])
            return "output"
        if tag == "code" and self._within("cell"):
            return "code"
        if tag == "pre" and "cell-text" in classes and self._within("output"):
            return "text"
        if tag == "figure" and "cell-plot" in classes:
            plot = json.loads(values["data-plot"])
            self._require_cell().outputs.append(Output("plot", plot))
        if tag == "figure" and "cell-widget" in classes:
            widget = json.loads(values["data-widget"])
            self._require_cell().outputs.append(Output("widget", widget))
        return ""

    def handle_startendtag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._path:
            opened, role = self._path.pop()
            self._end_role(role)
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._fresh_pre:  # HTML ignores a newline right behind <pre>
            data = data.removeprefix("\n")
        self._fresh_pre = False
        if self._text is not None:
            self._text.append(data)

    def _end_role(self, role: str) -> None:
        if role == "cell":
            self._cell = None
        if self._text is None or role not in ("code", "text"):
            return
        text, self._text = "".join(self._text), None
        cell = self._require_cell()
        if role == "code":
            cell.source = text
        else:
            cell.outputs.append(Output("text", text.removesuffix("\n")))

    def _begin_cell(self, values: dict[str, str]) -> None:
        identity = values["data-cell"]
        if identity in self.cells:
            raise ValueError(f"two cells have the id {identity!r}")
        self._cell = self.cells[identity] = PageCell(
            identity,
            "",
            float(values["data-seconds"]),
            float(values["data-tolerance"]),
            values.get("data-raises", ""),
            tuple(values["data-answers"].split("|"))
            if "data-answers" in values
            else (),
        )

    def _begin_output(self, identity: str) -> None:
        cell = self.cells.get(identity)
        if cell is None:
            raise ValueError(f"an output belongs to no cell: {identity!r}")
        if cell.has_output_element:
            raise ValueError(f"cell {identity!r} has two output elements")
        cell.has_output_element = True
        self._cell = cell

    def _add_image(self, values: dict[str, str]) -> None:
        image = {
            "src": values["src"],
            "alt": values["alt"],
            "width": int(values["width"]),
            "height": int(values["height"]),
        }
        self._require_cell().outputs.append(Output("image", image))

    def _require_cell(self) -> PageCell:
        if self._cell is None:
            raise ValueError("an output stands outside of any cell")
        return self._cell

    def _within(self, role: str) -> bool:
        return any(entry == role for _, entry in self._path)
