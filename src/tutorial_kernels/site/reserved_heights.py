"""How high the listings and formulas of a page are, for the style sheet.

What is off the screen is not drawn (`docs/stylesheets/offscreen.css`), but it
keeps its place. A listing is as many lines high as it has, a formula as its
highest strut, of which KaTeX puts one into every part.
"""

from __future__ import annotations

import re

_LISTING = re.compile(
    r"(?P<pre><pre[^>]*>(?:<span></span>)?)<code>(?P<code>.*?)</code>",
    re.DOTALL,
)
_FORMULA = re.compile(
    r'<div class="arithmatex">(?P<formula>.*?)</div>', re.DOTALL
)
_STRUT = re.compile(r'"katex-strut" style="height:([\d.]+)em')


def with_heights(html: str) -> str:
    """The page, with `--lines` at each listing and `--ems` at each formula."""
    return _FORMULA.sub(_measured, _LISTING.sub(_counted, html))


def _counted(listing: re.Match[str]) -> str:
    code = listing["code"]
    lines = code.count("\n") + (not code.endswith("\n"))
    return f'{listing["pre"]}<code style="--lines:{lines}">{code}</code>'


def _measured(found: re.Match[str]) -> str:
    formula = found["formula"]
    ems = max(map(float, _STRUT.findall(formula)), default=1)
    return f'<div class="arithmatex" style="--ems:{ems}">{formula}</div>'
