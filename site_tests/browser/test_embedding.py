"""One cell inside another page: `?embed=` and its name."""

import re


def shown(page):
    """The cells that a reader sees."""
    cells = page.locator(".cell").all()
    return [cell.get_attribute("id") for cell in cells if cell.is_visible()]


def test_one_cell_stands_alone_and_runs_what_it_needs(cells):
    page = cells.page
    cells.open("?embed=sum")
    assert shown(page) == ["sum"]
    assert (
        not page.locator(".md-header, .md-sidebar, h1, h2")
        .filter(visible=True)
        .count()
    )
    assert cells.run("sum") == "total: 66\n"  # after the cell above
    assert cells.state("numbers") == "done"
    link = page.locator(".embed-source a")
    assert re.search(r"/site/#sum$", link.evaluate("(one) => one.href"))
    assert link.get_attribute("target") == "_blank"
    assert cells.errors == []


def test_a_name_that_is_not_there_shows_the_whole_page(cells):
    cells.open("?embed=no-such-cell")
    assert len(shown(cells.page)) > 3
    (said,) = cells.errors
    cells.errors.clear()  # this one was to come
    assert said == 'embed: this page has no cell named "no-such-cell"'
