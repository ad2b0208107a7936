"""What stands in the way on a page of the built site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from site_tests.browser.violations import WATCH
from site_tests.browser.waiting import wait_until

# Code and formulas are drawn near the screen, and their width is known then:
# what scrolls is asked for once all of a page has been seen. A browser draws no
# frames while it is hidden, or its graphics start again: that must not hold up.
SEEN = """
async () => {
  const frame = () => new Promise((next) => {
    requestAnimationFrame(next);
    setTimeout(next, 1000);
  });
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await frame();
    await frame();
  }
  scrollTo(0, 0);
}
"""
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
SCROLLS = ["scrollable-region-focusable"]
CHECK = """
async (kinds) => {
  const found = [];
  for (const [type, values] of Object.entries(kinds)) {
    const later = { "scrollable-region-focusable": { enabled: false } };
    const rules = type === "tag" ? later : {}; // asked for by its name
    const options = { runOnly: { type, values }, rules };
    const { violations } = await axe.run({ exclude: [".katex"] }, options);
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
# thousands, and what axe says of one it says of all. Of what is folded away it
# says nothing, and takes longest to find that it is.
ALIKE = """
() => {
  for (const one of document.querySelectorAll("details:not([open])"))
    one.replaceChildren(...one.querySelectorAll(":scope > summary"));
  const seen = new Set();
  const tokens = ".highlight code span[class], code.highlight span[class]";
  for (const token of document.querySelectorAll(tokens)) {
    const place = token.closest(".cell, .tabbed-set, td, article, body");
    const looks = `${place.className} ${token.className}`;
    if (seen.has(looks)) token.replaceWith(...token.childNodes);
    seen.add(looks);
  }
}
"""
# What axe asks also of what is folded away: a name that is referred to is one.
TWICE = """
() => {
  const kinds = ["aria-labelledby", "aria-describedby", "aria-controls",
    "aria-owns", "for"];
  const named = kinds.flatMap((kind) =>
    [...document.querySelectorAll(`[${kind}]`)].flatMap((one) =>
      one.getAttribute(kind).split(/\\s+/)));
  return [...new Set(named)]
    .filter((id) => document.querySelectorAll(`#${CSS.escape(id)}`).length > 1)
    .map((id) => `the id ${id} is there twice`);
}
"""
DARK = "document.body.setAttribute('data-md-color-scheme', 'slate')"


def pages_of(site: Path) -> list[str]:
    """The addresses of all pages of a built site, below its own."""
    found = [
        path.parent.relative_to(site).as_posix()
        for path in sorted(site.rglob("index.html"))
        if "assets" not in path.parts
    ]
    return ["" if name == "." else f"{name}/" for name in found]


def barriers_of(
    page: Page, url: str, names: Iterable[str], root: Path
) -> dict[str, Any]:
    """What axe, the console and the policy say of pages, by their names.

    Light and dark, and at 320 pixels, where nothing may be wider.
    """
    axe = (root / AXE).read_text()
    complaints: list[str] = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    problems: dict[str, Any] = {}
    for name in names:
        complaints.clear()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url + name)
        page.bring_to_front()  # one behind another draws no frames
        wait_until(page, "() => document.readyState === 'complete'")
        found = page.evaluate(TWICE)
        page.evaluate(ALIKE)
        page.evaluate(axe)
        found += page.evaluate(CHECK, {"tag": STANDARDS, "rule": PRACTICES})
        page.evaluate(SEEN)
        wait_until(page, REACHABLE)
        found += page.evaluate(CHECK, {"rule": SCROLLS})
        page.evaluate(DARK)
        found += page.evaluate(CHECK, {"rule": COLORS})
        page.set_viewport_size({"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found += [f"{width} px wide", *page.evaluate(WIDE)]
        page.evaluate(SEEN)
        wait_until(page, REACHABLE)
        narrow = page.evaluate(CHECK, {"rule": SCROLLS})
        found += [f"at 320 px: {barrier}" for barrier in narrow]
        found += page.evaluate("window.violations")
        problems[name] = [*found, *complaints]
    return {name: found for name, found in problems.items() if found}
