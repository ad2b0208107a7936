"""One assembled checkout for all tests here, and servers that misbehave."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from site_tests.assemble.fake_server import FakeServer
from tutorial_kernels.site.assemble import AssembleReport, assemble

_COPIED_FILES = ("pyproject.toml", "README.md", "LICENSE", ".gitignore")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server on this machine whose answers the test sets."""
    fake = FakeServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.asked.append(self.path)
            answer = fake.answers.get(self.path)
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as real:
        real.daemon_threads = True
        fake.url = f"http://127.0.0.1:{real.server_port}/"
        serve = partial(real.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()
        yield fake
        real.shutdown()


def _copy_checkout(source: Path, target: Path) -> None:
    """Copy what `assemble` reads and what it left, but link node_modules."""
    for name in _COPIED_FILES:
        shutil.copy(source / name, target / name)
    ignore = shutil.ignore_patterns("node_modules", "__pycache__")
    shutil.copytree(source / "src", target / "src", ignore=ignore)
    modules = (source / "src/cell_engine/node_modules").resolve()
    (target / "src/cell_engine/node_modules").symlink_to(modules)
    for name in (
        "docs/assets/pyodide",
        "docs/assets/cells",
        "docs/assets/katex",
        "docs/assets/names",
    ):
        shutil.copytree(source / name, target / name)
    (target / ".cache/assemble").mkdir(parents=True)
    shutil.copy(
        source / ".cache/assemble/record.json",
        target / ".cache/assemble/record.json",
    )


@pytest.fixture(scope="session")
def template(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, assembled, that no test changes."""
    assemble(root, progress=False)
    copy = tmp_path_factory.mktemp("template")
    _copy_checkout(root, copy)
    assemble(
        copy, progress=False
    )  # the checkout may have been edited meanwhile
    return copy


@pytest.fixture(scope="session")
def assembled(template: Path) -> AssembleReport:
    """What `assemble` reports of the template."""
    return assemble(template, progress=False)


@pytest.fixture
def checkout(template: Path, tmp_path: Path) -> Path:
    """An assembled checkout that the test may damage."""
    target = tmp_path / "checkout"
    target.mkdir()
    _copy_checkout(template, target)
    return target
