"""A small problem for each network, to compare it with its twin on."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.parity.comparison import (
    Comparison,
    compare,
    compare_games,
)
from tutorial_kernels.randomness import manual_seed

type Arrays = tuple[Array, ...]
type Batch = Callable[[np.random.Generator], tuple[Arrays, Arrays]]


class Problem(NamedTuple):
    """What a network is compared on.

    Attributes:
        models: The name of the class, here and in `torch_models`; a generator
            and a discriminator play a game.
        batch: Makes inputs and targets, in float64. The game takes real
            examples and noise.
        lr: The step size for each optimizer. Where a maximum is taken, large
            steps let rounding decide which pixel wins; where a norm divides
            by small numbers, as in a fresh GPT, they make the training
            swing. Two right trainings then part ways.
        loss: A loss of `functional` or of the model's own file.
        outputs: What the outputs of the model are called.
    """

    models: tuple[str, ...]
    batch: Batch
    lr: Mapping[str, float]
    loss: str = ""
    outputs: tuple[str, ...] = ("logits",)


def _classes(*shape: int, classes: int) -> Batch:
    def batch(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
        x = rng.standard_normal((16, *shape))
        return (x,), (rng.integers(0, classes, 16),)

    return batch


def _waves(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Twelve values of a noisy wave, and the one that follows."""
    starts = rng.uniform(0, 6, (16, 1))
    waves = np.sin(starts + 0.5 * np.arange(13))
    waves += 0.1 * rng.standard_normal(waves.shape)
    return (waves[:, :12, np.newaxis],), (waves[:, 12:],)


def _pictures(rng: np.random.Generator, *shape: int) -> Array:
    """Pixels from 0 to 1 that two numbers decide: a code can hold them."""
    codes = rng.standard_normal((shape[0], 2))
    size = int(np.prod(shape[1:]))
    pixels = np.tanh(codes @ rng.standard_normal((2, size)))
    return (0.5 + 0.5 * pixels).reshape(shape)


def _digits(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Pictures of 8 x 8 pixels, to be rebuilt."""
    x = _pictures(rng, 16, 64)
    return (x,), (x,)


def _images(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Pictures of 28 x 28 pixels, to be rebuilt."""
    x = _pictures(rng, 2, 1, 28, 28)
    return (x,), (x,)


def _digits_and_noise(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Pictures of 8 x 8 pixels, and what their codes are drawn with."""
    x = _pictures(rng, 16, 64)
    return (x, rng.standard_normal((16, 2))), (x,)


def _ring(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Two points near each of eight places on a circle, and noise."""
    angles = np.arange(16) * np.pi / 4
    places = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    places += 0.05 * rng.standard_normal(places.shape)
    return (places,), (rng.standard_normal((16, 2)),)


def _images_and_noise(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Images with pixels from -1 to 1, and noise."""
    images = 2 * _pictures(rng, 2, 1, 28, 28) - 1
    return (images,), (rng.standard_normal((2, 32)),)


def _text(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Sixteen tokens of four texts, and the one that follows each."""
    tokens = rng.integers(0, 65, (4, 17))
    return (tokens[:, :-1],), (tokens[:, 1:],)


def _text_and_scores(
    rng: np.random.Generator,
) -> tuple[Arrays, Arrays]:
    """Sixteen tokens of four texts, and what the logits should be."""
    tokens = rng.integers(0, 65, (4, 16))
    return (tokens,), (rng.standard_normal((4, 16, 65)),)


def _padded_texts(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Eight texts filled up to one length, and their classes."""
    lengths = rng.integers(1, 13, 8)
    padding = np.arange(12) >= lengths[:, np.newaxis]
    tokens = rng.integers(0, 65, (8, 12))
    return (tokens, padding), (rng.integers(0, 2, 8),)


PROBLEMS: dict[str, tuple[Problem, ...]] = {
    "fnn": (
        Problem(
            ("SimpleNN",),
            _classes(4, classes=3),
            {"SGD": 0.05, "Adam": 0.002},
            "cross_entropy",
        ),
        Problem(
            ("MLP",),
            _classes(40, classes=10),
            {"SGD": 0.05, "Adam": 0.002},
            "cross_entropy",
        ),
    ),
    "deep_nn": (
        Problem(
            ("DeepNN",),
            _classes(1, 8, 8, classes=10),
            {"SGD": 0.05, "Adam": 0.002},
            "cross_entropy",
        ),
        Problem(
            ("GatedNN",),
            _classes(1, 8, 8, classes=10),
            {"SGD": 0.05, "Adam": 0.002},
            "cross_entropy",
        ),
    ),
    "cnn": (
        Problem(
            ("SimpleCNN",),
            _classes(1, 28, 28, classes=10),
            {"SGD": 0.01, "Adam": 0.002},
            "cross_entropy",
        ),
        Problem(
            ("DeepCNN",),
            _classes(1, 28, 28, classes=10),
            {"SGD": 0.01, "Adam": 0.001},
            "cross_entropy",
        ),
        Problem(
            ("SignalCNN",),
            _classes(40, classes=10),
            {"SGD": 0.02, "Adam": 0.002},
            "cross_entropy",
        ),
    ),
    "rnn": (
        Problem(
            ("SimpleRNN",), _waves, {"SGD": 0.1, "Adam": 0.005}, "mse_loss"
        ),
    ),
    "lstm": (
        Problem(
            ("SimpleLSTM",), _waves, {"SGD": 0.1, "Adam": 0.005}, "mse_loss"
        ),
    ),
    "gru": (
        Problem(
            ("SimpleGRU",), _waves, {"SGD": 0.1, "Adam": 0.005}, "mse_loss"
        ),
        Problem(
            ("SignalGRU",),
            _classes(40, classes=10),
            {"SGD": 0.05, "Adam": 0.005},
            "cross_entropy",
        ),
    ),
    "language": (
        Problem(
            ("BigramLM",),
            _text_and_scores,
            {"SGD": 0.5, "Adam": 0.005},
            "mse_loss",
        ),
        Problem(
            ("RecurrentLM",),
            _text_and_scores,
            {"SGD": 0.5, "Adam": 0.005},
            "mse_loss",
        ),
    ),
    "transformer": (
        Problem(("GPT",), _text, {"SGD": 0.005, "Adam": 0.002}, "gpt_loss"),
        Problem(
            ("TransformerClassifier",),
            _padded_texts,
            {"SGD": 0.01, "Adam": 0.001},
            "cross_entropy",
        ),
    ),
    "autoencoder": (
        Problem(
            ("Autoencoder",),
            _digits,
            {"SGD": 0.005, "Adam": 0.002},
            "reconstruction_loss",
            ("reconstruction",),
        ),
        Problem(
            ("ConvAutoencoder",),
            _images,
            {"SGD": 0.0005, "Adam": 0.001},
            "reconstruction_loss",
            ("reconstruction",),
        ),
    ),
    "vae": (
        Problem(
            ("VAE",),
            _digits_and_noise,
            {"SGD": 0.005, "Adam": 0.002},
            "vae_loss",
            ("logits", "mean", "log_variance"),
        ),
    ),
    "gan": (
        Problem(
            ("Generator", "Discriminator"), _ring, {"SGD": 0.05, "Adam": 0.001}
        ),
        Problem(
            ("DCGANGenerator", "DCGANDiscriminator"),
            _images_and_noise,
            {"SGD": 0.002, "Adam": 0.0002},
        ),
    ),
}


def compare_twins(
    name: str,
    *,
    dtype: Any = np.float64,
    steps: int = 100,
    optimizer: str = "SGD",
) -> list[Comparison]:
    """Compare the networks of one file with their twins.

    Args:
        name: A key of `PROBLEMS`, such as "cnn".
        dtype: float64, or float32 to see what rounding does.
        steps: How many steps of training to compare.
        optimizer: "SGD" or "Adam".

    Returns:
        One comparison for each problem.

    Raises:
        ValueError: If there is no such network, or the dtype or the optimizer
            is another.
    """
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
    if optimizer not in ("SGD", "Adam"):
        raise ValueError(
            f"parity: optimizer must be SGD or Adam, got {optimizer}"
        )
    ours = import_module(f"tutorial_kernels.models.{name}")
    theirs = import_module(f"tutorial_kernels.torch_models.{name}")
    return [
        _compare_on(problem, (ours, theirs), word, steps, optimizer)
        for problem in PROBLEMS[name]
    ]


def _compare_on(
    problem: Problem,
    files: tuple[ModuleType, ModuleType],
    dtype: str,
    steps: int,
    optimizer: str,
) -> Comparison:
    import torch

    manual_seed(0)
    ours, theirs = files
    models = [getattr(ours, name)().to(dtype) for name in problem.models]
    twins = [
        getattr(theirs, name)().to(getattr(torch, dtype))
        for name in problem.models
    ]
    x, targets = (
        tuple(a.astype(dtype) if a.dtype.kind == "f" else a for a in arrays)
        for arrays in problem.batch(np.random.default_rng(0))
    )
    training: dict[str, Any] = {
        "steps": steps,
        "optimizer": optimizer,
        "lr": problem.lr[optimizer],
    }
    if len(models) == 2:
        return compare_games(
            (models[0], models[1]),
            (twins[0], twins[1]),
            *x,
            *targets,
            **training,
        )
    loss: Any = problem.loss
    if hasattr(ours, loss):
        loss = getattr(ours, loss), getattr(theirs, loss)
    return compare(
        models[0],
        twins[0],
        x,
        targets,
        loss=loss,
        outputs=problem.outputs,
        **training,
    )
