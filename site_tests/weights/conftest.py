"""Raw files for the tests of the safetensors reader."""

import json
from collections.abc import Callable

import pytest


def _raw_file(
    header: object, body: bytes = b"", length: int | None = None
) -> bytes:
    if not isinstance(header, bytes):
        text = header if isinstance(header, str) else json.dumps(header)
        header = text.encode()
    size = len(header) if length is None else length
    return size.to_bytes(8, "little") + header + body


@pytest.fixture(scope="session")
def raw_file() -> Callable[..., bytes]:
    """A safetensors file of any header, right or wrong."""
    return _raw_file
