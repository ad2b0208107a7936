"""Small files beside the pages: data sets, weights and results."""

import os
import re
import sys
from pathlib import Path

# No "..", no backslash, no leading slash: a name stays inside its folder.
_NAME = re.compile(r"(data|weights|results)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
_CHECKOUT = Path(__file__).resolve().parents[3] / "docs" / "assets"


def read_asset(name: str) -> bytes:
    """Reads a file of the site's ``assets`` folder, wherever Python runs.

    In the page the file comes from the site's own address. Elsewhere it is
    read from the folder that the environment variable
    TUTORIAL_KERNELS_ASSETS names, or from ``docs/assets`` of the checkout.

    Args:
        name: The path below ``assets``, such as ``"weights/cnn.json"``.

    Returns:
        The file's content.

    Raises:
        ValueError: The name lies outside ``data/``, ``weights/`` and
            ``results/``.
        FileNotFoundError: There is no such file, or no way to it.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"read_asset: name is {name!r}, expected a path such as "
            "'data/penguins.csv' or 'weights/cnn.json'"
        )
    if sys.platform == "emscripten":
        return _fetch(name)
    named = os.environ.get("TUTORIAL_KERNELS_ASSETS")
    folder = Path(named) if named else _CHECKOUT
    try:
        return (folder / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(
            f"read_asset: {name!r} is not in {folder}; set "
            "TUTORIAL_KERNELS_ASSETS to the folder docs/assets of a checkout"
        ) from None


def _fetch(name: str) -> bytes:
    """Fetches an asset through the page's worker."""
    import _cell_engine
    from pyodide.ffi import JsException, can_run_sync, run_sync

    try:
        if can_run_sync():
            content = run_sync(_cell_engine.read_asset(name))
        else:  # a browser that cannot suspend Python's stack
            content = _cell_engine.read_asset_now(name)
    except JsException as error:
        raise FileNotFoundError(
            f"read_asset: the page could not fetch {name!r} ({error})"
        ) from None
    return bytes(content.to_bytes())
