"""Hashes of files, folders and settings: what tells fresh from stale."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path


def file_sha256(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes as hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def combined(*parts: object) -> str:
    """Returns one hash for several JSON-like values; their order counts."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def folder_sha256(folder: Path) -> dict[str, str]:
    """Returns the SHA-256 of every file below a folder, by relative path."""
    return files_sha256(folder, (p for p in folder.rglob("*") if p.is_file()))


def files_sha256(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """Returns the SHA-256 of these files by their path below the folder."""
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in sorted(files)
    }


def sources_sha256(
    folder: Path, skipped: Callable[[str], bool]
) -> dict[str, str]:
    """Returns the SHA-256 of a source folder's files.

    Args:
        folder: The folder to read.
        skipped: Says of a relative path, folder or file, that it does not
            count. A skipped folder is not entered.
    """
    found: list[Path] = []
    for parent, folders, files in folder.walk():
        below = parent.relative_to(folder)
        folders[:] = [f for f in folders if not skipped((below / f).as_posix())]
        found += [
            parent / file
            for file in files
            if not skipped((below / file).as_posix())
        ]
    return files_sha256(folder, found)


def has_exactly(folder: Path, expected: Mapping[str, str]) -> bool:
    """Says whether a folder holds these files, unchanged, and no other."""
    return bool(expected) and folder_sha256(folder) == dict(expected)
