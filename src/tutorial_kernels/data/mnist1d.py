"""MNIST-1D: ten kinds of signal, made to tell architectures apart.

Greydanus and Kobak (2020), arXiv:2011.14439, Apache 2.0.
"""

import numpy as np

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.examples import Signals
from tutorial_kernels.data.npz import read_npz


def mnist1d() -> tuple[Signals, Signals]:
    """Loads 5,000 signals of 40 values each.

    Every signal is one of ten templates: padded, scaled, sheared, shifted and
    covered with noise. Their mean is 0 and their standard deviation 1.

    Returns:
        4,000 signals to train on and 1,000 to test with.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.
        DataFileError: The asset is damaged.
    """
    arrays = read_npz(read_asset("data/mnist1d.npz"))
    train, test = (
        Signals(
            arrays[f"{part}_signals"].astype(np.float32),
            arrays[f"{part}_labels"].astype(np.int64),
        )
        for part in ("train", "test")
    )
    return train, test


def shuffled_positions(signals: Signals, seed: int = 0) -> Signals:
    """Puts the 40 positions into another order, the same for every signal.

    What a network knows beforehand about neighbors is worth nothing now;
    everything that a linear layer could see is still there.
    """
    order = np.random.default_rng(seed).permutation(signals.signals.shape[1])
    return Signals(signals.signals[:, order], signals.labels)
