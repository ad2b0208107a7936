"""Fences that are turned into Markdown before anything else reads a page.

Their headings get into the contents and the search, their formulas and their
source fences are rendered like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutorial_kernels.site.headers import Fence, FenceError, find_fences
from tutorial_kernels.site.unsupported import unsupported_table

# What a fence holds, and the folder of the reference's data, become Markdown.
MAKERS: dict[str, Callable[[str, Path], list[str]]] = {
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


def expand(lines: list[str], docs: Path) -> Expansion:
    """Turn the fences `pairs`, `unsupported` and so on into Markdown.

    Args:
        lines: The page as it is written.
        docs: The folder of all pages; the data stand in `assets/reference`.

    Raises:
        FenceError: A fence is malformed, or asks for what is not there.
    """
    expanded: list[str] = []
    origins: list[int] = []
    position = 0
    for fence in find_fences(lines):
        if fence.header.kind not in MAKERS:
            continue
        made = ["", *_made(fence, docs / "assets" / "reference"), ""]
        expanded += lines[position : fence.start] + made
        origins += [*range(position, fence.start), *[fence.start] * len(made)]
        position = fence.stop
    expanded += lines[position:]
    origins += range(position, len(lines))
    return Expansion(expanded, origins)


def _made(fence: Fence, assets: Path) -> list[str]:
    """The Markdown of one fence."""
    header = fence.header
    if fence.indent or header.id or header.classes or header.options:
        raise FenceError(
            fence.start,
            f"the fence {header.kind} stands at the left margin and has no id, "
            "no class and no options",
        )
    try:
        return MAKERS[header.kind](fence.body, assets)
    except (LookupError, OSError, ValueError) as error:
        raise FenceError(fence.start, str(error)) from error
