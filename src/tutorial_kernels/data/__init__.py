"""The course's data sets: small excerpts for the page, full sets offline."""

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.errors import DataFileError
from tutorial_kernels.data.fashion_mnist import (
    FASHION_MNIST_CLASSES,
    Examples,
    fashion_mnist_excerpt,
    load_fashion_mnist,
)
from tutorial_kernels.data.idx import read_idx
from tutorial_kernels.data.npz import read_npz
from tutorial_kernels.data.penguins import (
    PENGUIN_MEASURES,
    PENGUIN_SPECIES,
    Penguins,
    penguins,
)

__all__ = [
    "FASHION_MNIST_CLASSES",
    "PENGUIN_MEASURES",
    "PENGUIN_SPECIES",
    "DataFileError",
    "Examples",
    "Penguins",
    "fashion_mnist_excerpt",
    "load_fashion_mnist",
    "penguins",
    "read_asset",
    "read_idx",
    "read_npz",
]
