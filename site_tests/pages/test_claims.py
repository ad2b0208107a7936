"""Every number in the prose of a chapter is a claim that its outputs hold.

Beside a chapter stands a file of claims. A claim quotes the words with the
number and says what must be true of the outputs of the cells, or of a record
that they read; that the cells give these outputs is tested elsewhere. What no
run could show, such as a size that was chosen or a figure of a paper, is
quoted as given.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tutorial_kernels.data import read_asset

CHAPTERS = Path(__file__).resolve().parents[2] / "docs" / "chapters"
PATHS = sorted(CHAPTERS.glob("*.claims.yml"))
FENCE = re.compile(r"^``` ?\{\.(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)
# Not prose: front matter, plain code, tabs, figures.
BLOCK = re.compile(
    r"\A---\n.*?^---$|^``` ?\w+\n.*?^```$|^    .*?$|<figure.*?</figure>",
    re.M | re.S,
)
# Nor formulas, links, code and years inside a line.
ASIDE = re.compile(
    r"\\\(.*?\\\)|\\\[.*?\\\]|\]\([^)]*\)|`[^`]*`|\b(19|20)\d\d\b", re.S
)
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


class Chapter:
    """The prose of a chapter, and what its cells print and draw."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        text, *_ = text.split("\n## Check yourself\n")
        self.printed: dict[str, list[str]] = {}
        self.code: dict[str, str] = {}
        name, guesses = "", []
        for kind, options, body in FENCE.findall(text):
            if kind == "cell":
                name = re.search(r"#([\w-]+)", options)[1]
                self.printed[name], self.code[name] = [], body
            elif kind == "output" and ".plot" not in options:
                self.printed[name] += body.splitlines()
            elif kind == "predict":
                guesses.append(body)
        said = BLOCK.sub("", FENCE.sub("", text)) + "\n".join(guesses)
        self.said = flat(said)
        self.prose = flat(ASIDE.sub("", said))

    def numbers(self, cell: str, label: str) -> list[float]:
        """The numbers behind a label, in what a cell prints."""
        for line in self.printed[cell]:
            if line.startswith(label):
                found = NUMBER.findall(line[len(label) :])
                return [float(n.replace(",", "")) for n in found]
        raise LookupError(f"cell {cell} prints no line {label!r}")

    def number(self, cell: str, label: str, place: int = 0) -> float:
        """One of them."""
        return self.numbers(cell, label)[place]


def flat(text: str) -> str:
    return " ".join(text.split())


def claims_of(path: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def chapter_of(path: Path) -> Chapter:
    return Chapter(path.with_name(path.name.replace(".claims.yml", ".md")))


def names_of(chapter: Chapter) -> dict[str, Callable[..., Any] | Any]:
    return {
        "number": chapter.number,
        "numbers": chapter.numbers,
        "code": chapter.code,
        "asset": lambda name: json.loads(read_asset(name)),
        "math": math,
    }


def test_every_chapter_has_claims() -> None:
    assert {path.name for path in CHAPTERS.glob("*.md")} == {
        path.name.replace(".claims.yml", ".md") for path in PATHS
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_claim_holds(path: Path) -> None:
    chapter = chapter_of(path)
    for claim in claims_of(path):
        if "holds" in claim:
            holds = eval(claim["holds"], names_of(chapter))
            assert holds is True, claim


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_number_in_the_prose_is_claimed(path: Path) -> None:
    chapter = chapter_of(path)
    prose = chapter.prose
    for claim in claims_of(path):
        words = flat(claim["text"])
        assert words in chapter.said, f"not in the chapter: {words!r}"
        shown = flat(ASIDE.sub("", words))
        prose = prose.replace(shown, " ") if NUMBER.search(shown) else prose
    left = [
        prose[max(0, m.start() - 40) : m.end() + 20]
        for m in NUMBER.finditer(prose)
    ]
    assert not left, left
