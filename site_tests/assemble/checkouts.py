"""What a test can do to an assembled checkout, and check about it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

LOCK = "pyodide-lock.json"


def own_wheel(folder: Path) -> Path:
    return next(folder.glob("tutorial_kernels-*.whl"))


def current_runtime(root: Path) -> Path:
    """The runtime in force, after a look at every promise about it."""
    base = root / "docs/assets/pyodide"
    current = json.loads((base / "current.json").read_text())
    folder: Path = base / current["path"]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files.keys() == current["files"].keys()
    for name, content in files.items():
        noted = current["files"][name]
        assert hashlib.sha256(content).hexdigest() == noted["sha256"], name
        assert len(content) == noted["bytes"]
    assert current["total_bytes"] == sum(map(len, files.values()))
    return folder


def nothing_beside(root: Path) -> None:
    base = root / "docs/assets/pyodide"
    assert {p.name for p in base.iterdir()} == {
        "current.json",
        current_runtime(root).name,
    }
    assert not list((root / "docs/assets").glob(".*"))


def current_files(root: Path) -> list[Path]:
    base = root / "docs/assets/pyodide"
    current = json.loads((base / "current.json").read_text())
    return list((base / current["path"]).iterdir())


def edit_kernel(root: Path) -> None:
    path = root / "src/tutorial_kernels/kernels/linear.py"
    path.write_text(path.read_text() + "\n# another line\n")


def lose_lock(root: Path) -> None:
    (current_runtime(root) / LOCK).unlink()


def lose_font(root: Path) -> None:
    next((root / "docs/assets/katex/fonts").iterdir()).unlink()
