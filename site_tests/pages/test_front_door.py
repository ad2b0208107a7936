"""The front door promises what the chapters say, the notation what they use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
ENTRY = re.compile(
    r'class="map-title" href="(?P<page>[^"]*)/">.*?'
    r'class="map-after">(?P<after>[^<]*)<.*?'
    r'class="map-facts">(?P<facts>[^<]*)<',
    re.DOTALL,
)
TIME = re.compile(r"(\d+) min\w* to read, (an hour|\d+) with the cells")
FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
MAP = [*ENTRY.finditer((DOCS / "index.md").read_text("utf-8"))]

every_entry = pytest.mark.parametrize(
    "entry", MAP, ids=[entry["page"] for entry in MAP]
)


def chapter_of(entry: re.Match[str]) -> str:
    return (DOCS / f"{entry['page']}.md").read_text("utf-8")


def test_every_chapter_is_on_the_map() -> None:
    pages = {f"{Path(entry['page']).name}.md" for entry in MAP}
    assert pages == {path.name for path in (DOCS / "chapters").glob("*.md")}


@every_entry
def test_it_takes_as_long_as_the_chapter_says(entry: re.Match[str]) -> None:
    said = TIME.search(" ".join(chapter_of(entry).split()))
    promised = TIME.search(entry["facts"])
    assert said is not None
    assert promised is not None
    assert promised.groups() == said.groups()


@every_entry
def test_it_comes_after_what_the_chapter_needs(entry: re.Match[str]) -> None:
    need = chapter_of(entry).split("**You need**")[1].split("\n\n")[0]
    needed = set(re.findall(r"\]\((\w+)\.md\)", need))
    title = entry["after"].removeprefix("After ")
    named = {
        Path(other["page"]).name
        for other in MAP
        if f"# {title}\n" in chapter_of(other)
    }
    assert named <= needed
    assert bool(named) == bool(needed)


def formulas(text: str) -> str:
    return " ".join("".join(found) for found in FORMULA.findall(text))


def test_every_symbol_of_the_notation_stands_in_a_chapter() -> None:
    """A table of symbols that no page uses sends its reader astray."""
    page = (DOCS / "notation.md").read_text("utf-8")
    rows = page.split("## Symbols")[1].split("\n## ")[0].split("\n| ")[2:]
    symbols = [
        symbol
        for row in rows
        for column in FORMULA.findall(row.split(" | ")[0])
        for symbol in column[0].split(", ")
    ]
    used = formulas(
        "".join(
            path.read_text("utf-8")
            for path in [
                *(DOCS / "chapters").glob("*.md"),
                *(DOCS / "exercises").glob("*/*/exercise.yml"),
            ]
        )
    )
    assert len(symbols) > 20
    missing = [
        symbol
        for symbol in symbols
        if not re.search(rf"(?<![\w\\]){re.escape(symbol)}(?![a-z])", used)
    ]
    assert missing == []
