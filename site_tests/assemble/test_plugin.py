"""MkDocs calls assemble through the plugin, and reports what it cannot do."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from mkdocs.__main__ import cli
from mkdocs.livereload import LiveReloadServer

from tutorial_kernels.site.assemble import watched_paths
from tutorial_kernels.site.served_archive import ServedArchive

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


@contextmanager
def _served(checkout: Path, mount: str) -> Iterator[str]:
    """The address at which `mkdocs serve` shows the trial site."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = f"{CONFIG}site_url: http://127.0.0.1:8000{mount}\n"
    (checkout / "mkdocs.yml").write_text(config)
    (checkout / "docs/index.md").write_text("# Trial\n")
    command = [sys.executable, "-m", "mkdocs", "serve"]
    server = subprocess.Popen(
        [*command, "--dev-addr", f"127.0.0.1:{port}"],
        cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    try:
        for line in server.stdout or ():
            if "Serving on" in line:
                break
        yield f"http://127.0.0.1:{port}{mount}"
    finally:
        server.terminate()
        server.wait()


def _course(url: str) -> dict[str, str]:
    """The HTML in the archive that a served site gives."""
    answer = requests.get(f"{url}course.zip", timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert "course/build.json" in archive.namelist()
        worker = archive.read("course/service_worker.js").decode()
        assert 'COURSE_BUILD={"id": "' in worker
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".html")
        }


def test_serve_packs_the_whole_course_when_it_is_asked_for(
    checkout: Path,
) -> None:
    with _served(checkout, "/below/") as url:
        pages = _course(url)
        page = pages["course/index.html"]
        assert "Trial" in page
        assert "Content-Security-Policy" in page
        assert "livereload" not in page
        served = requests.get(url, timeout=60).text
        assert "Content-Security-Policy" not in served
        (checkout / "docs/index.md").write_text("# Another\n")
        deadline = time.monotonic() + 30
        while "Another" not in requests.get(url, timeout=60).text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert "Another" in _course(url)["course/index.html"]
        assert requests.get(f"{url}other.zip", timeout=60).status_code == 404


def test_serve_without_live_reload_packs_the_course_with_its_only_build(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "mkdocs.yml").write_text(CONFIG)
    (checkout / "docs/index.md").write_text("# Trial\n")
    found: list[bool] = []

    def serve(server: LiveReloadServer, **_: object) -> None:
        found.append(zipfile.is_zipfile(Path(server.root, "course.zip")))

    monkeypatch.setattr(LiveReloadServer, "serve", serve)
    monkeypatch.chdir(checkout)
    for options in (["--no-livereload"], []):
        done = CliRunner().invoke(cli, ["serve", *options])
        assert done.exit_code == 0, done.output
    # With live reload a build is soon followed by another one.
    assert found == [True, False]


@pytest.mark.parametrize(
    ("url", "asked", "packs"),
    [
        ("http://127.0.0.1:8000/", "/course.zip", True),
        ("http://127.0.0.1:8000/below/", "/below/course.zip", True),
        ("http://127.0.0.1:8000/below/", "/course.zip", False),
        ("", "/index.html", False),
    ],
)
def test_only_a_request_for_the_archive_packs_it(
    monkeypatch: pytest.MonkeyPatch, url: str, asked: str, packs: bool
) -> None:
    archive = ServedArchive()
    calls: list[str] = []
    monkeypatch.setattr(archive, "pack", lambda: calls.append("pack"))
    app = archive.before(lambda _environ, _start: [b"answer"], url)
    assert app({"PATH_INFO": asked}, None) == [b"answer"]
    assert calls == ["pack"] * packs


def test_a_site_that_cannot_be_packed_is_not_found_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    archive = ServedArchive()
    archive.begin_build()
    archive.end_build(tmp_path)  # without the engine
    app = archive.before(lambda _environ, _start: [b"404"], "http://a/")
    assert app({"PATH_INFO": "/course.zip"}, None) == [b"404"]
    assert "course.zip could not be packed: offline: " in caplog.text
    assert not list(tmp_path.iterdir())
