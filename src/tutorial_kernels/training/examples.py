"""The images of a run: to train on, to choose by, to test with."""

from typing import NamedTuple

from tutorial_kernels.data import (
    Examples,
    fashion_mnist_excerpt,
    load_fashion_mnist,
)
from tutorial_kernels.training.config import EXCERPT, TrainConfig

_VALIDATION = 5_000


class Splits(NamedTuple):
    """Three sets that share no image."""

    training: Examples
    validation: Examples
    test: Examples


def load_splits(config: TrainConfig) -> Splits:
    """Loads Fashion-MNIST and keeps some training images for validation.

    The last 5,000 training images become the validation set, or the last
    tenth where that is less.

    Args:
        config: ``data`` and ``download`` say where the images come from,
            ``limit`` how many of each official set are used.

    Returns:
        The three sets.

    Raises:
        OSError: The full set is nowhere to be found.
        ValueError: A file is damaged, or ``limit`` leaves too few images.
    """
    if config.data == EXCERPT:
        known, test = fashion_mnist_excerpt()
    else:
        known, test = load_fashion_mnist(config.data, config.download)
    known, test = _part(known, 0, config.limit), _part(test, 0, config.limit)
    count = min(_VALIDATION, len(known.labels) // 10)
    if count == 0:
        raise ValueError(
            f"limit is {config.limit}, expected at least 10: a tenth of the "
            "images is kept for validation"
        )
    return Splits(_part(known, 0, -count), _part(known, -count, None), test)


def tenth(count: int, config: TrainConfig) -> int:
    """How many of the known examples, a tenth, are for validation.

    Raises:
        ValueError: ``limit`` leaves fewer than ten.
    """
    if count < 10:
        raise ValueError(f"limit is {config.limit}, expected at least 10")
    return count // 10


def _part(examples: Examples, start: int, stop: int | None) -> Examples:
    return Examples(examples.images[start:stop], examples.labels[start:stop])
