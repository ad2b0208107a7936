"""Every page of the reference, as `test_every_page.py` has all others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from site_tests.browser.barriers import barriers_of, pages_of


def test_every_page_of_the_reference_is_open_to_all(
    start_browser: Callable[..., BrowserContext],
    built_site: Path,
    site_url: str,
    root: Path,
) -> None:
    names = [n for n in pages_of(built_site) if n.startswith("reference/")]
    assert len(names) > 15
    context = start_browser(reduced_motion="reduce")
    assert barriers_of(context.new_page(), site_url, names, root) == {}
    context.close()
