"""The search of a built site, put off until a reader searches.

The theme fetches the text of the whole course and builds an index of it
whenever a page opens. Here the page gets an index of nothing; a worker of ours
stands in for the theme's, and fetches the text and starts the theme's own when
the reader types the first letter.
"""

from __future__ import annotations

import json
from pathlib import Path

from tutorial_kernels.durable import write_whole

INDEX = Path("search", "search_index.json")
DOCUMENTS = INDEX.with_name("documents.json")
THEME_WORKER = "theme_search.js"
_WORKERS = Path("assets", "javascripts", "workers")
_OURS = Path("assets", "cells", "search_worker.js")


class SearchError(RuntimeError):
    """A built site whose search is not what this module knows."""


def defer_search(site: Path) -> None:
    """Set the text of a site's search index and the theme's worker aside.

    Args:
        site: The folder of a built site. One without a search stays as it is.

    Raises:
        SearchError: The theme has not exactly one search worker, or the engine
            is not among the assets.
    """
    if not (site / INDEX).is_file():
        return
    ours = site / _OURS
    if not ours.is_file():
        raise SearchError(f"search: {ours} is missing; run assemble first")
    workers = sorted((site / _WORKERS).glob("search.*.js"))
    if len(workers) != 1:
        found = [path.name for path in workers]
        raise SearchError(
            f"search: expected one worker of the theme, search.*.js in "
            f"{site / _WORKERS}, found {found}"
        )
    index = json.loads((site / INDEX).read_text(encoding="utf-8"))
    write_whole(site / DOCUMENTS, [_json(index["docs"])])
    write_whole(site / INDEX, [_json(index | {"docs": []})])
    (worker,) = workers
    content, stand_in = worker.read_bytes(), ours.read_bytes()
    # A build that keeps what has not changed keeps ours, too.
    if content != stand_in:
        write_whole(worker.with_name(THEME_WORKER), [content])
        write_whole(worker, [stand_in])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
