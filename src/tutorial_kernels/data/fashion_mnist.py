"""Fashion-MNIST: 70,000 grey images of ten kinds of clothing.

Xiao, Rasul, Vollgraf (2017), arXiv:1708.07747. © 2017 Zalando SE, MIT.
"""

import hashlib
import os
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.download import download_file
from tutorial_kernels.data.errors import DataFileError
from tutorial_kernels.data.idx import read_idx
from tutorial_kernels.data.npz import read_npz
from tutorial_kernels.durable import write_whole

FASHION_MNIST_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

PACKAGE = "dataset-fashion-mnist"
SYSTEM_FOLDER = Path("/usr/share/datasets/fashion-mnist")
ADDRESS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
    "master/data/fashion/"
)
# The unpacked files' sizes and sha256; the packed ones differ from source
# to source by a name and a time in the gzip header.
OFFICIAL_FILES = {
    "train-images-idx3-ubyte": (
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    "train-labels-idx1-ubyte": (
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    "t10k-images-idx3-ubyte": (
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    "t10k-labels-idx1-ubyte": (
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}


class Examples(NamedTuple):
    """Images and what they show.

    Shapes:
        images: (B, 1, 28, 28), float32, from 0 (black) to 1 (white)
        labels: (B,), int64, indices into FASHION_MNIST_CLASSES
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def fashion_mnist_excerpt() -> tuple[Examples, Examples]:
    """Loads the 2,500 images of Fashion-MNIST that come with the pages.

    Returns:
        2,000 images to train on and 500 to test with, from the official
        training and test sets. The first ten hold one of each class, in a
        mixed order, and so does every ten after them.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.
        DataFileError: The asset is damaged.
    """
    arrays = read_npz(read_asset("data/fashion_mnist_excerpt.npz"))
    return (
        _examples(arrays["train_images"], arrays["train_labels"]),
        _examples(arrays["test_images"], arrays["test_labels"]),
    )


def load_fashion_mnist(
    folder: str | os.PathLike[str] | None = None, download: bool = False
) -> tuple[Examples, Examples]:
    """Loads the full set: 60,000 images to train on, 10,000 to test with.

    The four official files, packed (.gz) or not, are looked for in
    ``folder``, in the folder that TUTORIAL_KERNELS_DATA names, where the
    Debian package dataset-fashion-mnist puts them, and in the user's cache.

    Args:
        folder: A folder to look in first, and to download into.
        download: Whether to fetch the files (31 MB) when none has them.

    Returns:
        The training and the test examples.

    Raises:
        FileNotFoundError: No folder has the files, and ``download`` is off.
        DataFileError: A file is not the official one.
        OSError: The download failed.
    """
    here = find_fashion_mnist(folder)
    if here is None:
        here = Path(folder) if folder else _cache_folder()
        if not download:
            raise FileNotFoundError(
                "Fashion-MNIST is in none of "
                f"{', '.join(map(str, _folders(folder)))}: install the "
                f"Debian package {PACKAGE}, or allow the download "
                f"(download=True) from {ADDRESS}"
            )
        _download(here)
    train_images, train_labels, test_images, test_labels = (
        read_idx(_official_content(here, name)) for name in OFFICIAL_FILES
    )
    return (
        _examples(train_images, train_labels),
        _examples(test_images, test_labels),
    )


def find_fashion_mnist(
    folder: str | os.PathLike[str] | None = None,
) -> Path | None:
    """Finds a folder that has the four files, or none."""
    for candidate in _folders(folder):
        if all(_path(candidate, name) for name in OFFICIAL_FILES):
            return candidate
    return None


def _folders(folder: str | os.PathLike[str] | None) -> list[Path]:
    """Lists the folders to look in, first things first."""
    folders = [Path(folder)] if folder else []
    named = os.environ.get("TUTORIAL_KERNELS_DATA")
    if named:
        folders += [Path(named) / "fashion-mnist", Path(named)]
    return [*folders, SYSTEM_FOLDER, _cache_folder()]


def _cache_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "tutorial-kernels" / "fashion-mnist"


def _path(folder: Path, name: str) -> Path | None:
    """Finds one of the files in a folder, packed or not."""
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    return None


def _official_content(folder: Path, name: str) -> bytes:
    """Reads one of the files and makes sure that it is the official one."""
    path = _path(folder, name)
    if path is None:
        raise FileNotFoundError(f"{folder / name} has gone away")
    with path.open("rb") as stream:
        return _checked(str(path), name, stream.read(_most_bytes(name)))


def _checked(source: str, name: str, content: bytes) -> bytes:
    """Unpacks a file's bytes and compares them with the official sha256."""
    size, expected = OFFICIAL_FILES[name]
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


def _most_bytes(name: str) -> int:
    """How much of a file is worth reading; gzip adds little at worst."""
    return OFFICIAL_FILES[name][0] + 2**16


def _download(folder: Path) -> None:
    """Fetches the files that a folder lacks, each checked, then written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in OFFICIAL_FILES:
        if _path(folder, name) is None:
            content = download_file(f"{ADDRESS}{name}.gz", _most_bytes(name))
            _checked(f"{ADDRESS}{name}.gz", name, content)
            write_whole(folder / f"{name}.gz", [content])


def _examples(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Examples:
    """Turns bytes into what networks take: grey from 0 to 1, one channel."""
    scaled = images[:, np.newaxis].astype(np.float32)  # (B, 1, 28, 28)
    scaled /= 255
    return Examples(scaled, labels.astype(np.int64))
