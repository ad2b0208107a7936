"""Finds a Chromium, or fetches one, and starts it the quiet way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromiumError(RuntimeError):
    """Neither the machine nor its sources have a Chromium."""


def _on_path() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path is not None), None)


def _run(*command: str) -> bool:
    print("chromium:", *command, file=sys.stderr)
    return subprocess.run(command, check=False).returncode == 0


def _install_from_system() -> str | None:
    """Ask the system's packages, where that is allowed."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return None
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    if _run("apt-get", "update", "-qq"):
        _run(
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
        )
    return _on_path()


def find_chromium(playwright: Playwright) -> str:
    """The path of a Chromium; installs one when there is none.

    Raises:
        NoChromiumError: When none can be had. Tests must not be skipped for
            want of a browser: they fail, and say this.
    """
    own = playwright.chromium.executable_path
    path = _on_path() or (own if Path(own).exists() else None)
    path = path or _install_from_system()
    if path is None and _run(
        sys.executable, "-m", "playwright", "install", "chromium"
    ):
        path = own
    if path is None:
        raise NoChromiumError(
            "no Chromium was found or could be installed: put chromium or "
            "google-chrome on the PATH, or run `playwright install chromium`"
        )
    return path


def launch(
    playwright: Playwright, profile: Path, *flags: str, **options: Any
) -> BrowserContext:
    """Start Chromium with a profile on disk, as a reader has one.

    Only such a profile keeps compiled WebAssembly from one visit to the next.
    """
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=find_chromium(playwright),
        args=[*FLAGS, *flags],
        headless=True,
        **options,
    )
