"""Rebuild `fashion_mnist_excerpt.npz` and its record from the full set.

Install the Debian package dataset-fashion-mnist (or name a folder that has
the four official files), then run
`python docs/assets/data/make_fashion_mnist_excerpt.py [folder]`.
"""

import collections
import itertools
import random
import sys
import zlib

import numpy as np
from numpy.typing import NDArray

from making import packed, write
from tutorial_kernels.data import FASHION_MNIST_CLASSES, load_fashion_mnist
from tutorial_kernels.data.fashion_mnist import FASHION_MNIST

NAME = "fashion_mnist_excerpt"
VERSION = "0.0~git20200523.55506a9-1"
PACKAGE_SHA256 = (
    "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0"
)
SEED = 2017
PER_CLASS = {"train": 200, "test": 50}


def choose(labels: NDArray[np.int64], per_class: int) -> list[int]:
    """Choose as many examples of each class, mixed in tens.

    The first ten hold one of each class, in any order, and so do the next.
    """
    # random.random() is the one generator whose sequence is promised for
    # good; shuffle() and NumPy's generators may change between versions.
    draw = random.Random(SEED).random
    keys = [draw() for _ in labels]
    by_class = collections.defaultdict(list)
    for index in sorted(range(len(keys)), key=keys.__getitem__):
        by_class[int(labels[index])].append(index)
    tens = zip(*by_class.values(), strict=False)  # the classes' first, next
    return [
        index
        for ten in itertools.islice(tens, per_class)
        for index in sorted(ten, key=lambda index: draw())
    ]


def excerpt(folder: str | None = None) -> dict[str, NDArray[np.uint8]]:
    """Cut the excerpt out of the full set."""
    arrays = {}
    sets = zip(PER_CLASS, load_fashion_mnist(folder), strict=True)
    for part, (images, labels) in sets:
        chosen = choose(labels, PER_CLASS[part])
        grey = np.rint(images[chosen, 0] * 255)
        arrays[f"{part}_images"] = grey.astype(np.uint8)
        arrays[f"{part}_labels"] = labels[chosen].astype(np.uint8)
    return arrays


def record() -> dict[str, object]:
    """Say what the excerpt is, where it comes from and under what terms."""
    return {
        "title": "Fashion-MNIST, an excerpt: grey images of clothing",
        "rows": len(FASHION_MNIST_CLASSES) * sum(PER_CLASS.values()),
        "source": f"Debian package {FASHION_MNIST.package} {VERSION}, the four "
        "official files of https://github.com/zalandoresearch/fashion-mnist",
        "source_version": VERSION,
        "source_sha256": PACKAGE_SHA256,
        "source_files": {
            name: sha256 for name, (_, sha256) in FASHION_MNIST.files.items()
        },
        "changes": "kept 2,000 of the 60,000 training images and 500 of the "
        "10,000 test images, as many of each class, mixed so that every ten "
        "hold one of each; the images themselves are unchanged",
        "split": {
            part: f"{count * len(FASHION_MNIST_CLASSES)} images, {count} of "
            f"each class, from the official {part} set"
            for part, count in PER_CLASS.items()
        },
        "seed": SEED,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "license": "MIT",
        "license_url": "https://github.com/zalandoresearch/fashion-mnist/"
        "blob/master/LICENSE",
        "copyright": "© 2017 Zalando SE, https://tech.zalando.com",
        "citation": "Xiao H, Rasul K, Vollgraf R (2017). Fashion-MNIST: a "
        "Novel Image Dataset for Benchmarking Machine Learning Algorithms. "
        "arXiv:1708.07747. https://arxiv.org/abs/1708.07747",
    }


def main() -> None:
    """Write the excerpt and, beside it, its record."""
    content = packed(excerpt(sys.argv[1] if len(sys.argv) > 1 else None))
    write(f"{NAME}.npz", content, record())


if __name__ == "__main__":
    main()
