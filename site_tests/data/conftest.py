"""A full set of Fashion-MNIST of our own making, in small."""

import dataclasses
import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from tutorial_kernels.data import fashion_mnist


@pytest.fixture
def change_full_set(monkeypatch):
    """Replaces fields of the set's description, for one test."""

    def change(**fields):
        changed = dataclasses.replace(fashion_mnist.FASHION_MNIST, **fields)
        monkeypatch.setattr(fashion_mnist, "FASHION_MNIST", changed)

    return change


@pytest.fixture
def small_set(tmp_path, monkeypatch, change_full_set):
    """Four files as the official ones, but few images; all else is hidden."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "small"
    folder.mkdir()
    official = {}
    for name in fashion_mnist.FASHION_MNIST.files:
        shape = (30, 28, 28) if "images" in name else (30,)
        high = 256 if "images" in name else 10
        array = rng.integers(0, high, shape, np.uint8)
        sizes = struct.pack(f">{len(shape)}I", *shape)
        content = bytes([0, 0, 8, len(shape)]) + sizes + array.tobytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        official[name] = (len(content), hashlib.sha256(content).hexdigest())
    change_full_set(files=official, system_folder=Path("/nowhere/system"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TUTORIAL_KERNELS_DATA", raising=False)
    return folder
