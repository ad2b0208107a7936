"""Pyodide's lock file: read for what is needed, written with just that."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.fingerprint import file_sha256
from tutorial_kernels.site.assemble.sources import WantedFile


@dataclass(frozen=True)
class LockedPackage:
    """A package of Pyodide's distribution.

    Attributes:
        name: Its name in the lock.
        wheel: Its file and hash.
    """

    name: str
    wheel: WantedFile


def locked_packages(
    lock: Path, names: Iterable[str], left_out: Collection[str] = ()
) -> list[LockedPackage]:
    """Returns packages and all they depend on, sorted by name.

    Args:
        lock: Pyodide's `pyodide-lock.json`.
        names: The packages that are wanted.
        left_out: Those that are not, although another depends on them.

    Raises:
        AssembleError: The file is not a lock, or lacks one of them.
    """
    packages = _packages(lock)
    found: dict[str, LockedPackage] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name in left_out:
            continue
        entry = packages.get(name)
        if entry is None:
            raise AssembleError(
                f"{lock.name}: has no package {name!r}, which was wanted; "
                f"it has {len(packages)} others"
            )
        wheel = WantedFile(entry["file_name"], entry["sha256"])
        found[name] = LockedPackage(name, wheel)
        waiting += entry["depends"]
    return [found[name] for name in sorted(found)]


def page_python(lock: Path) -> str:
    """Returns which Python the pages run, as `3.14`."""
    version = str(_content(lock)["info"]["python"])
    return ".".join(version.split(".")[:2])


def write_cut_lock(
    lock: Path, folder: Path, names: Iterable[str], own_wheel: str
) -> None:
    """Writes the lock of a folder: its wheels, with the hashes they have.

    pyodide-lock does the work on both ends, so the file has the form that
    this release of Pyodide reads. Its `add_wheels_to_spec` is what the
    command `pyodide lockfile add-wheels` calls.

    Args:
        lock: Pyodide's own lock.
        folder: The folder with the compiled wheels.
        names: The packages of Pyodide to keep.
        own_wheel: The file name of our wheel in that folder.

    Raises:
        AssembleError: Our wheel needs what the folder does not have.
    """
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    spec = PyodideLockSpec.from_json(lock)
    spec.packages = {name: spec.packages[name] for name in names}
    for package in spec.packages.values():
        package.sha256 = file_sha256(folder / package.file_name)
    try:
        spec = add_wheels_to_spec(spec, [folder / own_wheel])
    except RuntimeError as error:
        raise AssembleError(f"{own_wheel}: {error}") from error
    spec.to_json(folder / lock.name)


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    return dict(_content(lock)["packages"])


def _content(lock: Path) -> dict[str, Any]:
    try:
        content = json.loads(lock.read_text(encoding="utf-8"))
        if content["packages"] and content["info"]["python"]:
            return dict(content)
        problem = "it names no package or no Python"
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{type(error).__name__}: {error}"
    raise AssembleError(
        f"assemble: {lock} is not Pyodide's lock file ({problem}); "
        "without node_modules, the next call lets npm install it anew"
    )
