"""Fences that are turned into Markdown before anything else reads a page.

Their headings get into the contents and the search, their formulas and their
source fences are rendered like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutorial_kernels.site.headers import Fence, FenceError, find_fences
from tutorial_kernels.site.pair_page import pair_sections
from tutorial_kernels.site.pair_tables import differences_table, pair_index
from tutorial_kernels.site.place import Place
from tutorial_kernels.site.unsupported import unsupported_table

# What a fence holds, and where its page stands, become Markdown.
MAKERS: dict[str, Callable[[str, Place], list[str]]] = {
    "differences": differences_table,
    "pair-index": pair_index,
    "pairs": pair_sections,
    "unsupported": unsupported_table,
}


@dataclass(frozen=True)
class Expansion:
    """A page whose fences of this kind have become Markdown.

    Attributes:
        lines: The page.
        origins: For each of them, the line of the page as it was written.
    """

    lines: list[str]
    origins: list[int]


def expand(lines: list[str], place: Place) -> Expansion:
    """Turn the fences `pairs`, `unsupported` and so on into Markdown.

    Args:
        lines: The page as it is written.
        place: Where it stands.

    Raises:
        FenceError: A fence is malformed, or asks for what is not there.
    """
    expanded: list[str] = []
    origins: list[int] = []
    position = 0
    for fence in find_fences(lines):
        if fence.header.kind not in MAKERS:
            continue
        made = ["", *_made(fence, place), ""]
        expanded += lines[position : fence.start] + made
        origins += [*range(position, fence.start), *[fence.start] * len(made)]
        position = fence.stop
    expanded += lines[position:]
    origins += range(position, len(lines))
    return Expansion(expanded, origins)


def _made(fence: Fence, place: Place) -> list[str]:
    """The Markdown of one fence."""
    header = fence.header
    if fence.indent or header.id or header.classes or header.options:
        raise FenceError(
            fence.start,
            f"the fence {header.kind} stands at the left margin and has no id, "
            "no class and no options",
        )
    try:
        return MAKERS[header.kind](fence.body, place)
    except (LookupError, OSError, ValueError) as error:
        raise FenceError(fence.start, str(error)) from error
