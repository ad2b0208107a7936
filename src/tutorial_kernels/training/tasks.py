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
    electricity,
    load_tiny_shakespeare,
    romeo_and_juliet,
)
from tutorial_kernels.torch_models.gru import SimpleGRU
from tutorial_kernels.torch_models.lstm import SimpleLSTM
from tutorial_kernels.torch_models.rnn import SimpleRNN
from tutorial_kernels.torch_models.transformer import GPT, gpt_loss
from tutorial_kernels.training.config import EXCERPT, TrainConfig
from tutorial_kernels.training.dcgan import clothing_game
from tutorial_kernels.training.feedforward import feedforward
from tutorial_kernels.training.images import autoencoder, clothing, vae
from tutorial_kernels.training.presets import PRESETS, Preset
from tutorial_kernels.training.ring import ring_game
from tutorial_kernels.training.task import Batch, Task, seeded

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
    with seeded(config.seed):
        task = recipe.make(arguments, config)
    return replace(task, name=name)


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


def _without(
    name: str, arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], Any]:
    """Parts what the network takes from the one thing that the data does."""
    rest = dict(arguments)
    value = rest.pop(name)
    return rest, value


def _game(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Points on a ring; with channels, images of clothing."""
    make = clothing_game if "channels" in arguments else ring_game
    return make(arguments, config)


_KILOWATTS = "mean absolute error in kW"

TASKS: dict[str, Recipe] = {
    "fnn": Recipe("the species of a penguin", "accuracy", feedforward),
    "cnn": Recipe("the clothing in an image", "accuracy", clothing),
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
        "images through a code", "squared error per image", autoencoder
    ),
    "vae": Recipe("images from random codes", "negative ELBO in nats", vae),
    "gan": Recipe("eight Gaussians on a ring", "energy distance", _game),
}
