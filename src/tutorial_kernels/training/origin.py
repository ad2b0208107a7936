"""What a run that goes on must have in common with how it was begun."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Task

type Origin = dict[str, Any]

# A run goes on with other values of these; with others it would not be
# the run that it was.
_FREE = (
    "device",
    "data",
    "download",
    "out",
    "compile",
    "shard",
    "checkpoint_every",
    "keep",
    "log_every",
    "tensorboard",
    "timeout",
    "resume",
)


def origin_of(task: Task, config: TrainConfig) -> Origin:
    """What makes a run the run that it is, as JSON gives it back."""
    settings = asdict(config)
    for name in _FREE:
        del settings[name]
    origin = {
        "task": task.name,
        "arguments": dict(task.arguments),
        "examples": len(task.training[0]),
        **settings,
    }
    read_back: Origin = json.loads(json.dumps(origin))  # tuples become lists
    return read_back


def refuse_another(folder: Path, begun: Origin, ours: Origin) -> None:
    """Refuses to go on with a run that was begun in another way.

    A setting that the run's checkpoint does not name came after it, so the
    run had what is the default.

    Raises:
        ValueError: The two differ.
    """
    defaults = {
        setting.name: setting.default for setting in fields(TrainConfig)
    }
    for name, value in ours.items():
        theirs = begun.get(name, defaults.get(name))
        if theirs != value:
            raise ValueError(
                f"{folder} was begun with {name} {theirs}, not {value}: "
                "name another folder with --out"
            )
