"""The reference on a phone, without scripts, and in the search."""

from __future__ import annotations

from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = [
    "" if path.stem == "index" else f"{path.stem}/"
    for path in sorted(REFERENCE.glob("*.md"))
]
PHONE = {"width": 390, "height": 844}


def test_without_scripts_no_page_is_wider_than_a_phone(start_browser, site_url):
    """With them, test_every_page.py looks at 320 pixels."""
    context = start_browser(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{site_url}reference/{name}")
        box = page.locator("article").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"], name
        wide = page.locator("html").bounding_box()
        assert wide is not None
        assert wide["width"] <= PHONE["width"], name
    context.close()


def test_both_ways_stand_beside_each_other_on_a_desk(browser, site_url):
    page = browser.new_page()
    page.goto(f"{site_url}reference/layers/")
    for kind in (".pair-ways > div", ".pair-code > .highlight"):
        forward = page.locator(kind).nth(0).bounding_box()
        backward = page.locator(kind).nth(1).bounding_box()
        assert forward["y"] == backward["y"]
        assert forward["x"] + forward["width"] <= backward["x"]
    page.set_viewport_size(PHONE)
    forward = page.locator(".pair-code > .highlight").nth(0).bounding_box()
    backward = page.locator(".pair-code > .highlight").nth(1).bounding_box()
    assert forward["y"] + forward["height"] <= backward["y"]
    page.close()


def test_the_search_finds_a_backward(browser, site_url):
    page = browser.new_page()
    page.goto(f"{site_url}reference/")
    page.get_by_text("Type to start searching").wait_for(state="attached")
    page.locator("[data-md-component=search-query]").click()
    page.wait_for_timeout(50)
    page.keyboard.insert_text("lstm_backward")  # pasted: no key is let go
    found = page.get_by_text("matching documents")
    found.wait_for(state="visible")
    links = page.locator(".md-search-result__link").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert any("reference/recurrent/" in link for link in links[:3]), links
    page.close()
