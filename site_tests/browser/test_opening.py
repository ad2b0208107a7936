"""What opening a page of the course costs, and that nothing is lost by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

CHAPTER = "chapters/architecture/"
MODULES = "reference/nn/"
DRAWN = "* { content-visibility: visible !important }"
TOPS = """
() => [...document.querySelectorAll("article > *")].map(
  (one) => Math.round(one.getBoundingClientRect().top + scrollY))
"""
COPIED = "navigator.clipboard.readText()"
IN_SIGHT = """
id => {
  const {top} = document.getElementById(id).getBoundingClientRect();
  return top >= 0 && top < 200;
}"""


@pytest.fixture
def page(browser):
    opened = browser.new_page()
    yield opened
    opened.close()


def styled(page, address):
    """How many elements the browser styles, all times together."""
    tracing = page.context.new_cdp_session(page)
    events, ended = [], []
    tracing.on(
        "Tracing.dataCollected", lambda part: events.extend(part["value"])
    )
    tracing.on("Tracing.tracingComplete", lambda _: ended.append(True))
    tracing.send("Tracing.start", {"categories": "devtools.timeline"})
    page.goto(address)
    page.wait_for_timeout(1500)
    tracing.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    return sum(
        event["args"].get("elementCount", 0)
        for event in events
        if event["name"] == "UpdateLayoutTree"
    )


@pytest.mark.parametrize(
    ("name", "most"), [(CHAPTER, 25_000), (MODULES, 20_000)]
)
def test_a_page_is_not_styled_over_and_over(page, site_url, name, most):
    assert styled(page, site_url + name) < most


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", [CHAPTER, "chapters/backpropagation/"])
def test_what_is_not_drawn_keeps_its_place(page, site_url, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site_url + name)
    page.wait_for_timeout(500)
    opened = page.evaluate(TOPS)
    page.add_style_tag(content=DRAWN)
    drawn = page.evaluate(TOPS)
    assert drawn[-1] > 20_000
    off = [abs(one - other) for one, other in zip(opened, drawn, strict=True)]
    assert max(off) < 100


def test_an_anchor_far_down_lands_at_its_heading(page, site_url):
    page.goto(site_url + CHAPTER)
    names = page.locator("article > h2").evaluate_all(
        "all => all.map(o => o.id)"
    )
    page.goto("about:blank")
    page.goto(f"{site_url}{CHAPTER}#{names[-1]}")
    wait_until(page, IN_SIGHT, arg=names[-1])
    page.locator(f".md-nav__link[href$='#{names[2]}']").last.click()
    wait_until(page, IN_SIGHT, arg=names[2])


def copied(page, listing):
    """What the theme's button of a listing gives, once it is seen."""
    page.evaluate("navigator.clipboard.writeText('')")
    listing.scroll_into_view_if_needed()
    listing.hover()
    listing.locator("xpath=..").locator(".md-code__button").first.click()
    wait_until(page, f"{COPIED}.then((text) => text !== '')")
    return page.evaluate(COPIED)


def test_a_listing_far_down_is_copied_whole(page, site_url):
    page.goto(site_url + "chapters/backpropagation/")
    listing = page.locator("article > .highlight > pre > code").last
    text = listing.text_content()
    assert text.count("\n") > 5
    assert copied(page, listing) == text.rstrip()


def test_a_source_that_is_folded_away_is_copied_whole(page, site_url):
    page.goto(site_url + MODULES)
    source = page.locator("details.mkdocstrings-source").last
    source.locator("summary").click()
    listing = source.locator("code", has_text="def ").last
    text = listing.text_content()
    assert text.count("\n") > 5
    assert copied(page, listing) == text.rstrip()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("chapters/backpropagation/", ".highlight:not(.cell *) > pre > code"),
        ("reference/recurrent/", "div.arithmatex"),
    ],
)
def test_what_is_wide_can_be_reached_once_it_is_seen(
    page, site_url, name, kind
):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site_url + name)
    seen = 0
    parts = page.locator(f"article {kind}").filter(visible=True)
    for part in parts.all()[:12]:
        part.scroll_into_view_if_needed()
        if part.evaluate("one => one.scrollWidth > one.clientWidth"):
            expect(part).to_have_attribute("tabindex", "0")
            seen += 1
    assert seen > 1


def test_all_is_drawn_on_paper(page, site_url):
    page.goto(site_url + CHAPTER)
    kinds = "pre > code, div.arithmatex"
    hidden = """kinds => [...document.querySelectorAll(kinds)].filter(
        (one) => getComputedStyle(one).contentVisibility === "auto").length"""
    assert page.evaluate(hidden, kinds) > 50
    page.emulate_media(media="print")
    assert page.evaluate(hidden, kinds) == 0
