"""MIME bundles: how a value that can draw itself is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping


def bundle_of(value: object) -> dict[str, object] | None:
    """The MIME bundle of a value, or None when its repr has to do.

    ``_repr_mimebundle_`` is asked first, then ``_repr_png_``. A class itself
    is never asked: its methods need an instance.
    """
    if isinstance(value, type):
        return None
    bundle = _called(value, "_repr_mimebundle_")
    if isinstance(bundle, tuple) and bundle:  # (data, metadata)
        bundle = bundle[0]
    if isinstance(bundle, Mapping):
        kept = {str(k): _plain(v) for k, v in bundle.items()}
        kept = {k: v for k, v in kept.items() if v is not None}
        if kept:
            return kept
    png = _called(value, "_repr_png_")
    if isinstance(png, bytes):
        return {"image/png": _base64(png), "text/plain": repr(value)}
    return None


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
