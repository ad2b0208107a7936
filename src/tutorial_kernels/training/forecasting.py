"""Forecasts of the electricity load: the next hour, or the whole next day."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tutorial_kernels.data import day_ahead_windows, electricity
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Batch, Maker, Task

KILOWATTS = "mean absolute error in kW"


def hour_ahead(network: Callable[..., nn.Module]) -> Maker:
    """The next hour's load from the hours before it."""

    def make(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
        parts = [part.values for part in electricity()]
        mean, std = float(parts[0].mean()), float(parts[0].std())
        load = torch.from_numpy((np.concatenate(parts) - mean) / std)
        sizes = dict(arguments)
        hours = sizes.pop("hours")
        windows = load.unfold(0, hours + 1, 1)[:, :, None]
        # A window belongs to the part that its last hour, the target, is of.
        first = len(parts[0]) - hours
        second = first + len(parts[1])

        def error(model: nn.Module, x: Tensor, target: Tensor) -> Tensor:
            return (model(x) - target).abs()[:, 0] * std

        whole = windows[:, :-1], windows[:, -1]
        return _forecast(
            network(**sizes),
            _cut(whole, (first, second), config.limit),
            F.mse_loss,
            error,
            sizes,
            {"hours": hours, "mean": mean, "std": std},
        )

    return make


def day_ahead(network: Callable[..., nn.Module]) -> Maker:
    """The 24 hours after a midnight from the days before it.

    The network reads a day in a step, 24 scaled loads at once, and says how
    far the next day will be from the last one, in units of ``std``.
    """

    def make(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
        parts = [part.values for part in electricity()]
        mean, std = float(parts[0].mean()), float(parts[0].std())
        sizes = dict(arguments)
        days = sizes.pop("days")
        past, following = day_ahead_windows(np.concatenate(parts), days)
        scaled = torch.from_numpy((past - mean) / std)
        change = torch.from_numpy((following - past[:, -1]) / std)
        # A window belongs to the part that its last day, the target, is of.
        first = len(parts[0]) // 24 - days
        second = first + len(parts[1]) // 24

        def error(model: nn.Module, x: Tensor, change: Tensor) -> Tensor:
            return (model(x) - change).abs().mean(1) * std

        return _forecast(
            network(**sizes),
            _cut((scaled, change), (first, second), config.limit),
            F.l1_loss,
            error,
            sizes,
            {"days": days, "mean": mean, "std": std},
        )

    return make


def _forecast(
    model: nn.Module,
    parts: tuple[Batch, Batch, Batch],
    loss: Callable[[Tensor, Tensor], Tensor],
    error: Callable[[nn.Module, Tensor, Tensor], Tensor],
    sizes: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> Task:
    """What both have in common: the data, and that errors count in kW."""
    return Task(
        "electricity",
        model,
        *parts,
        loss=lambda model, x, target: loss(model(x), target),
        measure=error,
        metric=KILOWATTS,
        arguments=sizes,
        facts=facts,
    )


def _cut(
    examples: Batch, places: tuple[int, int], limit: int | None
) -> tuple[Batch, Batch, Batch]:
    """Cuts examples in time: to train on, to choose by, to test with."""

    def part(start: int, stop: int) -> Batch:
        if limit is not None:
            stop = min(stop, start + limit)
        return tuple(side[start:stop] for side in examples)

    first, second = places
    last = len(examples[0])
    return part(0, first), part(first, second), part(second, last)
