"""One task for each network of the course, each in three sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from tutorial_kernels.torch_models.gru import SimpleGRU
from tutorial_kernels.torch_models.language import BigramLM, RecurrentLM
from tutorial_kernels.torch_models.lstm import SimpleLSTM
from tutorial_kernels.torch_models.rnn import SimpleRNN
from tutorial_kernels.torch_models.transformer import GPT
from tutorial_kernels.training.config import TrainConfig, read_command_line
from tutorial_kernels.training.dcgan import clothing_game
from tutorial_kernels.training.feedforward import feedforward
from tutorial_kernels.training.forecasting import (
    KILOWATTS,
    day_ahead,
    hour_ahead,
)
from tutorial_kernels.training.images import autoencoder, clothing, vae
from tutorial_kernels.training.language import NATS, next_character
from tutorial_kernels.training.presets import PRESETS, Preset
from tutorial_kernels.training.ring import ring_game
from tutorial_kernels.training.task import Maker, Task, seeded


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


def read_preset(
    name: str,
    preset: str,
    description: str,
    arguments: Sequence[str] | None = None,
) -> TrainConfig:
    """The settings of a preset, with command-line options instead of some.

    Args:
        name: One of ``TASKS``.
        preset: "page", "small" or "full".
        description: What ``--help`` says of the program.
        arguments: The options; the program's own when None, and none in
            Jupyter.

    Returns:
        The settings. A wrong option ends the program with a sentence.
    """
    make = partial(config_of, name, preset)
    return read_command_line(description, arguments, make)


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


def _game(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Points on a ring; with channels, images of clothing."""
    make = clothing_game if "channels" in arguments else ring_game
    return make(arguments, config)


_SHAKESPEARE = "the next character of Shakespeare"

TASKS: dict[str, Recipe] = {
    "fnn": Recipe("the species of a penguin", "accuracy", feedforward),
    "cnn": Recipe("the clothing in an image", "accuracy", clothing),
    "rnn": Recipe(
        "electricity, an hour ahead", KILOWATTS, hour_ahead(SimpleRNN)
    ),
    "lstm": Recipe(
        "electricity, an hour ahead", KILOWATTS, hour_ahead(SimpleLSTM)
    ),
    "gru": Recipe(
        "electricity, an hour ahead", KILOWATTS, hour_ahead(SimpleGRU)
    ),
    "electricity_lstm": Recipe(
        "electricity, a day ahead", KILOWATTS, day_ahead(SimpleLSTM)
    ),
    "electricity_gru": Recipe(
        "electricity, a day ahead", KILOWATTS, day_ahead(SimpleGRU)
    ),
    "bigram": Recipe(_SHAKESPEARE, NATS, next_character(BigramLM)),
    "char_rnn": Recipe(_SHAKESPEARE, NATS, next_character(RecurrentLM)),
    "char_lstm": Recipe(_SHAKESPEARE, NATS, next_character(RecurrentLM)),
    "char_gru": Recipe(_SHAKESPEARE, NATS, next_character(RecurrentLM)),
    "transformer": Recipe(_SHAKESPEARE, NATS, next_character(GPT)),
    "autoencoder": Recipe(
        "images through a code", "squared error per image", autoencoder
    ),
    "vae": Recipe("images from random codes", "negative ELBO in nats", vae),
    "gan": Recipe("eight Gaussians on a ring", "energy distance", _game),
}
