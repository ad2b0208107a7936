"""A small problem for each network, to compare it with its twin on."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.parity.comparison import Comparison, compare
from tutorial_kernels.randomness import manual_seed

type Batch = tuple[Array, Array]


class Problem(NamedTuple):
    """What a network is compared on.

    Attributes:
        model: The name of the class, here and in `torch_models`.
        batch: Makes inputs and targets, in float64.
        loss: A loss of `functional`.
        lr: The step size. Where a maximum is taken, large steps let rounding
            decide which pixel wins, and two right trainings part ways.
    """

    model: str
    batch: Callable[[np.random.Generator], Batch]
    loss: str
    lr: float


def _classes(*shape: int, classes: int) -> Callable[..., Batch]:
    def batch(rng: np.random.Generator) -> Batch:
        x = rng.standard_normal((16, *shape))
        return x, rng.integers(0, classes, 16)

    return batch


def _waves(rng: np.random.Generator) -> Batch:
    """Twelve values of a noisy wave, and the one that follows."""
    starts = rng.uniform(0, 6, (16, 1))
    waves = np.sin(starts + 0.5 * np.arange(13))
    waves += 0.1 * rng.standard_normal(waves.shape)
    return waves[:, :12, np.newaxis], waves[:, 12:]


PROBLEMS = {
    "fnn": Problem("SimpleNN", _classes(4, classes=3), "cross_entropy", 0.05),
    "cnn": Problem(
        "SimpleCNN", _classes(1, 28, 28, classes=10), "cross_entropy", 0.01
    ),
    "rnn": Problem("SimpleRNN", _waves, "mse_loss", 0.1),
    "lstm": Problem("SimpleLSTM", _waves, "mse_loss", 0.1),
    "gru": Problem("SimpleGRU", _waves, "mse_loss", 0.1),
}


def compare_twins(
    name: str, *, dtype: Any = np.float64, steps: int = 100
) -> Comparison:
    """Compare a network with its twin on its own problem.

    Args:
        name: A key of `PROBLEMS`, such as "cnn".
        dtype: float64, or float32 to see what rounding does.
        steps: How many steps of SGD to compare.

    Raises:
        ValueError: If there is no such network or the dtype is another.
    """
    import torch

    if name not in PROBLEMS:
        raise ValueError(
            f"parity: no network is called {name!r}, "
            f"there are {', '.join(PROBLEMS)}"
        )
    word = getattr(dtype, "__name__", str(dtype))
    if word not in ("float32", "float64"):
        raise ValueError(
            f"parity: dtype must be float32 or float64, got {word}"
        )
    dtype = np.dtype(word)
    problem = PROBLEMS[name]
    manual_seed(0)
    ours = import_module(f"tutorial_kernels.models.{name}")
    theirs = import_module(f"tutorial_kernels.torch_models.{name}")
    model = getattr(ours, problem.model)().to(dtype)
    twin = getattr(theirs, problem.model)().to(getattr(torch, dtype.name))
    x, targets = problem.batch(np.random.default_rng(0))
    if targets.dtype.kind == "f":
        targets = targets.astype(dtype)
    return compare(
        model,
        twin,
        x.astype(dtype),
        targets,
        loss=problem.loss,
        steps=steps,
        lr=problem.lr,
    )
