"""What the rooms of the tests share: the built site, served, and a browser."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from site_tests.counts import COUNTS
from tutorial_kernels import manual_seed

ROOT = Path(__file__).resolve().parents[1]

# The browser's room is the longest. A part of it is a room of its own, so that
# both processes have a browser to the end: what walks the built site, and what
# starts many browsers.
WALKS = (
    "browser/test_cells_in_chromium.py",
    "browser/test_every_page.py",
    "browser/test_reference.py",
    "browser/test_snapshot.py",
    "browser/test_whole_course.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each room in one process: its fixtures and counts are its own.

    A test that ends its process, as one that hangs, is not tried again, as
    xdist would: the rest of its room is what a new process takes over.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Rooms(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0].removeprefix("site_tests/")
            return "walks" if file in WALKS else file.split("/")[0]

        def remove_node(self, node: Any) -> str | None:
            for tests in self.assigned_work[node].values():
                for test, done in tests.items():
                    if not done:
                        tests[test] = True
                        super().remove_node(node)
                        return str(test)
            return super().remove_node(node)

    return Rooms(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last.

    Playwright keeps an event loop running until the session ends, and cells
    that await need a thread without one.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what this process compared to the one that started it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counts"] = dict(COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the processes compared."""
    COUNTS.update(getattr(node, "workeroutput", {}).get("counts", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> None:
    """Say how much was compared with PyTorch."""
    if COUNTS:
        told = ", ".join(f"{COUNTS[what]} {what}" for what in sorted(COUNTS))
        terminalreporter.write_line(f"kernels: {told}")


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """Every test draws the same, whatever ran in its process before it."""
    manual_seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make build` makes it: strict, assembled, once a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # all processes of the run see this one
    target = base / "built" / "site"
    with FileLock(base / "built.lock"):
        if not target.exists():
            _build(base / "half" / "site")
            (base / "half").rename(base / "built")
    return target


def _build(target: Path) -> None:
    command = [
        sys.executable, "-m", "mkdocs", "build", "--strict",
        "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(target),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain static host: no isolation headers, no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    """Where the built site is served, under a sub-path as on GitHub Pages."""
    folder = built_site.parent
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{built_site.name}/"
        server.shutdown()
