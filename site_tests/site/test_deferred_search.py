"""What a page reads of the search when it opens, and what waits."""

import json

import pytest
from material.plugins.search.plugin import Parser

from tutorial_kernels.site.deferred_search import (
    DOCUMENTS,
    INDEX,
    SearchError,
    defer_search,
)
from tutorial_kernels.site.formulas import Formula, Formulas

DOCS = [{"location": "a/", "title": "Tanh", "text": "from −1 to 1"}]
WORKER = "assets/javascripts/workers/search.0a1b.min.js"
KEPT = "assets/javascripts/workers/theme_search.js"


@pytest.fixture
def site(tmp_path):
    files = {
        INDEX: json.dumps({"config": {"lang": ["en"]}, "docs": DOCS}),
        WORKER: "the theme's",
        f"{WORKER}.map": "{}",
        "assets/cells/search_worker.js": "ours",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize("builds", [1, 2])
def test_the_text_of_the_course_stands_aside(site, builds):
    written = (site / INDEX).read_text()
    for _ in range(builds):
        # MkDocs writes the index anew, and only the theme's changed files.
        (site / INDEX).write_text(written)
        defer_search(site)
    index = json.loads((site / INDEX).read_text())
    assert index == {"config": {"lang": ["en"]}, "docs": []}
    assert json.loads((site / DOCUMENTS).read_text()) == DOCS
    assert (site / WORKER).read_text() == "ours"
    assert (site / KEPT).read_text() == "the theme's"


def test_a_site_without_a_search_stays_as_it_is(site):
    (site / INDEX).unlink()
    defer_search(site)
    assert (site / WORKER).read_text() == "the theme's"
    assert not (site / DOCUMENTS).exists()


def test_another_theme_is_told_apart(site):
    (site / WORKER).rename(site / "assets/javascripts/workers/find.js")
    with pytest.raises(SearchError, match=r"expected one worker .* found \[\]"):
        defer_search(site)
    assert json.loads((site / INDEX).read_text())["docs"] == DOCS


def test_without_the_engine_there_is_no_stand_in(site):
    (site / "assets/cells/search_worker.js").unlink()
    with pytest.raises(SearchError, match="run assemble first"):
        defer_search(site)


def test_a_formula_is_found_once(tmp_path):
    formula = Formula("h_t", False)
    html = Formulas(cache=str(tmp_path)).render([formula])[formula]
    parser = Parser()
    parser.feed(f'<h1 id="a">A</h1><p>Then {html} follows.</p>')
    parser.close()
    text = "".join(parser.data[0].text)
    words = text.replace("\u200b", "").split()
    assert words == ["<p>Then", "ht", "follows.</p>"]
