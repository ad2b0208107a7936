"""One task for each network of the course, each in three sizes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tutorial_kernels.data import (
    digits,
    electricity,
    load_tiny_shakespeare,
    penguins,
    romeo_and_juliet,
)
from tutorial_kernels.torch_models.autoencoder import (
    Autoencoder,
    ConvAutoencoder,
    reconstruction_loss,
)
from tutorial_kernels.torch_models.cnn import SimpleCNN
from tutorial_kernels.torch_models.fnn import SimpleNN
from tutorial_kernels.torch_models.gru import SimpleGRU
from tutorial_kernels.torch_models.lstm import SimpleLSTM
from tutorial_kernels.torch_models.rnn import SimpleRNN
from tutorial_kernels.torch_models.transformer import GPT, gpt_loss
from tutorial_kernels.torch_models.vae import VAE, kl_divergence, vae_loss
from tutorial_kernels.training.classification import as_batch, classification
from tutorial_kernels.training.config import EXCERPT, TrainConfig
from tutorial_kernels.training.examples import load_splits
from tutorial_kernels.training.presets import PRESETS, Preset
from tutorial_kernels.training.ring import (
    Players,
    energy_distance,
    game_loss,
    ring_of_gaussians,
)
from tutorial_kernels.training.task import Batch, Task

type Maker = Callable[[Mapping[str, Any], TrainConfig], Task]


@dataclass(frozen=True)
class Recipe:
    """How a task is made.

    Attributes:
        about: What it learns, in a few words.
        metric: What it is judged by.
        make: Loads the data and makes the task.
    """

    about: str
    metric: str
    make: Maker


def recipe_of(name: str) -> Recipe:
    """Looks a task up.

    Raises:
        ValueError: There is none of that name.
    """
    if name not in TASKS:
        raise ValueError(
            f"there is no task {name!r}, expected one of {', '.join(TASKS)}"
        )
    return TASKS[name]


def preset_of(name: str, preset: str) -> Preset:
    """Looks a size of a task up.

    Raises:
        ValueError: There is no task or no preset of that name.
    """
    recipe_of(name)
    presets = PRESETS[name]
    if preset not in presets:
        raise ValueError(
            f"{name} has no preset {preset!r}, expected one of "
            f"{', '.join(presets)}"
        )
    return presets[preset]


def config_of(name: str, preset: str, **settings: Any) -> TrainConfig:
    """The settings of a preset, with some of them replaced.

    Raises:
        ValueError: There is no such preset, or a setting is out of range.
        TypeError: There is no such setting.
    """
    unknown = settings.keys() - {
        setting.name for setting in fields(TrainConfig)
    }
    if unknown:
        raise TypeError(f"TrainConfig has no setting {min(unknown)!r}")
    given = {"out": f"runs/{name}", **preset_of(name, preset).settings}
    if "epochs" in settings and "steps" not in settings:
        given["steps"] = None
    return TrainConfig(**{**given, **settings})


def make_task(name: str, preset: str, config: TrainConfig) -> Task:
    """Loads a task's data and makes its network, first weights from the seed.

    Args:
        name: One of ``TASKS``.
        preset: "page", "small" or "full"; the network's size.
        config: ``seed``, ``data``, ``download`` and ``limit`` are used.

    Returns:
        The task.

    Raises:
        ValueError: There is no such task or preset, or ``limit`` leaves
            too few examples.
        OSError: The data is nowhere to be found.
    """
    recipe, arguments = recipe_of(name), preset_of(name, preset).arguments
    with torch.random.fork_rng([]):
        torch.manual_seed(config.seed)
        task = recipe.make(arguments, config)
    return replace(task, name=name)


def _penguins(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    known, test = penguins()
    measures = known.measures[: config.limit]
    species = known.species[: config.limit]
    kept = _kept(len(measures), config)
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


def _fashion(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    return classification("cnn", SimpleCNN(), *load_splits(config))


def _electricity(network: Callable[..., nn.Module]) -> Maker:
    """The next hour's load from the hours before it."""

    def make(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
        parts = [part.values for part in electricity()]
        mean, std = float(parts[0].mean()), float(parts[0].std())
        load = torch.from_numpy((np.concatenate(parts) - mean) / std)
        sizes, hours = _without("hours", arguments)
        windows = load.unfold(0, hours + 1, 1)[:, :, None]
        # A window belongs to the part that its last hour, the target, is of.
        first = len(parts[0]) - hours
        second = first + len(parts[1])

        def examples(start: int, stop: int | None) -> Batch:
            stop = len(windows) if stop is None else stop
            if config.limit is not None:
                stop = min(stop, start + config.limit)
            return windows[start:stop, :-1], windows[start:stop, -1]

        def error(model: nn.Module, x: Tensor, target: Tensor) -> Tensor:
            return (model(x) - target).abs()[:, 0] * std

        return Task(
            name="electricity",
            model=network(**sizes),
            training=examples(0, first),
            validation=examples(first, second),
            test=examples(second, None),
            loss=lambda model, x, target: F.mse_loss(model(x), target),
            measure=error,
            metric="mean absolute error in kW",
            arguments=sizes,
            facts={"hours": hours, "mean": mean, "std": std},
        )

    return make


def _text(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    if config.data == EXCERPT:
        known, test = romeo_and_juliet()
    else:
        known, test = load_tiny_shakespeare(config.data, config.download)
    characters = sorted(set(known + test))
    numbers = {character: n for n, character in enumerate(characters)}
    length = arguments["context_length"]

    def windows(text: str, limit: int | None = None, step: int = 1) -> Batch:
        tokens = torch.tensor([numbers[character] for character in text])
        if len(tokens) <= length:
            raise ValueError(
                f"limit is {config.limit}, expected more than {10 * length} "
                "characters"
            )
        found = tokens.unfold(0, length + 1, step)[:limit]
        return found[:, :-1], found[:, 1:]

    known = known[: config.limit]
    kept = len(known) // 10
    sizes = {"vocab_size": len(characters), **arguments}
    return Task(
        name="transformer",
        model=GPT(**sizes),
        training=windows(known[:-kept]),
        validation=windows(known[-kept:], step=length),
        test=windows(test[: config.limit], step=length),
        loss=lambda model, x, target: gpt_loss(model(x), target),
        measure=_bits_per_character,
        metric="bits per character",
        arguments=sizes,
        facts={"characters": "".join(characters)},
    )


def _bits_per_character(
    model: nn.Module, tokens: Tensor, targets: Tensor
) -> Tensor:
    logits = model(tokens).transpose(1, 2)  # (B, V, T)
    nats = F.cross_entropy(logits, targets, reduction="none")
    return nats.mean(1) / math.log(2)


def _images(images: str, config: TrainConfig) -> tuple[Batch, Batch, Batch]:
    """Digits or Fashion-MNIST, without the labels."""
    if images == "fashion":
        training, validation, test = (x.images for x in load_splits(config))
    else:
        known, test = (x.images[: config.limit] for x in digits())
        kept = _kept(len(known), config)
        training, validation = known[:-kept], known[-kept:]
    return as_batch([training]), as_batch([validation]), as_batch([test])


def _kept(count: int, config: TrainConfig) -> int:
    """How many of the known examples, a tenth, are for validation."""
    if count < 10:
        raise ValueError(f"limit is {config.limit}, expected at least 10")
    return count // 10


def _autoencoder(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    sizes, images = _without("images", arguments)
    parts = _images(images, config)
    if images == "digits":
        parts = _flat(parts)

    def errors(model: nn.Module, x: Tensor) -> Tensor:
        return ((model(x) - x) ** 2).flatten(1).sum(1)

    return Task(
        "autoencoder",
        (Autoencoder if images == "digits" else ConvAutoencoder)(**sizes),
        *parts,
        loss=lambda model, x: reconstruction_loss(model(x), x),
        measure=errors,
        metric="squared error per image",
        arguments=sizes,
    )


def _vae(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    sizes, images = _without("images", arguments)
    parts = _flat(_images(images, config))
    sizes["input_size"] = parts[0][0].shape[1]

    def surprise(model: nn.Module, x: Tensor, noise: Tensor) -> Tensor:
        logits, mean, log_variance = model(x, noise)
        pixels = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        return pixels.sum(1) + kl_divergence(mean, log_variance)

    def loss(model: nn.Module, x: Tensor, noise: Tensor) -> Tensor:
        logits, mean, log_variance = model(x, noise)
        return vae_loss(logits, x, mean, log_variance)

    return Task(
        "vae",
        VAE(**sizes),
        *parts,
        loss=loss,
        measure=surprise,
        metric="negative ELBO in nats",
        noise_size=sizes["latent_size"],
        arguments=sizes,
    )


def _without(
    name: str, arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], Any]:
    """Parts what the network takes from the one thing that the data does."""
    rest = dict(arguments)
    value = rest.pop(name)
    return rest, value


def _flat(parts: tuple[Batch, Batch, Batch]) -> tuple[Batch, Batch, Batch]:
    training, validation, test = ((x.flatten(1),) for (x,) in parts)
    return training, validation, test


def _ring(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    players = Players(**arguments)
    counts = (config.limit or 8_000, 1_000, 1_000)
    training, validation, test = (
        as_batch([ring_of_gaussians(count, seed)])
        for seed, count in enumerate(counts)
    )
    return Task(
        "gan",
        players,
        training,
        validation,
        test,
        loss=game_loss,
        measure=energy_distance,
        metric="energy distance",
        noise_size=arguments["latent_size"],
        arguments=arguments,
        exported=players.generator,
    )


_KILOWATTS = "mean absolute error in kW"

TASKS: dict[str, Recipe] = {
    "fnn": Recipe("the species of a penguin", "accuracy", _penguins),
    "cnn": Recipe("the clothing in an image", "accuracy", _fashion),
    "rnn": Recipe(
        "electricity, an hour ahead", _KILOWATTS, _electricity(SimpleRNN)
    ),
    "lstm": Recipe(
        "electricity, an hour ahead", _KILOWATTS, _electricity(SimpleLSTM)
    ),
    "gru": Recipe(
        "electricity, an hour ahead", _KILOWATTS, _electricity(SimpleGRU)
    ),
    "transformer": Recipe(
        "the next character of Shakespeare", "bits per character", _text
    ),
    "autoencoder": Recipe(
        "images through a code", "squared error per image", _autoencoder
    ),
    "vae": Recipe("images from random codes", "negative ELBO in nats", _vae),
    "gan": Recipe("eight Gaussians on a ring", "energy distance", _ring),
}
