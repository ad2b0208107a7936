"""Tables over all pairs: what there is, and how far it is from PyTorch."""

from __future__ import annotations

import re

from tutorial_kernels.site.headers import find_fences
from tutorial_kernels.site.pair_page import DIFFERENCES, distance
from tutorial_kernels.site.pairs import Pair, pairs_of
from tutorial_kernels.site.place import Place

FOLDER = "reference"
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def pair_index(body: str, place: Place) -> list[str]:
    """Every pair with its sentence, under the pages that the fence names.

    Raises:
        LookupError: A page with pairs is not named.
        ValueError: A page that is named has no pairs.
    """
    pages = body.split()
    left = sorted(set(_pages(place)) - set(pages))
    if left:
        raise LookupError(f"the pair-index fence does not name {left[0]}")
    lines: list[str] = []
    for page in pages:
        pairs = _pairs_on(page, place)
        if not pairs:
            raise ValueError(f"{FOLDER}/{page} has no pairs fence")
        link = place.link(f"{FOLDER}/{page}")
        text = (place.docs / FOLDER / page).read_text(encoding="utf-8")
        title = _TITLE.search(text)
        lines += [
            f"## [{title[1] if title else page}]({link})",
            "",
            "| Pair | What it does |",
            "|---|---|",
            *[
                f"| [`{pair.name}`]({link}#{pair.name}) "
                f"| {pair.forward.summary} |"
                for pair in pairs
            ],
            "",
        ]
    return lines


def differences_table(body: str, place: Place) -> list[str]:
    """Every pair with the largest differences that the tests saw.

    Raises:
        LookupError: The tests saw a pair that no page shows.
        ValueError: The fence is not empty.
    """
    if body.strip():
        raise ValueError(f"a differences fence is empty, got {body!r}")
    found = {
        pair.name: f"{place.link(f'{FOLDER}/{page}')}#{pair.name}"
        for page in _pages(place)
        for pair in _pairs_on(page, place)
    }
    rows = []
    seen = place.read_json(DIFFERENCES)
    for name, entry in sorted(seen.items()):
        if name not in found:
            raise LookupError(f"no page of {FOLDER}/ shows the pair {name!r}")
        cells = [
            distance(entry[dtype][kind]).removeprefix("below ")
            for dtype in ("float64", "float32")
            for kind in ("values", "gradients")
        ]
        rows.append(
            f"| [`{name}`]({found[name]}) | {entry['cases']:,} "
            f"| {' | '.join(cells)} |"
        )
    total = sum(entry["cases"] for entry in seen.values())
    return [
        f"{len(seen)} pairs, at least {total:,} cases in one run of the tests:",
        "",
        "| Pair | Cases, at least | values, float64 | gradients, float64 "
        "| values, float32 | gradients, float32 |",
        "|---|--:|--:|--:|--:|--:|",
        *rows,
    ]


def _pages(place: Place) -> list[str]:
    """The pages of the reference that show pairs."""
    pages = (place.docs / FOLDER).glob("*.md")
    return sorted(p.name for p in pages if _modules_on(p.name, place))


def _modules_on(page: str, place: Place) -> list[str]:
    path = place.docs / FOLDER / page
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        module
        for fence in find_fences(lines)
        if fence.header.kind == "pairs"
        for module in fence.body.split()
    ]


def _pairs_on(page: str, place: Place) -> list[Pair]:
    return [
        pair for module in _modules_on(page, place) for pair in pairs_of(module)
    ]
