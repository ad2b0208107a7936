"""A full set of Fashion-MNIST of our own making, in small."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from tutorial_kernels.data import fashion_mnist


@pytest.fixture
def small_set(tmp_path, monkeypatch):
    """Four files as the official ones, but few images; all else is hidden."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "small"
    folder.mkdir()
    official = {}
    for name in fashion_mnist.OFFICIAL_FILES:
        shape = (30, 28, 28) if "images" in name else (30,)
        high = 256 if "images" in name else 10
        array = rng.integers(0, high, shape, np.uint8)
        sizes = struct.pack(f">{len(shape)}I", *shape)
        content = bytes([0, 0, 8, len(shape)]) + sizes + array.tobytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        official[name] = (len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(fashion_mnist, "OFFICIAL_FILES", official)
    monkeypatch.setattr(fashion_mnist, "SYSTEM_FOLDER", Path("/nowhere/system"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TUTORIAL_KERNELS_DATA", raising=False)
    return folder
