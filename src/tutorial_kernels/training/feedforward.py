"""The tasks of feedforward networks: penguins, signals, clothing."""

from collections.abc import Mapping
from typing import Any

from tutorial_kernels.data import penguins
from tutorial_kernels.torch_models.fnn import MLP, SimpleNN
from tutorial_kernels.training.classification import classification
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.examples import load_splits, tenth
from tutorial_kernels.training.signals import signal_splits
from tutorial_kernels.training.task import Task


def feedforward(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Classes from measurements, or from the values of a signal or image."""
    sizes = dict(arguments)
    examples = sizes.pop("examples", "penguins")
    if examples == "penguins":
        return species_of_penguins(config)
    load = signal_splits if examples == "signals" else load_splits
    return classification("fnn", MLP(**sizes), *load(config), arguments=sizes)


def species_of_penguins(config: TrainConfig) -> Task:
    """The species of a penguin from four measurements of it."""
    known, test = penguins()
    measures = known.measures[: config.limit]
    species = known.species[: config.limit]
    kept = tenth(len(measures), config)
    mean, std = measures[:-kept].mean(0), measures[:-kept].std(0)
    scaled, scaled_test = (measures - mean) / std, (test.measures - mean) / std
    return classification(
        "fnn",
        SimpleNN(),
        (scaled[:-kept], species[:-kept]),
        (scaled[-kept:], species[-kept:]),
        (scaled_test, test.species),
        mean=mean.tolist(),
        std=std.tolist(),
    )
