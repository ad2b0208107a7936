"""The built reference: headings in order, names once, pairs complete."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tutorial_kernels.site.pair_tables import FOLDER
from tutorial_kernels.site.pairs import exported

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [path.stem for path in sorted((DOCS / FOLDER).glob("*.md"))]


class Outline(HTMLParser):
    """The headings of an article, and every id of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: Counter[str] = Counter()
        self.inside = False

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.inside = self.inside or tag == "article"
        if self.inside and re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids.update(v for k, v in attrs if k == "id" and v)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "article"


def html_of(built_site: Path, page: str) -> str:
    folder = built_site / FOLDER / ("" if page == "index" else page)
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_no_heading_skips_a_level_and_no_id_comes_twice(
    built_site: Path, page: str
) -> None:
    outline = Outline()
    outline.feed(html_of(built_site, page))
    assert outline.levels.count(1) == 1
    for above, below in zip(outline.levels, outline.levels[1:], strict=False):
        assert below <= above + 1, outline.levels
    assert [name for name, n in outline.ids.items() if n > 1] == []


def test_every_pair_has_its_place_in_one_page(built_site: Path) -> None:
    places: Counter[str] = Counter()
    for page in PAGES:
        html = html_of(built_site, page)
        places.update(re.findall(r'<span id="(\w+_(?:for|back)ward)">', html))
    pairs = [n for n in exported() if n.endswith(("_forward", "_backward"))]
    assert len(pairs) > 140
    assert places == Counter(pairs)


def test_formulas_of_the_pairs_are_mathematics(built_site: Path) -> None:
    html = html_of(built_site, "recurrent")
    ways = html.split('<div class="pair-ways">')[1:]
    assert len(ways) == 6
    for way in ways:
        assert way.split('<div class="pair-code">')[0].count("<math") >= 2
