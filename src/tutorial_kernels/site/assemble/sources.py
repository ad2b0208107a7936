"""Where a wheel for Pyodide comes from; its hash decides, not the place.

In this order: the cache of this user, a mirror named by the user, Pyodide's
own CDN, and the copy that a package on the Python index carries.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tutorial_kernels.durable import write_whole
from tutorial_kernels.site.assemble.errors import AssembleError

# Called with the number of bytes that have just come.
OnBytes = Callable[[int], None]


class SourceError(Exception):
    """A source does not have the file, or could not give it in time."""


class Source(Protocol):
    """A place that may have a wheel."""

    @property
    def name(self) -> str:
        """What the source is called in messages."""

    def read(self, file_name: str, on_bytes: OnBytes) -> bytes:
        """Returns the file's bytes or raises `SourceError`."""


@dataclass(frozen=True)
class WantedFile:
    """A file and the hash it must have.

    Attributes:
        name: The file's name, the same at every source.
        sha256: Its SHA-256 in hex digits.
    """

    name: str
    sha256: str


def cache_folder() -> Path:
    """Returns where downloads of this user are kept."""
    if own := os.environ.get("TUTORIAL_KERNELS_CACHE"):
        return Path(own).expanduser()
    general = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(general).expanduser() / "tutorial-kernels"


def fetch(
    wanted: WantedFile,
    cache: Path,
    sources: Sequence[Source],
    on_bytes: OnBytes = lambda count: None,
) -> Path:
    """Returns the path of a checked copy in the cache.

    Args:
        wanted: The file.
        cache: The cache's folder.
        sources: The places to ask, in order, when the cache has it not.
        on_bytes: Hears about the bytes as they come.

    Raises:
        AssembleError: No source gave the right file. The message names
            each with its reason.
    """
    kept = cache / "wheels" / wanted.sha256[:16] / wanted.name
    reasons: list[str] = []
    if kept.is_file():
        problem = _mismatch(kept.read_bytes(), wanted)
        if problem is None:
            return kept
        kept.unlink()  # a damaged copy must not be met again
        reasons.append(f"cache {kept}: {problem}; removed")
    for source in sources:
        try:
            content = source.read(wanted.name, on_bytes)
        except SourceError as error:
            reasons.append(f"{source.name}: {error}")
            continue
        problem = _mismatch(content, wanted)
        if problem is None:
            _keep(kept, content)
            return kept
        reasons.append(f"{source.name}: {problem}")
    tried = "".join(f"\n  {reason}" for reason in reasons)
    raise AssembleError(
        f"{wanted.name}: no source gave the right file; tried:{tried}"
    )


def _mismatch(content: bytes, wanted: WantedFile) -> str | None:
    got = hashlib.sha256(content).hexdigest()
    if got == wanted.sha256:
        return None
    return (
        f"sha256 does not match ({len(content):,} bytes): "
        f"expected {wanted.sha256}, got {got}"
    )


def _keep(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, [content])
    except OSError as error:
        raise AssembleError(
            f"{path.name}: it came, but the cache cannot keep it: {error}; "
            "TUTORIAL_KERNELS_CACHE can name another folder"
        ) from error
