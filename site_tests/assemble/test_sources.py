"""Fetching a wheel: every way a source can fail, and what is left behind."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest

from site_tests.assemble.fake_server import FakeServer
from tutorial_kernels.site.assemble import AssembleError
from tutorial_kernels.site.assemble.downloads import (
    CarrierSource,
    FolderSource,
    WebSource,
    locate_with_pip,
    standard_sources,
)
from tutorial_kernels.site.assemble.sources import (
    SourceError,
    WantedFile,
    cache_folder,
    fetch,
)

NAME = "thing-1.0-py3-none-any.whl"
CONTENT = b"the right bytes " * 20_000
WANTED = WantedFile(NAME, hashlib.sha256(CONTENT).hexdigest())
WRONG = b"other bytes"
WRONG_SHA256 = hashlib.sha256(WRONG).hexdigest()


def _files(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file()]


@pytest.fixture
def closed() -> WebSource:
    """An address where nobody listens."""
    return WebSource("http://127.0.0.1:9/", patience=2)


def test_fetched_once_then_from_the_cache(
    server: FakeServer, tmp_path: Path
) -> None:
    server.serve(f"/{NAME}", CONTENT)
    counted: list[int] = []
    first = fetch(WANTED, tmp_path, [WebSource(server.url)], counted.append)
    assert first.read_bytes() == CONTENT
    assert sum(counted) == len(CONTENT)
    second = fetch(WANTED, tmp_path, [WebSource(server.url)])
    assert second == first
    assert server.asked == [f"/{NAME}"]


def test_mismatch_names_file_source_and_both_hashes(
    server: FakeServer, tmp_path: Path
) -> None:
    server.serve(f"/{NAME}", WRONG)
    with pytest.raises(AssembleError) as caught:
        fetch(WANTED, tmp_path, [WebSource(server.url)])
    message = str(caught.value)
    for part in (
        NAME,
        server.url,
        WANTED.sha256,
        WRONG_SHA256,
        "expected",
        "got",
    ):
        assert part in message
    assert _files(tmp_path) == []


def test_mismatch_at_one_source_the_next_one_helps(
    server: FakeServer, tmp_path: Path
) -> None:
    server.serve(f"/bad/{NAME}", WRONG)
    server.serve(f"/good/{NAME}", CONTENT)
    sources = [WebSource(f"{server.url}bad/"), WebSource(f"{server.url}good/")]
    assert fetch(WANTED, tmp_path, sources).read_bytes() == CONTENT
    assert _files(tmp_path) == [NAME]


def test_truncated_download_leaves_nothing(
    server: FakeServer, tmp_path: Path
) -> None:
    server.serve_half(f"/{NAME}", CONTENT)
    with pytest.raises(AssembleError, match=r"IncompleteRead") as caught:
        fetch(WANTED, tmp_path, [WebSource(server.url)])
    assert f"{len(CONTENT) // 2} bytes read" in str(caught.value)
    assert _files(tmp_path) == []


def test_source_down_falls_to_the_next(
    server: FakeServer, tmp_path: Path, closed: WebSource
) -> None:
    server.serve(f"/{NAME}", CONTENT)
    got = fetch(WANTED, tmp_path, [closed, WebSource(server.url)])
    assert got.read_bytes() == CONTENT


def test_all_down_is_one_error_that_names_all(
    server: FakeServer, tmp_path: Path, closed: WebSource
) -> None:
    empty = tmp_path / "mirror"
    empty.mkdir()

    def no_pip() -> str:
        raise SourceError("pip cannot find it: no network")

    def raising() -> str:
        raise OSError("no route")

    carrier = CarrierSource(locate=raising)
    sources = [FolderSource(empty), closed, WebSource(server.url), carrier]
    with pytest.raises(AssembleError) as caught:
        fetch(WANTED, tmp_path / "cache", sources)
    message = str(caught.value)
    assert message.startswith(NAME)
    reasons = message.splitlines()[1:]
    assert len(reasons) == 4
    assert "No such file" in reasons[0]
    assert str(empty) in reasons[0]
    assert closed.address in reasons[1]
    assert "refused" in reasons[1]
    assert server.url in reasons[2]
    assert "404" in reasons[2]
    assert "open-webui" in reasons[3]
    assert "no route" in reasons[3]
    with pytest.raises(AssembleError, match="no network"):
        fetch(WANTED, tmp_path / "cache", [CarrierSource(locate=no_pip)])


def test_silent_server_is_given_up(server: FakeServer, tmp_path: Path) -> None:
    server.hang(f"/{NAME}", 6)
    start = time.perf_counter()
    with pytest.raises(AssembleError, match=r"[Tt]imed? ?out"):
        fetch(WANTED, tmp_path, [WebSource(server.url, patience=0.5)])
    assert time.perf_counter() - start < 3


def test_stalled_download_is_given_up(
    server: FakeServer, tmp_path: Path
) -> None:
    server.serve_half(f"/{NAME}", CONTENT, pause=6)
    start = time.perf_counter()
    with pytest.raises(AssembleError, match=r"[Tt]imed? ?out"):
        fetch(WANTED, tmp_path, [WebSource(server.url, patience=0.5)])
    assert time.perf_counter() - start < 3
    assert _files(tmp_path) == []


def test_name_lookup_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: time.sleep(5))
    start = time.perf_counter()
    with pytest.raises(AssembleError, match="no answer within"):
        fetch(
            WANTED,
            tmp_path,
            [WebSource("http://example.invalid/", patience=0.1)],
        )
    assert time.perf_counter() - start < 3


def test_damaged_cache_is_replaced(server: FakeServer, tmp_path: Path) -> None:
    server.serve(f"/{NAME}", CONTENT)
    kept = fetch(WANTED, tmp_path, [WebSource(server.url)])
    kept.write_bytes(WRONG)
    assert (
        fetch(WANTED, tmp_path, [WebSource(server.url)]).read_bytes() == CONTENT
    )
    kept.write_bytes(CONTENT[:1000])
    with pytest.raises(AssembleError, match=r"cache .*1,000 bytes.*removed"):
        fetch(WANTED, tmp_path, [])
    assert _files(tmp_path) == []


def test_cache_that_cannot_keep(server: FakeServer, tmp_path: Path) -> None:
    server.serve(f"/{NAME}", CONTENT)
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(AssembleError, match="TUTORIAL_KERNELS_CACHE"):
        fetch(WANTED, blocked, [WebSource(server.url)])


def test_order_of_the_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUTORIAL_KERNELS_WHEELS", raising=False)
    names = [source.name for source in standard_sources("314.0.4")]
    assert names == [
        "https://cdn.jsdelivr.net/pyodide/v314.0.4/full/",
        "the copy in the Python package open-webui==0.12.4",
    ]
    monkeypatch.setenv("TUTORIAL_KERNELS_WHEELS", "https://mirror.example/w")
    assert standard_sources("1")[0].name == "https://mirror.example/w/"
    monkeypatch.setenv("TUTORIAL_KERNELS_WHEELS", "wheels")
    assert standard_sources("1")[0].name == "folder wheels"


def test_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTORIAL_KERNELS_CACHE", "own")
    monkeypatch.setenv("XDG_CACHE_HOME", "general")
    assert cache_folder() == Path("own")
    monkeypatch.delenv("TUTORIAL_KERNELS_CACHE")
    assert cache_folder() == Path("general/tutorial-kernels")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path("~/.cache/tutorial-kernels").expanduser()


# The copy inside a package of the Python index.

CARRIER_FILE = "open_webui-0.12.4-py3-none-any.whl"


def _carrier_wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("open_webui/ballast.bin", os.urandom(2_000_000))
        archive.writestr(f"open_webui/frontend/pyodide/{NAME}", CONTENT)
        archive.writestr("open_webui/more.bin", os.urandom(500_000))
        info = "open_webui-0.12.4.dist-info"
        metadata = "Metadata-Version: 2.1\nName: open-webui\nVersion: 0.12.4\nRequires-Python: >=3.11,<3.13.0a1\n"
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


@pytest.fixture
def index(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """A Python index on this machine that has the carrier alone."""
    server.serve(f"/files/{CARRIER_FILE}", _carrier_wheel())
    link = (
        f'<a href="/files/{CARRIER_FILE}" '
        f'data-requires-python="&gt;=3.11,&lt;3.13.0a1">{CARRIER_FILE}</a>'
    )
    page = f"<!DOCTYPE html><html><body>{link}</body></html>"
    server.serve("/simple/open-webui/", page.encode(), "text/html")
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}simple/")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return server


def test_carrier_through_pip_reads_one_member(
    index: FakeServer, tmp_path: Path
) -> None:
    # The carrier refuses Python 3.13 and newer; only its address is asked.
    got = fetch(WANTED, tmp_path, [CarrierSource()])
    assert got.read_bytes() == CONTENT
    url = f"{index.url}files/{CARRIER_FILE}"
    index.sent = 0
    other = fetch(WANTED, tmp_path / "b", [CarrierSource(locate=lambda: url)])
    assert other.read_bytes() == CONTENT
    assert index.sent < len(_carrier_wheel()) / 5


def test_carrier_without_the_member(index: FakeServer, tmp_path: Path) -> None:
    url = f"{index.url}files/{CARRIER_FILE}"
    wanted = WantedFile("absent.whl", "0" * 64)
    with pytest.raises(AssembleError, match=r"absent\.whl: .*\n.*no such file"):
        fetch(wanted, tmp_path, [CarrierSource(locate=lambda: url)])


def test_carrier_that_is_no_zip(index: FakeServer, tmp_path: Path) -> None:
    index.serve("/files/x.whl", b"<html>sign in, please</html>" * 1000)
    url = f"{index.url}files/x.whl"
    with pytest.raises(AssembleError, match="BadZipFile"):
        fetch(WANTED, tmp_path, [CarrierSource(locate=lambda: url)])


def test_carrier_in_a_folder_of_wheels(tmp_path: Path) -> None:
    wheel = tmp_path / CARRIER_FILE
    wheel.write_bytes(_carrier_wheel())
    source = CarrierSource(locate=wheel.as_uri)
    assert fetch(WANTED, tmp_path / "c", [source]).read_bytes() == CONTENT


def test_pip_that_finds_nothing(index: FakeServer) -> None:
    with pytest.raises(SourceError, match=r"pip cannot find it: .*no-such"):
        locate_with_pip("no-such-package==1")


def test_environment_without_pip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    no_pip = tmp_path / "python"
    no_pip.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    no_pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(no_pip))
    with pytest.raises(SourceError, match="No module named pip"):
        locate_with_pip("thing==1")
