"""Fashion-MNIST: 70,000 grey images of ten kinds of clothing.

Xiao, Rasul, Vollgraf (2017), arXiv:1708.07747. © 2017 Zalando SE, MIT.
"""

import os
from pathlib import Path

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.examples import Examples, labeled_images
from tutorial_kernels.data.full_set import FullSet
from tutorial_kernels.data.idx import read_idx
from tutorial_kernels.data.npz import read_npz

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

ADDRESS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
    "master/data/fashion/"
)
FASHION_MNIST = FullSet(
    title="Fashion-MNIST",
    name="fashion-mnist",
    files={
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
    },
    address=ADDRESS + "{}.gz",
    package="dataset-fashion-mnist",
    system_folder=Path("/usr/share/datasets/fashion-mnist"),
)
_WHITE = 255


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
        labeled_images(arrays["train_images"], arrays["train_labels"], _WHITE),
        labeled_images(arrays["test_images"], arrays["test_labels"], _WHITE),
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
    contents = FASHION_MNIST.contents(folder, download)
    train_images, train_labels, test_images, test_labels = map(
        read_idx, contents
    )
    return (
        labeled_images(train_images, train_labels, _WHITE),
        labeled_images(test_images, test_labels, _WHITE),
    )
