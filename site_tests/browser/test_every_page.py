"""Every page of the built site: no barrier, no sideways scroll, no complaint.

Nor one report against the page's policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from site_tests.browser.violations import WATCH
from site_tests.browser.waiting import wait_until

# What is wider than its place has been noticed, and can be reached.
REACHABLE = """
() => [...document.querySelectorAll(".md-typeset__scrollwrap, .katex-display," +
    "div.arithmatex, .widget-still, .cell-plot, .cell-text")]
  .filter((one) => one.checkVisibility()) // not what is folded away
  .every((one) => one.scrollWidth <= one.clientWidth || one.tabIndex === 0)
"""
AXE = "src/cell_engine/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What axe counts as good practice and the course promises as well.
PRACTICES = ["heading-order", "page-has-heading-one", "image-alt"]
COLORS = ["color-contrast", "link-in-text-block"]
CHECK = """
async (kinds) => {
  const found = [];
  for (const [type, values] of Object.entries(kinds)) {
    const runOnly = { type, values };
    const { violations } = await axe.run({ exclude: [".katex"] }, { runOnly });
    for (const { id, nodes } of violations)
      found.push(`${id}: ${nodes[0].html.slice(0, 160)} (${nodes.length})`);
  }
  return found;
}
"""
WIDE = """
() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
    && !one.closest(".katex, pre, table, .cell, .cell-output, svg"))
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))
"""
# Of the words of code that look alike in one place, one is enough: they are
# thousands, and what axe says of one it says of all.
ALIKE = """
() => {
  const seen = new Set();
  for (const token of document.querySelectorAll(".highlight code span[class]")) {
    const place = token.closest(".cell, .tabbed-set, td, article, body");
    const looks = `${place.className} ${token.className}`;
    if (seen.has(looks)) token.replaceWith(...token.childNodes);
    seen.add(looks);
  }
}
"""
DARK = "document.body.setAttribute('data-md-color-scheme', 'slate')"


@pytest.fixture(scope="module")
def page(
    start_browser: Callable[..., BrowserContext],
) -> Iterator[Page]:
    context = start_browser(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def pages(built_site: Path) -> list[str]:
    found = [
        path.parent.relative_to(built_site).as_posix()
        for path in sorted(built_site.rglob("index.html"))
        if "assets" not in path.parts
    ]
    assert len(found) > 30
    return ["" if name == "." else f"{name}/" for name in found]


def test_every_page_is_open_to_all(
    page: Page, pages: list[str], site_url: str, root: Path
) -> None:
    axe = (root / AXE).read_text()
    complaints: list[str] = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    problems: dict[str, Any] = {}
    for name in pages:
        complaints.clear()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site_url + name)
        wait_until(page, "() => document.readyState === 'complete'")
        wait_until(page, REACHABLE)
        page.evaluate(ALIKE)
        page.evaluate(axe)
        found = page.evaluate(CHECK, {"tag": STANDARDS, "rule": PRACTICES})
        page.evaluate(DARK)
        found += page.evaluate(CHECK, {"rule": COLORS})
        page.set_viewport_size({"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found += [f"{width} px wide", *page.evaluate(WIDE)]
        wait_until(page, REACHABLE)
        narrow = page.evaluate(CHECK, {"rule": ["scrollable-region-focusable"]})
        found += [f"at 320 px: {barrier}" for barrier in narrow]
        found += page.evaluate("window.violations")
        problems[name] = [*found, *complaints]
    assert {name: found for name, found in problems.items() if found} == {}
