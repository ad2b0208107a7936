"""The course's data sets: small files for the page, full sets offline."""

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.digits import digits
from tutorial_kernels.data.errors import DataFileError
from tutorial_kernels.data.examples import Examples, Signals
from tutorial_kernels.data.fashion_mnist import (
    FASHION_MNIST_CLASSES,
    fashion_mnist_excerpt,
    load_fashion_mnist,
)
from tutorial_kernels.data.idx import read_idx
from tutorial_kernels.data.mnist1d import mnist1d, shuffled_positions
from tutorial_kernels.data.npz import read_npz
from tutorial_kernels.data.penguins import (
    PENGUIN_MEASURES,
    PENGUIN_SPECIES,
    Penguins,
    penguins,
)
from tutorial_kernels.data.series import (
    Series,
    airline_passengers,
    day_ahead_windows,
    electricity,
)
from tutorial_kernels.data.texts import (
    Reviews,
    first_names,
    load_tiny_shakespeare,
    movie_reviews,
    romeo_and_juliet,
)

__all__ = [
    "FASHION_MNIST_CLASSES",
    "PENGUIN_MEASURES",
    "PENGUIN_SPECIES",
    "DataFileError",
    "Examples",
    "Penguins",
    "Reviews",
    "Series",
    "Signals",
    "airline_passengers",
    "day_ahead_windows",
    "digits",
    "electricity",
    "fashion_mnist_excerpt",
    "first_names",
    "load_fashion_mnist",
    "load_tiny_shakespeare",
    "mnist1d",
    "movie_reviews",
    "penguins",
    "read_asset",
    "read_idx",
    "read_npz",
    "romeo_and_juliet",
    "shuffled_positions",
]
