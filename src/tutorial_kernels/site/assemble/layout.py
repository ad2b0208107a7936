"""Where everything stands in a checkout, and how folders are replaced."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tutorial_kernels.site.assemble.errors import AssembleError

_ASIDE = ".assemble-"


@dataclass(frozen=True)
class Layout:
    """The folders that `assemble` reads and writes.

    Attributes:
        root: The checkout: the folder that holds `pyproject.toml`.
    """

    root: Path

    @property
    def package(self) -> Path:
        """The Python package that pages import."""
        return self.root / "src" / "tutorial_kernels"

    @property
    def engine(self) -> Path:
        """The TypeScript of the pages, with its `package.json`."""
        return self.root / "src" / "cell_engine"

    @property
    def npm_pyodide(self) -> Path:
        """Pyodide's core, as npm installed it."""
        return self.engine / "node_modules" / "pyodide"

    @property
    def assets(self) -> Path:
        """What the site serves as it is."""
        return self.root / "docs" / "assets"

    @property
    def runtime(self) -> Path:
        """The versioned runtimes and `current.json`."""
        return self.assets / "pyodide"

    @property
    def notes(self) -> Path:
        """What `assemble` remembers between calls; not part of the site."""
        return self.root / ".cache" / "assemble"


def checked_layout(root: Path) -> Layout:
    """Returns the layout of a checkout, or says what it lacks.

    Args:
        root: The checkout's folder.

    Raises:
        AssembleError: A file without which nothing can be assembled is
            missing.
    """
    layout = Layout(root.resolve())
    for needed in (
        layout.root / "pyproject.toml",
        layout.package,
        layout.engine / "package.json",
        layout.engine / "package-lock.json",
    ):
        if not needed.exists():
            raise AssembleError(
                f"assemble: {needed} is missing; "
                f"expected {layout.root} to be a checkout of the course"
            )
    return layout


def watched_paths(root: Path) -> list[Path]:
    """Returns the files and folders whose change makes a page stale.

    Args:
        root: The checkout's folder.
    """
    layout = Layout(root.resolve())
    engine = [p for p in layout.engine.iterdir() if p.name != "node_modules"]
    return [layout.package, *sorted(engine)]


@contextmanager
def folder_aside(layout: Layout) -> Iterator[Path]:
    """Gives an empty folder on the file system of the results.

    It lies in `docs/assets` under a hidden name (MkDocs leaves those out),
    so that moving its content into place is a rename and never a copy. It
    is removed at the end, whatever happens.
    """
    layout.assets.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=layout.assets))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def has_leftovers(layout: Layout) -> bool:
    """Says whether a killed run left something, or another run works."""
    return next(layout.assets.glob(f"{_ASIDE}*"), None) is not None


def clear_leftovers(layout: Layout) -> None:
    """Removes what killed runs left aside. Only for the one that may write."""
    for leftover in layout.assets.glob(f"{_ASIDE}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def replace_folder(new: Path, place: Path) -> None:
    """Moves a finished folder to its place; the old one goes first aside.

    A kill between the two renames leaves no folder at all, which the next
    call sees and repairs; there is never a mixture.

    Args:
        new: The finished folder, in a `folder_aside`.
        place: Where it belongs.
    """
    _make_durable(new)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(new.with_name(f"{new.name}.old"))
    new.rename(place)


def repair_folder(new: Path, place: Path) -> None:
    """Puts whole files in the place of damaged ones, one after the other.

    For a folder whose name stands for its content: whoever reads it at
    that moment meets each file as it should be, or as damaged as before.

    Args:
        new: The finished folder, in a `folder_aside`; it has no folders.
        place: The damaged folder.
    """
    _make_durable(new)
    wanted = {path.name for path in new.iterdir()}
    for path in place.iterdir():
        if path.name not in wanted:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in new.iterdir():
        path.replace(place / path.name)


def _make_durable(folder: Path) -> None:
    """Forces the files to the disk before a name says they are whole."""
    for file in folder.rglob("*"):
        file_mode = 0o755 if file.is_dir() else 0o644
        file.chmod(file_mode)  # npm's and mkdtemp's modes are not the web's
        if file.is_file():
            with file.open("r+b") as stream:  # Windows syncs writers only
                os.fsync(stream.fileno())
    folder.chmod(0o755)
