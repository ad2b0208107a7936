"""The fences ``cell``, ``output`` and ``source`` for pymdownx.superfences.

For each there is a validator, which superfences asks about the options, and a
formatter, which gives the HTML. Both raise ``SuperFencesException``, the only
exception that superfences lets through: every other problem would show the
fence as plain text without a word.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from tutorial_kernels.site.cell import (
    OPTIONS,
    CellOptions,
    cell_options,
    check_id,
    read_image,
    read_widget,
    render_cell,
    render_output,
    render_source,
)
from tutorial_kernels.site.headers import Fence, Header, lines_before
from tutorial_kernels.site.place import Place

DOCS = Path(__file__).resolve().parents[3] / "docs"
OUTPUT_KINDS: dict[tuple[str, ...], str] = {(): "text"}
OUTPUT_KINDS |= {(kind,): kind for kind in ("plot", "image", "widget")}


@dataclass
class PageFences:
    """What is known about the page that is being rendered.

    Attributes:
        file: The Markdown file, when known.
        folder: The folder of all pages, when known.
        relative: What leads from the page's URL to the site's root.
        first_line: The line of the file at which the Markdown begins.
        lines: The Markdown as the scan of the page found it.
        origins: Where each of these lines stands in the page as written.
        fences: Our fences as the scan of the page found them.
        outputs: The HTML of the outputs of each cell.
        rendered: How many fences of each kind superfences gave us.
        complete: Whether the page's tree is done, headings included.
    """

    file: Path | None = None
    folder: Path | None = None
    relative: str = ""
    first_line: int = 0
    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    outputs: dict[str, list[str]] = field(default_factory=dict)
    rendered: dict[str, int] = field(default_factory=dict)
    complete: bool = False

    @property
    def place(self) -> Place:
        """Where the page stands; for loose Markdown, the course itself."""
        if self.file is None or self.folder is None:
            return Place(DOCS)
        page = self.file.relative_to(self.folder).as_posix()
        return Place(self.folder, page)

    def problem(self, reason: str, line: int | None) -> SuperFencesException:
        """The exception that stops the build, naming file and line."""
        place = str(self.file) if self.file else ""
        if line is not None:
            line = self.origins[line] if self.origins else line
            number = self.first_line + line + 1
            place = f"{place}:{number}" if place else f"line {number}"
        return SuperFencesException(f"{place}: {reason}" if place else reason)

    def line_of(self, text: str) -> int | None:
        """The first line that reads like this, indentation aside."""
        stripped = [line.strip() for line in self.lines]
        return stripped.index(text) if text in stripped else None

    def next_of(self, kind: str) -> Fence | None:
        """The fence that superfences is at, counted by kind."""
        count = self.rendered.get(kind, 0)
        alike = [fence for fence in self.fences if fence.header.kind == kind]
        return alike[count] if count < len(alike) else None


_pages: WeakKeyDictionary[Markdown, PageFences] = WeakKeyDictionary()


def begin_page(md: Markdown, page: PageFences) -> None:
    """Start a page: forget the last one."""
    _pages[md] = page


def unscanned_page(md: Markdown, lines: list[str]) -> PageFences:
    """A page whose file MkDocs tells, before its fences are known."""
    if "relpath" not in md.treeprocessors:
        return PageFences()
    file = getattr(md.treeprocessors["relpath"], "file", None)
    path = getattr(file, "abs_src_path", None)
    if file is None or path is None:
        return PageFences()
    depth = posixpath.dirname(file.dest_uri).count("/") + 1
    depth = depth if posixpath.dirname(file.dest_uri) else 0
    folder = Path(file.src_dir) if file.src_dir else None
    return PageFences(
        Path(path), folder, "../" * depth, lines_before(Path(path), lines)
    )


def page_of(md: Markdown) -> PageFences:
    """The page that is being rendered.

    Raises:
        SuperFencesException: The Markdown extension is not registered.
    """
    page = _pages.get(md)
    if page is None:
        raise SuperFencesException(
            "the fences cell, output and source need the Markdown extension "
            "tutorial_kernels.site.markdown"
        )
    return page


def check_fences(fences: list[Fence]) -> Iterator[tuple[int, str]]:
    """What is wrong with the headers of a page: line and reason."""
    seen: set[str] = set()
    cell_stop: int | None = None  # the line behind the last cell or output
    for fence in fences:
        try:
            cell_stop = _check_fence(fence, seen, cell_stop)
        except ValueError as error:
            yield fence.start, str(error)


def options_of(header: Header) -> CellOptions:
    """The options of a cell's header.

    Raises:
        ValueError: An id or an option is missing, unknown or malformed.
    """
    if header.classes:
        raise ValueError(f"unknown class {header.classes[0]!r} of a cell")
    return cell_options(header.id, header.options)


def output_kind(header: Header) -> str:
    """``text``, ``plot``, ``image`` or ``widget``.

    Raises:
        ValueError: Another class, an id or an option.
    """
    kind = OUTPUT_KINDS.get(header.classes)
    if kind is None:
        raise ValueError(
            "an output fence is .output, alone or with .plot, .image or "
            f".widget; got .output .{' .'.join(header.classes)}"
        )
    if header.id or header.options:
        raise ValueError("an output fence has no id and no options")
    return kind


def hides_docstrings(header: Header) -> bool:
    """Whether a source fence leaves docstrings out.

    Raises:
        ValueError: Another option, an id or a class.
    """
    unknown = sorted(set(header.options) - {"docstring"})
    if unknown:
        raise ValueError(
            f"unknown option {unknown[0]!r} of a source fence; known is "
            "docstring=hide"
        )
    if header.id or header.classes:
        raise ValueError("a source fence has no id and no further classes")
    value = header.options.get("docstring")
    if value not in (None, "hide"):
        raise ValueError(f"docstring must be hide, got {value!r}")
    return value == "hide"


def _check_fence(
    fence: Fence, seen: set[str], cell_stop: int | None
) -> int | None:
    """Check one header; the line behind the cell that outputs may follow."""
    header = fence.header
    if header.kind == "source":
        hides_docstrings(header)
        return None
    if fence.indent:
        raise ValueError(
            f"a {header.kind} fence stands at the left margin, not inside "
            "a list, a tab or a quotation"
        )
    if header.kind == "output":
        output_kind(header)
        if cell_stop is None:
            raise ValueError("this output fence has no cell before it")
        return fence.stop
    identity = identity_of(fence)
    if identity in seen:
        noun = "cells" if header.kind == "cell" else "fences"
        raise ValueError(f"two {noun} have the id {identity!r}")
    seen.add(identity)
    return fence.stop if header.kind == "cell" else None


def identity_of(fence: Fence) -> str:
    """The name of a cell, an exercise, a quiz or a guess.

    Raises:
        ValueError: The header has no name, or more than it may have.
    """
    header = fence.header
    if header.kind == "cell":
        return options_of(header).id
    if header.kind == "exercise":
        if header.id or header.classes:
            raise ValueError("an exercise fence has no id and no classes")
        return fence.body.strip().rpartition("/")[2]
    if header.classes not in ((), ("number",)):
        kind, got = header.kind, " .".join(header.classes)
        raise ValueError(f"a {kind} may be .number, got .{kind} .{got}")
    check_id(header.kind, header.id)
    return header.id


@contextmanager
def loudly(md: Markdown, kind: str) -> Iterator[PageFences]:
    """Turn every problem of a fence into the exception that stops a build."""
    page = page_of(md)
    fence = page.next_of(kind)
    line = fence.start if fence else None
    try:
        yield page
    except SuperFencesException:
        raise
    except Exception as error:
        raise page.problem(str(error), line) from error
    page.rendered[kind] = page.rendered.get(kind, 0) + 1


def cell_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse an option that cells do not have."""
    return take("cell", set(OPTIONS), inputs, options)


def output_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse every option."""
    return take("output", set(), inputs, options)


def source_validator(
    language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Refuse an option other than ``docstring``."""
    return take("source", {"docstring"}, inputs, options)


def take(
    kind: str,
    known: set[str],
    inputs: dict[str, str],
    options: dict[str, Any],
) -> bool:
    """What a validator does: refuse an option that its fence lacks."""
    for key, value in inputs.items():
        if key not in known:
            problem = f"unknown option {key!r} of a {kind} fence"
            raise SuperFencesException(problem)
        options[key] = value
    return True


def cell_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """The HTML of a cell, and a mark where its outputs will stand."""
    header = header_of("cell", options, rest)
    with loudly(md, "cell") as page:
        checked = options_of(header)
        if checked.id in page.outputs:
            raise ValueError(f"two cells have the id {checked.id!r}")
        page.outputs[checked.id] = []
        return f"{render_cell(source, checked)}\n{mark_of(checked.id)}"


def output_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """Give an output to the cell before it; leave a comment in its place."""
    header = header_of("output", options, rest)
    with loudly(md, "output") as page:
        kind = output_kind(header)
        if not page.outputs:
            raise ValueError("this output fence has no cell before it")
        if kind in {"image", "widget"}:
            _check_picture(kind, source, page)
        html = render_output(kind, source, page.relative, page.folder)
        page.outputs[list(page.outputs)[-1]].append(html)
        return f"<!--{kind}-->"


def source_formatter(
    source: str,
    language: str,
    class_name: str,
    options: dict[str, Any],
    md: Markdown,
    **rest: Any,
) -> str:
    """The tested code that a dotted name leads to."""
    header = header_of("source", options, rest)
    with loudly(md, "source"):
        hidden = hides_docstrings(header)
        name = source.strip()
        if not name or len(name.split()) != 1:
            raise ValueError(
                f"a source fence holds one dotted name, got {source.strip()!r}"
            )
        return render_source(name, docstrings=not hidden)


def mark_of(identity: str) -> str:
    """What stands for the outputs of a cell until the page is complete."""
    return f"<!--outputs of {identity}-->"


def header_of(
    kind: str, options: dict[str, Any], rest: dict[str, Any]
) -> Header:
    """The header of a fence, as superfences hands it to a formatter."""
    texts = {key: str(value) for key, value in options.items()}
    classes = tuple(rest.get("classes") or ())
    return Header(kind, rest.get("id_value") or "", classes, texts)


def _check_picture(kind: str, body: str, page: PageFences) -> None:
    read = read_image if kind == "image" else read_widget
    src = read(body)["src"]
    if page.folder is not None and not (page.folder / src).is_file():
        raise ValueError(
            f"there is no file {src}; `make outputs` writes it anew"
        )
