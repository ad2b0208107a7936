"""A full data set: its official files, and the folders that may have them."""

import hashlib
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tutorial_kernels.data.download import download_file
from tutorial_kernels.data.errors import DataFileError
from tutorial_kernels.durable import write_whole


@dataclass(frozen=True)
class FullSet:
    """Files that are known by size and sha256, packed (.gz) or not.

    They are looked for in the folder that the user names, in the one that
    TUTORIAL_KERNELS_DATA names, where a system package puts them, and in the
    user's cache; a download is the last resort, and only on demand.

    Attributes:
        title: What the set is called in sentences.
        name: The name of its folder.
        files: The size and sha256 of every file, unpacked. The packed ones
            differ from source to source by a name and a time in their header.
        address: Where a file can be downloaded, with {} for its name.
        package: The system package that has the files, if there is one.
        system_folder: Where it puts them.
    """

    title: str
    name: str
    files: Mapping[str, tuple[int, str]]
    address: str
    package: str | None = None
    system_folder: Path | None = None

    def contents(
        self, folder: str | os.PathLike[str] | None, download: bool
    ) -> list[bytes]:
        """Reads all files, unpacked and checked.

        Args:
            folder: A folder to look in first, and to download into.
            download: Whether to fetch the files when no folder has them.

        Raises:
            FileNotFoundError: No folder has the files, and ``download`` is
                off.
            DataFileError: A file is not the official one.
            OSError: The download failed.
        """
        here = self.find(folder)
        if here is None:
            here = Path(folder) if folder else self._cache()
            if not download:
                raise FileNotFoundError(self._missing(folder))
            self._download(here)
        return [self._official(here, name) for name in self.files]

    def find(self, folder: str | os.PathLike[str] | None = None) -> Path | None:
        """Finds a folder that has all files, or none."""
        for candidate in self.folders(folder):
            if all(_path(candidate, name) for name in self.files):
                return candidate
        return None

    def folders(
        self, folder: str | os.PathLike[str] | None = None
    ) -> list[Path]:
        """Lists the folders to look in, first things first."""
        folders = [Path(folder)] if folder else []
        named = os.environ.get("TUTORIAL_KERNELS_DATA")
        if named:
            folders += [Path(named) / self.name, Path(named)]
        if self.system_folder:
            folders.append(self.system_folder)
        return [*folders, self._cache()]

    def _cache(self) -> Path:
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(cache) / "tutorial-kernels" / self.name

    def _missing(self, folder: str | os.PathLike[str] | None) -> str:
        """Says where the set is not, and what would bring it."""
        places = ", ".join(map(str, self.folders(folder)))
        package = f"install the Debian package {self.package}, or "
        address = self.address.rpartition("/")[0]
        return (
            f"{self.title} is in none of {places}: "
            f"{package if self.package else ''}allow the download "
            f"(download=True) from {address}/"
        )

    def _official(self, folder: Path, name: str) -> bytes:
        """Reads one of the files and makes sure that it is the official one."""
        path = _path(folder, name)
        if path is None:
            raise FileNotFoundError(f"{folder / name} has gone away")
        with path.open("rb") as stream:
            return self._checked(
                str(path), name, stream.read(self._most_bytes(name))
            )

    def _checked(self, source: str, name: str, content: bytes) -> bytes:
        """Unpacks a file's bytes and compares them with the known sha256."""
        size, expected = self.files[name]
        if content[:2] == b"\x1f\x8b":
            try:  # one byte too many is enough to see a bomb
                content = zlib.decompressobj(31).decompress(content, size + 1)
            except zlib.error as error:
                raise DataFileError(
                    f"{source} cannot be unpacked: {error}"
                ) from None
        found = hashlib.sha256(content).hexdigest()
        if len(content) != size or found != expected:
            more = "more than " if len(content) > size else ""
            raise DataFileError(
                f"{source} is not the official {name}: unpacked it has {more}"
                f"{min(len(content), size)} bytes with the sha256 {found}, "
                f"expected {size} bytes with {expected}"
            )
        return content

    def _most_bytes(self, name: str) -> int:
        """How much of a file is worth reading; gzip adds little at worst."""
        return self.files[name][0] + 2**16

    def _download(self, folder: Path) -> None:
        """Fetches the files that a folder lacks, each checked, then written."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.files:
            if _path(folder, name) is None:
                address = self.address.format(name)
                content = download_file(address, self._most_bytes(name))
                self._checked(address, name, content)
                ending = ".gz" if address.endswith(".gz") else ""
                write_whole(folder / f"{name}{ending}", [content])


def _path(folder: Path, name: str) -> Path | None:
    """Finds one of the files in a folder, packed or not."""
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    return None
