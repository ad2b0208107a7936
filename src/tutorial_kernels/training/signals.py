"""MNIST-1D: one set of signals, four architectures that may read it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

from tutorial_kernels.data import Signals, mnist1d, shuffled_positions
from tutorial_kernels.torch_models.cnn import SignalCNN
from tutorial_kernels.torch_models.fnn import MLP
from tutorial_kernels.torch_models.gru import SignalGRU
from tutorial_kernels.training.classification import classification
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.examples import tenth
from tutorial_kernels.training.task import Task, seeded

READERS: Mapping[str, tuple[type[nn.Module], Mapping[str, Any]]] = {
    "linear": (MLP, {"sizes": (40, 10)}),
    "mlp": (MLP, {"sizes": (40, 100, 100, 10)}),
    "cnn": (SignalCNN, {"channels": 25}),
    "gru": (SignalGRU, {"hidden_size": 6}),
}

# What all of them are trained with. The steps stay long to the end, which
# keeps them from learning few signals by heart; what is judged is an average.
RACE: Mapping[str, Any] = {
    "epochs": 40,
    "batch_size": 100,
    "learning_rate": 1e-2,
    "schedule": "constant",
    "optimizer": "adamw",
    "ema": 0.99,
    "evaluate_every": 180,
    "out": "runs/mnist1d",
}
# That is not enough for the one that takes nothing about signals for granted.
OWN: Mapping[str, Mapping[str, Any]] = {
    "linear": {},
    "mlp": {"weight_decay": 0.5},
    "cnn": {},
    "gru": {},
}


def signals(
    reader: str,
    config: TrainConfig,
    shuffled: bool = False,
    held_back: bool = True,
) -> Task:
    """Makes the task of telling the ten kinds of signal apart.

    Args:
        reader: "linear", "mlp", "cnn" or "gru".
        config: ``seed`` and ``limit`` are used.
        shuffled: Whether the 40 positions are put into another order, one
            for all signals.
        held_back: Whether the last tenth of the training signals is kept
            from the training. Without, as in the set's paper, validation
            chooses among weights that have seen its answers: evaluate at the
            end alone.

    Returns:
        The task; the last tenth of the training signals is for validation.

    Raises:
        ValueError: There is no such reader, or ``limit`` leaves too few
            signals.
    """
    if reader not in READERS:
        raise ValueError(
            f"reader is {reader!r}, expected one of {', '.join(READERS)}"
        )
    network, arguments = READERS[reader]
    with seeded(config.seed):
        model = network(**arguments)
    name = f"mnist1d_{reader}{'_shuffled' if shuffled else ''}"
    learned, kept, test = signal_splits(config, shuffled)
    if not held_back:
        name += "_all"
        learned = Signals(
            np.concatenate((learned.signals, kept.signals)),
            np.concatenate((learned.labels, kept.labels)),
        )
    return classification(name, model, learned, kept, test, arguments=arguments)


def signal_splits(
    config: TrainConfig, shuffled: bool = False
) -> Sequence[Signals]:
    """Signals to learn from, to choose by and to test with."""
    known, test = mnist1d()
    if shuffled:
        known, test = shuffled_positions(known), shuffled_positions(test)
    known = _part(known, 0, config.limit)
    count = tenth(len(known.labels), config)
    return _part(known, 0, -count), _part(known, -count, None), test


def _part(signals: Signals, start: int, stop: int | None) -> Signals:
    return Signals(signals.signals[start:stop], signals.labels[start:stop])
