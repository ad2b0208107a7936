"""The places outside this machine that have wheels for Pyodide."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tutorial_kernels.site.assemble.sources import (
    OnBytes,
    Source,
    SourceError,
)

# A package that carries a copy of Pyodide's distribution. The exact release
# matters: it is the one whose wheels have the hashes of our Pyodide.
_CARRIER = "open-webui==0.12.4"
_CARRIER_FOLDER = "open_webui/frontend/pyodide/"
_CHUNK = 1 << 16


@dataclass(frozen=True)
class FolderSource:
    """A folder of wheels on this machine."""

    folder: Path

    @property
    def name(self) -> str:
        """What the source is called in messages."""
        return f"folder {self.folder}"

    def read(self, file_name: str, on_bytes: OnBytes) -> bytes:
        """Returns the file's bytes or raises `SourceError`."""
        try:
            content = (self.folder / file_name).read_bytes()
        except OSError as error:
            raise SourceError(error.strerror or str(error)) from error
        on_bytes(len(content))
        return content


@dataclass(frozen=True)
class WebSource:
    """Files below an address, fetched by name.

    Attributes:
        address: What stands before the file's name, with its slash.
        patience: Seconds until the answer must have begun, and for which
            it may pause on the way.
    """

    address: str
    patience: float = 5.0
    _silent: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def name(self) -> str:
        """What the source is called in messages."""
        return self.address

    def read(self, file_name: str, on_bytes: OnBytes) -> bytes:
        """Returns the file's bytes or raises `SourceError`."""
        import requests

        if self._silent:  # one wait is enough for a run with many wheels
            raise SourceError(f"it gave no answer for {self._silent[0]}")
        url = f"{self.address}{file_name}"
        try:
            answer = _within(
                # Looking up a name has no timeout of its own.
                self.patience + 1.0,
                lambda: requests.get(url, stream=True, timeout=self.patience),
            )
            with answer:
                answer.raise_for_status()
                chunks = []
                for chunk in answer.iter_content(_CHUNK):
                    chunks.append(chunk)
                    on_bytes(len(chunk))
        except (OSError, ValueError) as error:
            if isinstance(error, TimeoutError | requests.ConnectionError):
                self._silent.append(file_name)
            raise SourceError(_reason(error)) from error
        return b"".join(chunks)


@dataclass(frozen=True)
class CarrierSource:
    """The copy inside a wheel of the Python index.

    pip says where that wheel is, so any index or mirror that this machine
    is set up for will do. Only the wanted member is read, by ranges.

    Attributes:
        locate: Returns the address of the carrying wheel.
        patience: Seconds for which the server may be silent.
    """

    locate: Callable[[], str] = lambda: locate_with_pip(_CARRIER)
    patience: float = 10.0

    @property
    def name(self) -> str:
        """What the source is called in messages."""
        return f"the copy in the Python package {_CARRIER}"

    def read(self, file_name: str, on_bytes: OnBytes) -> bytes:
        """Returns the file's bytes or raises `SourceError`."""
        from remotezip import RemoteZipError

        try:
            with _open_zip(self.locate(), self.patience) as archive:
                content = _read_member(
                    archive, f"{_CARRIER_FOLDER}{file_name}", on_bytes
                )
        except KeyError as error:
            raise SourceError("that package has no such file") from error
        except (
            OSError,
            ValueError,
            zipfile.BadZipFile,
            RemoteZipError,
        ) as error:
            raise SourceError(_reason(error)) from error
        return content


def standard_sources(pyodide_version: str) -> list[Source]:
    """Returns the sources to ask, in order.

    Args:
        pyodide_version: The release of Pyodide, as npm's lock names it.

    Returns:
        The user's own mirror, when `TUTORIAL_KERNELS_WHEELS` names a folder
        or an address, then the CDN, then the copy on the Python index.
    """
    sources: list[Source] = []
    if own := os.environ.get("TUTORIAL_KERNELS_WHEELS"):
        if urlsplit(own).scheme in {"http", "https"}:
            sources.append(WebSource(own.rstrip("/") + "/"))
        else:
            sources.append(FolderSource(Path(own).expanduser()))
    cdn = f"https://cdn.jsdelivr.net/pyodide/v{pyodide_version}/full/"
    return [*sources, WebSource(cdn), CarrierSource()]


def locate_with_pip(requirement: str, timeout: float = 60.0) -> str:
    """Asks pip for the address of a wheel, without fetching it.

    The carrier does not install on every Python that this project runs on;
    only its address is wanted, so pip is asked as a Python it does fit.

    Args:
        requirement: The package and its exact version.
        timeout: Seconds that pip may take.

    Raises:
        SourceError: pip cannot tell.
    """
    command = [sys.executable, "-m", "pip", "install", "--dry-run"]
    command += ["--no-deps", "--ignore-installed", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--retries", "1"]
    command += ["--python-version", "3.12", "--only-binary=:all:"]
    command += ["--report", "-", requirement]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"pip took over {timeout:.0f} seconds") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise SourceError(f"pip cannot find it: {lines[-1]}")
    try:
        report = json.loads(done.stdout)
        return str(report["install"][0]["download_info"]["url"])
    except (ValueError, LookupError) as error:
        raise SourceError("pip's report names no wheel") from error


def _open_zip(url: str, patience: float) -> Any:
    from remotezip import RemoteZip

    parts = urlsplit(url)
    if parts.scheme == "file":
        return zipfile.ZipFile(unquote(parts.path))
    return RemoteZip(url, timeout=patience)


def _read_member(
    archive: zipfile.ZipFile, name: str, on_bytes: OnBytes
) -> bytes:
    chunks = []
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            chunks.append(chunk)
            on_bytes(len(chunk))
    return b"".join(chunks)


def _within[T](seconds: float, work: Callable[[], T]) -> T:
    """Runs work in a thread of its own and gives it up when it is late."""
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds")
    return results[0]


def _reason(error: Exception) -> str:
    """Returns one line: the innermost cause says the most."""
    while error.__context__ is not None and isinstance(
        error.__context__, Exception
    ):
        error = error.__context__
    text = " ".join(str(error).split()) or type(error).__name__
    return f"{type(error).__name__}: {text[:200]}"
