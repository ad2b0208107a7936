"""The switch of light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

SCHEME = "document.body.dataset.mdColorScheme"
ROOT = "getComputedStyle(document.documentElement).colorScheme"
BAR = "document.querySelector('meta[name=theme-color]').content"
DARK_BAR = "rgb(22, 40, 58)"


@pytest.fixture
def page(start_browser, site_url):
    """A new reader's first page."""
    context = start_browser(color_scheme="light")
    opened = context.new_page()
    opened.goto(site_url)
    yield opened
    context.close()


def offered(page):
    """The label that is shown; there is one."""
    label = page.locator("[data-palette] label").filter(visible=True)
    expect(label).to_have_count(1)
    return label


def switch(page, name, scheme):
    """Press the switch, which is to have this name."""
    # Its title becomes a tooltip when the pointer is over it.
    choice = page.get_by_role("radio", name=name, include_hidden=True)
    assert offered(page).evaluate(
        "(label, one) => one.nextElementSibling === label",
        choice.element_handle(),
    )
    offered(page).click()
    assert page.evaluate(SCHEME) == scheme


def test_system_light_and_dark_follow_each_other(page):
    wait_until(page, f"{BAR} !== ''")
    light = page.evaluate(BAR)
    switch(page, "Switch to light mode", "default")
    switch(page, "Switch to dark mode", "slate")
    assert page.evaluate(ROOT) == "dark"
    wait_until(page, f"{BAR} === '{DARK_BAR}'")
    wait_until(page, "!('mdColorSwitching' in document.body.dataset)")
    switch(page, "Switch to system preference", "default")
    wait_until(page, f"{BAR} === '{light}'")
    assert page.evaluate(ROOT) != "dark"


def test_what_was_chosen_stays(page, site_url):
    switch(page, "Switch to light mode", "default")
    switch(page, "Switch to dark mode", "slate")
    page.goto(f"{site_url}glossary/")
    assert page.evaluate(SCHEME) == "slate"
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    switch(page, "Switch to system preference", "default")


def test_without_a_choice_the_page_follows_the_system(page):
    page.emulate_media(color_scheme="dark")
    wait_until(page, f"{SCHEME} === 'slate'")
    page.reload()
    wait_until(page, f"{SCHEME} === 'slate'")
    page.emulate_media(color_scheme="light")
    wait_until(page, f"{SCHEME} === 'default'")


def test_a_dark_system_has_dark_pages_before_the_engine_is_there(
    start_browser, site_url
):
    context = start_browser(color_scheme="dark")
    page = context.new_page()
    page.route("**/assets/cells/*.js", lambda route: route.abort())
    page.goto(site_url)
    assert page.evaluate(SCHEME) == "slate"
    context.close()


def test_enter_goes_on_to_the_next(page):
    page.locator("[data-palette] input").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate(SCHEME) == "slate"
