"""A page's Markdown as the cells of a notebook: prose, code, outputs.

What only a page can show becomes plain Markdown: a tab is a bold line, an
admonition a quotation, a quiz a list whose answer is folded away.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from tutorial_kernels.site.exercise_package import read_exercise
from tutorial_kernels.site.fences import options_of, output_kind
from tutorial_kernels.site.headers import Fence, find_fences
from tutorial_kernels.site.questions import Question, read_question
from tutorial_kernels.site.source import runnable, source_of

_DROPPED = re.compile(
    r"\s*(?:</?(?:div|figure|section)\b[^>]*>|--8<--.*|\{[^}]*\})\s*\Z"
)
_CAPTION = re.compile(r"</?figcaption>")
_BLOCK = re.compile(
    r"(?P<sign>===|!!!|\?\?\?\+?)\s*[\w ]*\"(?P<title>.*)\"\s*\Z"
)
_HEADING_ATTRIBUTES = re.compile(r"^(#+ .*?)\s*\{[^}]*\}\s*$")
_FENCE = re.compile(r"[> \t]*(`{3,})")
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
_INDENT = "    "
PYTORCH = "PyTorch"  # the title of a tab, and the name of a side


@dataclass
class NotebookCell:
    """A cell of a notebook.

    Attributes:
        source: Its text.
        is_code: Whether it is Python.
        name: The name of the page's cell or exercise, or "".
        raises: The exception it is meant to raise, or "".
        outputs: Kind and body of each golden output.
        side: ``"PyTorch"`` for the code of such a tab.
    """

    source: str
    is_code: bool = False
    name: str = ""
    raises: str = ""
    outputs: list[tuple[str, str]] = field(default_factory=list)
    side: str = ""


def notebook_cells(page: Path, docs: Path, url: str) -> list[NotebookCell]:
    """The cells of a page; empty when it has no code to run.

    Args:
        page: Its Markdown file.
        docs: The folder of all pages.
        url: Where the site stands; links into it lead there.

    Raises:
        ValueError: A fence is malformed.
    """
    text = page.read_text(encoding="utf-8")
    lines = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).split("\n")
    fences = list(find_fences(lines))
    if not any(fence.header.kind == "cell" for fence in fences):
        return []
    here = urljoin(url, _address(page.relative_to(docs).as_posix()))
    cells: list[NotebookCell] = []
    prose: list[str] = []
    position = 0
    tab = ""
    for fence in fences:
        between = lines[position : fence.start]
        if tab == PYTORCH:  # its title stands in an earlier cell
            between = _out_of_tab(between)
        tab = _tab_of(between, tab) if fence.indent else ""
        prose += between
        position = fence.stop
        if fence.header.kind == "output":
            body = (output_kind(fence.header), fence.body)
            cells[-1].outputs.append(body)
            continue
        code = _as_code(fence, docs)
        if code is None and tab == PYTORCH and fence.header.kind == "source":
            number = sum(cell.side == PYTORCH for cell in cells) + 1
            source, name = runnable(fence.body.strip()), f"pytorch-{number}"
            code = NotebookCell(source, True, name, side=PYTORCH)
        else:
            prose += _as_prose(fence, docs)
        if code is not None:
            cells += _prose_cells(prose, here)
            prose = []
            cells.append(code)
    rest = lines[position:]
    if tab == PYTORCH:
        rest = _out_of_tab(rest)
    return [*cells, *_prose_cells([*prose, *rest], here)]


def _tab_of(lines: list[str], tab: str) -> str:
    """The title of the tab that the end of these lines is in."""
    for line in lines:
        block = _BLOCK.match(line)
        if block is not None and block["sign"] == "===":
            tab = block["title"]
        elif line.strip() and line[:4] != _INDENT:
            tab = ""
    return tab


def _out_of_tab(lines: list[str]) -> list[str]:
    """Lines of which the first still belong to a tab, without its indent."""
    for at, line in enumerate(lines):
        if line.strip() and line[:4] != _INDENT:
            return [*_out_of_tab(lines[:at]), *lines[at:]]
    return [line.removeprefix(_INDENT) for line in lines]


def _as_code(fence: Fence, docs: Path) -> NotebookCell | None:
    if fence.header.kind == "cell":
        options = options_of(fence.header)
        return NotebookCell(fence.body, True, options.id, options.raises)
    if fence.header.kind == "exercise":
        exercise = read_exercise(docs / "exercises" / fence.body.strip())
        return NotebookCell(exercise.starter, True, exercise.id)
    return None


def _as_prose(fence: Fence, docs: Path) -> Iterator[str]:
    """What a fence says in Markdown, at the indentation it has."""
    kind, indent = fence.header.kind, fence.indent
    if kind == "source":
        code = source_of(fence.body.strip())
        block = ["", "```python", *code.split("\n"), "```", ""]
        yield from (indent + line for line in block)
    elif kind == "exercise":
        exercise = read_exercise(docs / "exercises" / fence.body.strip())
        yield from ["", f"### Exercise: {exercise.title}", ""]
        yield from exercise.task.strip().split("\n")
        yield ""
    elif kind in ("quiz", "predict"):
        number = fence.header.classes == ("number",)
        name = fence.header.id
        question = read_question(
            fence.body, name, number=number, explained=False
        )
        yield from _question(question, kind)


def _question(question: Question, kind: str) -> Iterator[str]:
    word = "Question" if kind == "quiz" else "Guess, then run the cell"
    yield from ["", f"**{word}.** {question.text}", ""]
    if not question.number:
        yield from (f"- {option.text}" for option in question.listed)
    right = question.right
    yield from ["", "<details><summary>Answer</summary>", ""]
    yield from [f"{right.text}. {right.explanation}".strip(), "", "</details>"]
    yield ""


def _prose_cells(lines: list[str], here: str) -> Iterator[NotebookCell]:
    text = _plain_markdown(lines, here)
    if text:
        yield NotebookCell(text)


def _plain_markdown(lines: list[str], here: str) -> str:
    """Markdown that Jupyter understands."""
    kept: list[str] = []
    quoted: str | None = None  # what stands before the lines of a block
    ticks = ""  # of the block of code around the line
    for line in lines:
        if quoted is not None and (not line.strip() or line[:4] == _INDENT):
            line = quoted + line.removeprefix(_INDENT)
        else:
            quoted = None
        block = _BLOCK.match(line)
        if block is not None and not ticks:
            quoted = "" if block["sign"] == "===" else "> "
            kept += [f"{quoted}**{block['title']}**", quoted]
            continue
        fence = _FENCE.match(line)
        if fence and not ticks:
            ticks = fence[1]
        elif fence and line.strip("> \t\r") == ticks:
            ticks = ""
        if ticks or not _DROPPED.match(line):
            kept.append(_HEADING_ATTRIBUTES.sub(r"\1", line).rstrip())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    plain: list[str] = []
    position = 0
    for code in _CODE.finditer(text):
        plain += [_outside_code(text[position : code.start()], here), code[0]]
        position = code.end()
    return "".join([*plain, _outside_code(text[position:], here)])


def _outside_code(text: str, here: str) -> str:
    """Formulas between dollars, links with a whole address."""
    text = _CAPTION.sub("*", text)
    text = re.sub(r"\\[()]", "$", text)
    text = re.sub(r"\\[\[\]]", "$$", text)

    def whole(link: re.Match[str]) -> str:
        return f"]({urljoin(here, _up(link[1]))}{link[2] or ''})"

    return _LINK.sub(whole, text)


def _address(path: str) -> str:
    """The address of a page, from the path of its Markdown."""
    folder, name = posixpath.split(path)
    stem = "" if name == "index.md" else posixpath.splitext(name)[0]
    return posixpath.join(folder, stem, "").lstrip("/")


def _up(link: str) -> str:
    """From a Markdown file to another: from its address, one folder up."""
    if link.endswith((".md", ".py")):
        link = _address(link)
    return f"../{link}"
