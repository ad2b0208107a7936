"""The commands ``train``, ``evaluate``, ``export`` and ``tasks``."""

import argparse
from pathlib import Path
from typing import Any

import torch

from tutorial_kernels.training.checkpoint import (
    best_weights,
    latest,
    read_state,
)
from tutorial_kernels.training.config import TrainConfig, add_settings
from tutorial_kernels.training.export import (
    export_weights,
    prepare_folder,
    round_to_half,
)
from tutorial_kernels.training.loop import train
from tutorial_kernels.training.presets import PRESETS
from tutorial_kernels.training.state import Progress, Report
from tutorial_kernels.training.task import Task, evaluate
from tutorial_kernels.training.tasks import TASKS, config_of, make_task
from tutorial_kernels.training.world import World, open_world
from tutorial_kernels.weights import read_safetensors

_NOT_SETTINGS = ("name", "preset", "command", "weights", "half")


def add_options(parser: argparse.ArgumentParser, command: str) -> None:
    """Gives the parser of one of the commands its options."""
    parser.set_defaults(command=_COMMANDS[command])
    if command == "tasks":
        return
    parser.add_argument("name", metavar="NAME", help=", ".join(TASKS))
    parser.add_argument(
        "--preset",
        default="page",
        metavar="SIZE",
        help="page, small or full (default: page)",
    )
    if command == "evaluate":
        parser.add_argument(
            "--weights",
            type=Path,
            help="a safetensors file (default: the last checkpoint's best)",
        )
    if command == "export":
        parser.add_argument(
            "--half", action="store_true", help="write float16, not float32"
        )
    add_settings(parser, *(() if command == "train" else ("resume",)))


def _train(options: argparse.Namespace) -> None:
    config = _config(options)
    with open_world(config.device, config.timeout) as world:
        folder = prepare_folder(config.out) if world.is_first else None
        folder = Path(config.out) if folder is None else folder
        task = make_task(options.name, options.preset, config)
        if world.is_first:
            print(_described(task, options.preset, config, world), flush=True)
        reports = train(task, config, _say, folder, world)
        value = evaluate(task, task.test, world)
        if world.is_first:
            print(f"test {task.metric} {value:.4f}")
            path = _export(task, options, config, reports, value)
            print(f"written: {path} and {path.with_suffix('.json').name}")


def _evaluate(options: argparse.Namespace) -> None:
    config = _config(options)
    with open_world(config.device, config.timeout) as world:
        task = make_task(options.name, options.preset, config)
        task.model.to(world.device)
        if options.weights is None:
            _load_best(task, Path(config.out))
        else:
            _load_file(task, options.weights)
        value = evaluate(task, task.test, world)
        if world.is_first:
            print(f"test {task.metric} {value:.4f}")


def _export_command(options: argparse.Namespace) -> None:
    config = _config(options)
    task = make_task(options.name, options.preset, config)
    progress = _load_best(task, Path(config.out))
    if options.half:
        round_to_half(task.network)
    value = evaluate(task, task.test)
    path = _export(task, options, config, progress.reports, value, options.half)
    print(f"written: {path} and {path.with_suffix('.json').name}")


def _tasks(options: argparse.Namespace) -> None:
    rows = [("NAME", "LEARNS", "IS JUDGED BY", "PRESETS")]
    rows += [
        (name, recipe.about, recipe.metric, ", ".join(PRESETS[name]))
        for name, recipe in TASKS.items()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(n) for cell, n in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


_COMMANDS = {
    "train": _train,
    "evaluate": _evaluate,
    "export": _export_command,
    "tasks": _tasks,
}


def _config(options: argparse.Namespace) -> TrainConfig:
    """The preset's settings, with those that were given instead."""
    given = {
        name: value
        for name, value in vars(options).items()
        if name not in _NOT_SETTINGS
    }
    return config_of(options.name, options.preset, **given)


def _say(report: Report) -> None:
    print(f"step {report.step:6}   {report}", flush=True)


def _described(
    task: Task, preset: str, config: TrainConfig, world: World
) -> str:
    count = sum(weight.numel() for weight in task.network.parameters())
    ranks = f" on each of {world.size} ranks" if world.size > 1 else ""
    return (
        f"{type(task.network).__name__}, {count:,} parameters, preset "
        f"{preset}: {len(task.training[0]):,} examples, batches of "
        f"{config.batch_size}, {world.device}{ranks}"
    )


def _load_best(task: Task, folder: Path) -> Progress:
    """Loads the best weights of a run that has a checkpoint."""
    path = latest(folder)
    if path is None:
        raise FileNotFoundError(
            f"{folder} holds no whole checkpoint of {task.name}: train it "
            "first, or name the run's folder with --out"
        )
    state = read_state(path)
    weights = best_weights(path)
    if not weights:
        raise ValueError(f"{path} was written before the first evaluation")
    _fill(task.model, weights, path)
    return Progress.from_record(state["progress"])


def _load_file(task: Task, path: Path) -> None:
    """Loads exported weights."""
    arrays = read_safetensors(path)
    weights = {name: torch.from_numpy(array) for name, array in arrays.items()}
    _fill(task.network, weights, path)


def _fill(model: torch.nn.Module, weights: Any, path: Path) -> None:
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise ValueError(
            f"{path} is of another network or another --preset ({reason})"
        ) from None


def _export(
    task: Task,
    options: argparse.Namespace,
    config: TrainConfig,
    reports: list[Report],
    value: float,
    half: bool = False,
) -> Path:
    results = {
        "task": task.name,
        "preset": options.preset,
        "arguments": dict(task.arguments),
        "facts": dict(task.facts),
        "training_examples": len(task.training[0]),
        "test_examples": len(task.test[0]),
        f"test_{task.metric.replace(' ', '_')}": value,
    }
    return export_weights(
        task.network, config.out, task.name, config, reports, half, **results
    )
