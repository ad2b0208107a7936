"""The glossary: its terms, and a link at the first use of each in a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor

from tutorial_kernels.site.fences import page_of
from tutorial_kernels.site.place import Place

PAGE = "glossary.md"
LINKED = ("chapters/",)
_ENTRY = re.compile(
    r"^(?P<names>\S.*)\n:[ ]+(?P<text>.*(?:\n[ ]+.*)*)", re.MULTILINE
)
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s+(?=[A-Z])|$)", re.DOTALL)
# Not in a link, code, a drawing, a formula, or where one looks for one word.
_CLOSED = {
    "a", "abbr", "button", "code", "figure", "pre", "span", "summary", "svg",
    "th",
}  # fmt: skip
_QUIET = {"chapter-facts", "arithmatex"}  # the second: a formula in a block
_HEADINGS = {f"h{level}" for level in range(1, 7)}


@dataclass(frozen=True)
class Term:
    """An entry of the glossary.

    Attributes:
        names: The term, then its other names, as the entry heads them.
        sentence: The first sentence of its explanation, without links.
    """

    names: tuple[str, ...]
    sentence: str

    @property
    def slug(self) -> str:
        """The anchor of the entry."""
        return slugify(self.names[0], "-")

    @property
    def forms(self) -> Iterator[str]:
        """How the term may stand in a text: its names and their plurals."""
        for name in self.names:
            yield name
            if name.endswith("y") and name[-2] not in "aeiou":
                yield f"{name[:-1]}ies"
            else:
                yield f"{name}es" if name[-1] in "sx" else f"{name}s"


def read_terms(text: str) -> list[Term]:
    """The entries of a glossary, written as a Markdown definition list."""
    terms = []
    for entry in _ENTRY.finditer(text):
        plain = _LINK.sub(r"\1", " ".join(entry["text"].split()))
        sentence = _SENTENCE.match(plain)
        names = tuple(name.strip() for name in entry["names"].split(","))
        terms.append(Term(names, sentence[1] if sentence else plain))
    return terms


class Anchors(Treeprocessor):
    """Gives the entries of the glossary anchors."""

    def run(self, root: Element) -> None:
        """Change the glossary's page."""
        if page_of(self.md).place.page == PAGE:
            for entry in root.iter("dt"):
                name = "".join(entry.itertext()).partition(",")[0]
                entry.set("id", slugify(name, "-"))


class Terms(Treeprocessor):
    """Links the chapters to the entries."""

    def run(self, root: Element) -> None:
        """Change the chapters."""
        place = page_of(self.md).place
        glossary = place.docs / PAGE
        if place.page.startswith(LINKED) and glossary.is_file():
            terms = read_terms(glossary.read_text(encoding="utf-8"))
            FirstUses(terms, place).mark(root)


class FirstUses:
    """What of the glossary a page has used so far."""

    def __init__(self, terms: Sequence[Term], place: Place) -> None:
        self._place = place
        self._forms = dict(_spellings(terms))
        self._used: set[str] = set()
        longest = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])"
        )

    def mark(self, element: Element) -> None:
        """Link the first uses inside an element, in the order of reading."""
        classes = element.get("class", "").split()
        if element.tag in _CLOSED | _HEADINGS or _QUIET & {*classes}:
            return
        children = list(element)
        element.text = self._link(element, element.text, 0)
        for child in children:
            self.mark(child)
            index = list(element).index(child) + 1
            child.tail = self._link(element, child.tail, index)

    def _link(
        self, parent: Element, text: str | None, index: int
    ) -> str | None:
        """Put links into a text that stands before child `index`."""
        if not text or parent.tag in ("ol", "ul", "table", "tr"):
            return text
        links: list[Element] = []
        rest = 0
        for found in self._pattern.finditer(text):
            term = self._forms[found[0]]
            if term.slug in self._used:
                continue
            self._used.add(term.slug)
            before = text[rest : found.start()]
            if links:
                links[-1].tail = before
            else:
                first = before
            links.append(self._link_to(term, found[0]))
            rest = found.end()
        if not links:
            return text
        links[-1].tail = text[rest:]
        for offset, link in enumerate(links):
            parent.insert(index + offset, link)
        return first

    def _link_to(self, term: Term, words: str) -> Element:
        link = Element("a")
        link.text = words
        link.set("class", "term")
        link.set("href", self._place.link(f"{PAGE}#{term.slug}"))
        link.set("title", term.sentence)
        return link


def _spellings(terms: Iterable[Term]) -> Iterator[tuple[str, Term]]:
    """Each form, at the start of a sentence and inside one."""
    for term in terms:
        for form in term.forms:
            yield form, term
            if form[1:2].islower():
                yield form[0].lower() + form[1:], term


def add_terms(md: Markdown) -> None:
    """Put both where they belong in the order of the treeprocessors."""
    # Behind attr_list (8), before MkDocs notes what can be linked to (5).
    md.treeprocessors.register(Anchors(md), "course_anchors", 6)
    # Before MkDocs resolves links (0).
    md.treeprocessors.register(Terms(md), "course_terms", 2)
