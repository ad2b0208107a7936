"""The still of a shape matcher: the pieces, and the places for them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.shape_matcher import ShapeMatcher
    from tutorial_kernels.page.widgets.shape_rules import Rule

LEAST_WIDTH, ROW = 440.0, 66.0
TILE, HEIGHT, GAP = 78.0, 30.0, 12.0  # of a piece
LETTER = 7.9  # the mean width of a letter of code
SIGNS = {"right": "✓", "open": ""}  # any other state is wrong


def still_of(matcher: ShapeMatcher) -> str:
    """An SVG: a row of pieces, and below it one for each gradient."""
    pieces = {p["name"]: _shape(p["shape"]) for p in matcher["pieces"]}
    parts = []
    for at, (name, shape) in enumerate(pieces.items()):
        left = 1 + at * (TILE + GAP)
        parts.append(_box(left, 1, name, shape, "shapes-tile"))
    rules: Sequence[Rule] = matcher["rules"]
    for at, rule in enumerate(rules, 1):
        parts += _rule(rule, pieces, at * ROW + 6)
    height = (len(rules) + 1) * ROW
    width = max(LEAST_WIDTH, 2 + len(pieces) * (TILE + GAP) - GAP)
    return (
        f'<svg class="shapes-still" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def _rule(rule: Rule, pieces: dict[str, str], top: float) -> list[str]:
    """A gradient, its two places, and the sign of the verdict."""
    (first, second), middle = rule["placed"], top + HEIGHT / 2 + 5
    parts = [
        _text(2, middle, f"{rule['name']} =", "shapes-name"),
        _text(2, top + HEIGHT + 16, _shape(rule["wanted"]), "shapes-size"),
    ]
    is_product = rule["kind"] == "product"
    link, end = ("@", "") if is_product else (".sum(axis=", ")")
    left = 110.0
    parts.append(_box(left, top, first, pieces.get(first, ""), "shapes-slot"))
    left += TILE + 8
    parts.append(_text(left, middle, link, "shapes-name"))
    left += len(link) * LETTER + 8
    shape = pieces.get(second, "") if is_product else ""
    parts.append(_box(left, top, second, shape, "shapes-slot"))
    sign = SIGNS.get(rule["state"], "✗")
    parts.append(_text(left + TILE + 8, middle, f"{end} {sign}", "shapes-name"))
    return parts


def _box(left: float, top: float, name: str, shape: str, look: str) -> str:
    middle = left + TILE / 2
    empty = "" if name else " shapes-empty"
    return (
        f'<rect class="{look}{empty}" x="{left:g}" y="{top:g}" rx="4" '
        f'width="{TILE:g}" height="{HEIGHT:g}"/>'
        + _text(middle, top + HEIGHT / 2 + 5, name, "shapes-piece")
        + _text(middle, top + HEIGHT + 16, shape, "shapes-size shapes-piece")
    )


def _text(x: float, y: float, words: str, look: str) -> str:
    if not words.strip():
        return ""
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _shape(shape: Sequence[int]) -> str:
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
