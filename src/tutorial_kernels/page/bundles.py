"""MIME bundles: how a value that can draw itself is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from tutorial_kernels.page.matplotlib_figures import (
    bundle_of_figure,
    is_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CHARACTERS = 1_000_000  # of one representation; else repr has to do

_REPRS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "text/latex": "_repr_latex_",
}


def bundle_of(value: object) -> dict[str, object] | None:
    """The MIME bundle of a value, or None when its repr has to do.

    ``_repr_mimebundle_`` is asked first, then the methods for each kind:
    HTML, SVG, PNG, LaTeX. A class itself is never asked: its methods need an
    instance. The page sanitizes HTML before it shows it.
    """
    if isinstance(value, type):
        return None
    if is_figure(value):
        return bundle_of_figure(cast("Figure", value))
    bundle = _called(value, "_repr_mimebundle_")
    if isinstance(bundle, tuple) and bundle:  # (data, metadata)
        bundle = bundle[0]
    if isinstance(bundle, Mapping):
        kept = {str(k): _plain(v) for k, v in bundle.items()}
        kept = {k: v for k, v in kept.items() if v is not None}
        if kept:
            return kept
    shown: dict[str, object] = {}
    for kind, name in _REPRS.items():
        item = _called(value, name)
        if isinstance(item, tuple) and item:  # (data, metadata)
            item = item[0]
        if isinstance(item, bytes):
            shown[kind] = _base64(item)
        elif isinstance(item, str) and len(item) <= MOST_CHARACTERS:
            shown[kind] = item
    return {**shown, "text/plain": repr(value)} if shown else None


def _called(value: object, name: str) -> object:
    method = getattr(type(value), name, None)
    return method(value) if callable(method) else None


def _plain(item: object) -> object:
    """An entry that JSON can carry, else None."""
    if isinstance(item, bytes):
        return _base64(item)
    try:
        json.dumps(item, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return item


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
