"""What a data set of labeled examples looks like once it is loaded."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Examples(NamedTuple):
    """Images and what they show.

    Shapes:
        images: (B, 1, height, width), float32, from 0 (black) to 1 (white)
        labels: (B,), int64, numbers of classes
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


class Signals(NamedTuple):
    """Signals of one channel and the class of each.

    Shapes:
        signals: (B, T), float32
        labels: (B,), int64, numbers of classes
    """

    signals: NDArray[np.float32]
    labels: NDArray[np.int64]


def labeled_images(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], white: int
) -> Examples:
    """Turn bytes into what networks take: grey from 0 to 1, one channel."""
    scaled = images[:, np.newaxis].astype(np.float32)  # (B, 1, height, width)
    scaled /= white
    return Examples(scaled, labels.astype(np.int64))
