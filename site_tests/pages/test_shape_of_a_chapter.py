"""A chapter has the length, the sections and the practice it is to have."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tutorial_kernels.site.questions import read_question

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAV = re.compile(r"^ +- [^:\n]+: (chapters/\w+\.md)$", re.MULTILINE)
CHAPTERS = NAV.findall((DOCS.parent / "mkdocs.yml").read_text("utf-8"))
FENCE = re.compile(r"^``` ?\{\.(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)
# What is not running text: front matter, pictures, plain code, tabs and
# tables, formulas of their own lines, tags and lists of attributes.
NO_PROSE = re.compile(
    r"\A---\n.*?^---$|<figure.*?</figure>|^``` ?\w+\n.*?^```$|^ {4}.*?$"
    r"|^\|.*?$|\\\[.*?\\\]|<[^>]+>|\{[^}\n]*\}",
    re.MULTILINE | re.DOTALL,
)
FORMULA = re.compile(r"\\\(.*?\\\)", re.DOTALL)  # reads as one word
ENDS = ["Summary", "Check yourself", "References"]
KINDS = {"faded", "parsons", "write"}
LINES = 4  # as many kinds of line as a plot can draw


class Chapter:
    """The parts of a chapter's Markdown."""

    def __init__(self, page: str) -> None:
        self.is_first = page == CHAPTERS[0]
        self.text = (DOCS / page).read_text("utf-8")
        self.top, *parts = self.text.split("\n## ")
        self.sections = {
            head.split(" {")[0]: body
            for head, _, body in (part.partition("\n") for part in parts)
        }
        self.names = [*self.sections]

    def exercises(self) -> list[Path]:
        """The folders of its exercises, in the order of the page."""
        return [
            DOCS / "exercises" / body.strip()
            for kind, _, body in FENCE.findall(self.text)
            if kind == "exercise"
        ]


def words(text: str) -> int:
    """The words a reader reads in a text, without questions and code."""
    prose = FORMULA.sub("x", NO_PROSE.sub("", FENCE.sub("", text)))
    return sum(re.search(r"\w", word) is not None for word in prose.split())


def questions(text: str) -> int:
    """How many quiz questions a text asks."""
    return sum(kind == "quiz" for kind, *_ in FENCE.findall(text))


every_chapter = pytest.mark.parametrize(
    "chapter", [Chapter(page) for page in CHAPTERS], ids=CHAPTERS
)


def test_every_chapter_is_looked_at() -> None:
    assert {Path(page).name for page in CHAPTERS} == {
        path.name for path in (DOCS / "chapters").glob("*.md")
    }


@every_chapter
def test_it_says_at_once_what_for_for_whom_and_how_long(
    chapter: Chapter,
) -> None:
    facts = re.findall(r"^\*\*([^*]+)\*\*", chapter.top, re.MULTILINE)
    assert facts == ["You will be able to", "You need", "Time"]


@every_chapter
def test_it_has_the_length_and_the_sections(chapter: Chapter) -> None:
    text, *_ = chapter.text.split("\n## Check yourself\n")
    assert 2_000 <= words(text) <= 2_800, words(text)
    assert chapter.names[-3:] == ENDS
    assert 6 <= len(chapter.names[:-3]) <= 9, chapter.names
    long = {
        name: count
        for name in chapter.names[:-3]
        if (count := words(chapter.sections[name])) > 350
    }
    assert not long


@every_chapter
def test_the_curves_of_a_plot_can_be_told_apart(chapter: Chapter) -> None:
    for kind, options, body in FENCE.findall(chapter.text):
        if kind == "output" and ".plot" in options:
            figure = json.loads(body)
            names = [
                series["name"]
                for series in figure["series"]
                if not series.get("baseline")
            ]
            assert len(names) <= LINES, (figure["title"], names)


@every_chapter
def test_it_asks_and_asks_again(chapter: Chapter) -> None:
    assert 4 <= questions(chapter.text) <= 6
    _, *earlier = re.split(
        r"^[\w ]*\b[Ff]rom the chapter \[", chapter.text, flags=re.MULTILINE
    )
    again = sum(questions(part) for part in earlier)
    assert again == (0 if chapter.is_first else 2)


@every_chapter
def test_the_first_choice_is_mostly_a_wrong_one(chapter: Chapter) -> None:
    asked = [
        read_question(body, options.split("#")[1].split("}")[0], number=False)
        for kind, options, body in FENCE.findall(chapter.text)
        if kind in {"quiz", "predict"} and ".number" not in options
    ]
    first = [question.listed[0].right for question in asked]
    assert 0 < sum(first) <= len(first) / 2, first


@every_chapter
def test_it_has_an_exercise_of_every_kind(chapter: Chapter) -> None:
    found = chapter.exercises()
    kinds = {
        yaml.safe_load((folder / "exercise.yml").read_text("utf-8"))["kind"]
        for folder in found
    }
    assert kinds == KINDS
    assert 3 <= len(found) <= 5, [folder.name for folder in found]
    for folder in found:
        assert (folder / "solution.py").is_file()
        assert len([*folder.glob("wrong_*.py")]) >= 3, folder.name


@every_chapter
def test_its_references_have_a_year_and_a_link_that_is_whole(
    chapter: Chapter,
) -> None:
    rows = [
        " ".join(row.split())
        for row in chapter.sections["References"].split("\n- ")[1:]
    ]
    assert rows
    assert rows == sorted(rows, key=str.casefold)
    for row in rows:
        assert re.match(r"[^(]+ \((19|20)\d\d\)\. \S", row), row
        links = re.findall(r"\]\(([^)]*)\)", row)
        assert all(re.fullmatch(r"https?://\S+\.\S+", link) for link in links)
