"""MkDocs calls assemble through the plugin, and reports what it cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tutorial_kernels.site.assemble import watched_paths

CONFIG = "site_name: Trial\nplugins: [tutorial-kernels]\n"


def _build(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (checkout / "mkdocs.yml").write_text(CONFIG)
    (checkout / "docs/index.md").write_text("# Trial\n")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=checkout)


def test_build_makes_what_is_missing(checkout: Path) -> None:
    (checkout / "docs/assets/katex/katex.min.css").unlink()
    done = _build(checkout)
    assert done.returncode == 0, done.stderr
    assert "made katex" in done.stdout
    site = checkout / "site/assets"
    assert (site / "katex/katex.min.css").is_file()
    built = {p.relative_to(site) for p in (site / "pyodide").rglob("*")}
    assets = checkout / "docs/assets"
    assert built == {
        p.relative_to(assets) for p in (assets / "pyodide").rglob("*")
    }
    assert len(built) >= 8


def test_quiet_build_says_nothing(checkout: Path) -> None:
    done = _build(checkout, "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_build_stops_with_the_reason(checkout: Path) -> None:
    (checkout / "src/cell_engine/src/cells.ts").write_text(
        "this is (no TypeScript\n"
    )
    done = _build(checkout)
    assert done.returncode == 1
    assert "cells.ts" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_watches_sources_but_not_packages(checkout: Path) -> None:
    watched = {
        p.relative_to(checkout).as_posix() for p in watched_paths(checkout)
    }
    assert {"src/tutorial_kernels", "src/cell_engine/src"} <= watched
    assert "src/cell_engine/package.json" in watched
    assert not [p for p in watched if "node_modules" in p]
