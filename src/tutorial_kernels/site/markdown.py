"""The Markdown extension of the course: whole cells, terms and formulas.

It turns the fences of the reference into Markdown, scans a page before
superfences sees it, so that no fence can vanish without a word, puts the
outputs of each cell into one element behind it, and renders the formulas that
``pymdownx.arithmatex`` found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from tutorial_kernels.site.cell import render_cell_output
from tutorial_kernels.site.expansion import expand
from tutorial_kernels.site.fences import (
    begin_page,
    check_fences,
    identity_of,
    mark_of,
    page_of,
    unscanned_page,
)
from tutorial_kernels.site.formulas import (
    Formula,
    FormulaError,
    Formulas,
)
from tutorial_kernels.site.glossary import add_terms
from tutorial_kernels.site.headers import FenceError, find_fences

_OUTPUT_MARK = re.compile(r"<!--(?:text|plot|image)-->\n?")
_MATH = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">(?P<tex>.*?)</(?P=tag)>',
    re.DOTALL,
)
_DROPPED = re.compile(r"[ \t>]*(`{3,}|~{3,})(?P<info>.*)")


class CourseExtension(Extension):
    """Registers the scan, the merging of outputs and the formulas."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "katex": ["", "The folder of the npm package katex"],
            "cache": ["", "The folder that keeps rendered formulas"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Place the parts around superfences (preprocessors 31.05 and 25)."""
        formulas = Formulas(self.getConfig("katex"), self.getConfig("cache"))
        md.preprocessors.register(FenceScan(md), "course_scan", 31.5)
        md.preprocessors.register(FenceCount(md), "course_count", 24.5)
        add_terms(md)
        # Behind toc (5), which sends each heading through the postprocessors.
        md.treeprocessors.register(TreeDone(md), "course_tree_done", -10)
        # Behind raw_html (30), which brings the fences' HTML back.
        md.postprocessors.register(CellOutputs(md), "course_outputs", 8)
        md.postprocessors.register(
            PageFormulas(md, formulas), "course_formulas", 7
        )


class FenceScan(Preprocessor):
    """Reads every header strictly and keeps fences out of paragraphs."""

    def run(self, lines: list[str]) -> list[str]:
        """Check the page; put an empty line around each fence of ours."""
        page = unscanned_page(self.md, lines)
        try:
            expansion = expand(lines, page.place)
            lines, page.origins = expansion.lines, expansion.origins
            page.lines = list(lines)
            page.fences = list(find_fences(lines))
        except FenceError as error:
            raise page.problem(error.reason, error.line) from error
        begin_page(self.md, page)
        for number, reason in check_fences(page.fences):
            raise page.problem(reason, number)
        _check_neighbors(self.md, lines)
        starts = {fence.start for fence in page.fences}
        stops = {fence.stop for fence in page.fences}
        spaced: list[str] = []
        for index, line in enumerate(lines):
            if index in starts or index in stops:
                spaced.append("")
            spaced.append(line)
        return spaced


class FenceCount(Preprocessor):
    """Runs behind superfences: did it take every fence there is?"""

    def run(self, lines: list[str]) -> list[str]:
        """Stop the build when a fence was left as text."""
        page = page_of(self.md)
        for line in lines:
            match = _DROPPED.match(line)
            if match and not ("`" in match["info"] and "`" in match[1]):
                raise page.problem(
                    f"this fence would show as plain text: {line.strip()}; "
                    "is a value without quotes, or its end missing?",
                    page.line_of(line.strip()),
                )
        found = Counter(fence.header.kind for fence in page.fences)
        for kind, count in found.items():
            if page.rendered.get(kind, 0) != count:
                raise page.problem(
                    f"{count} {kind} fences stand in this page, but only "
                    f"{page.rendered.get(kind, 0)} were rendered; the fence "
                    "before the first missing one may not be closed",
                    None,
                )
        return lines


class TreeDone(Treeprocessor):
    """Notes that from here on the postprocessors see the whole page."""

    def run(self, root: Element) -> None:
        """Change nothing."""
        page_of(self.md).complete = True


class CellOutputs(Postprocessor):
    """Puts the outputs of each cell into one element behind it."""

    def run(self, text: str) -> str:
        """Fill the marks that the formatters left."""
        page = page_of(self.md)
        if not page.complete:
            return text
        text = _OUTPUT_MARK.sub("", text) if page.outputs else text
        self._check_ids()
        for identity, parts in page.outputs.items():
            mark = mark_of(identity)
            if text.count(mark) != 1:
                raise page.problem(
                    f"cell {identity!r} has lost its place", None
                )
            text = text.replace(mark, render_cell_output(identity, parts))
        return text

    def _check_ids(self) -> None:
        """A heading may not have the id of a fence."""
        headings = _heading_ids(getattr(self.md, "toc_tokens", []))
        page = page_of(self.md)
        for fence in page.fences:
            if fence.header.kind in ("output", "source"):
                continue
            if identity_of(fence) in headings:
                raise page.problem(
                    "a heading of this page has the id "
                    f"{identity_of(fence)!r} of a {fence.header.kind}",
                    None,
                )


class PageFormulas(Postprocessor):
    """Renders all formulas of a page with one call of KaTeX."""

    def __init__(self, md: Markdown, formulas: Formulas) -> None:
        super().__init__(md)
        self._formulas = formulas

    def run(self, text: str) -> str:
        """Replace what arithmatex marked."""
        if not page_of(self.md).complete:  # a heading, for the contents
            return _MATH.sub(lambda match: _formula(match).tex, text)
        wanted = [_formula(match) for match in _MATH.finditer(text)]
        if not wanted:
            return text
        try:
            html = self._formulas.render(wanted)
        except FormulaError as error:
            raise page_of(self.md).problem(str(error), None) from error

        def rendered(match: re.Match[str]) -> str:
            tag = match["tag"]
            inside = html[_formula(match)]
            return f'<{tag} class="arithmatex">{inside}</{tag}>'

        return _MATH.sub(rendered, text)


def makeExtension(**options: Any) -> CourseExtension:  # noqa: N802
    """What Python-Markdown calls."""
    return CourseExtension(**options)


def _formula(match: re.Match[str]) -> Formula:
    tex = unescape(match["tex"]).strip()
    return Formula(tex[2:-2].strip(), match["tag"] == "div")


def _heading_ids(tokens: Sequence[dict[str, Any]]) -> set[str]:
    ids: set[str] = set()
    for token in tokens:
        ids.add(token["id"])
        ids |= _heading_ids(token["children"])
    return ids


def _check_neighbors(md: Markdown, lines: list[str]) -> None:
    """An output follows its cell directly, with empty lines at most."""
    page = page_of(md)
    for before, fence in zip(page.fences, page.fences[1:], strict=False):
        if fence.header.kind != "output":
            continue
        if any(line.strip() for line in lines[before.stop : fence.start]):
            raise page.problem(
                "text stands between this output fence and its cell",
                fence.start,
            )
