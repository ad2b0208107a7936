"""Which examples a step sees: a matter of the seed and the step alone."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Batch, Task, noise_for
from tutorial_kernels.training.world import World


class Part(NamedTuple):
    """A part of a step's batch, and its share of the batch's mean loss."""

    batch: Batch
    share: float


class Batches:
    """Deals a task's training examples out, step by step.

    Each epoch has an order of its own, drawn from the seed and its number.
    A step's batch is cut into as many parts as there are ranks times
    ``accumulation``; so neither of the two changes what a step learns from,
    and a run that goes on at a step needs nothing but the step's number.
    """

    def __init__(self, task: Task, config: TrainConfig, world: World) -> None:
        """Remembers what it deals, and to whom."""
        self.task, self.config, self.world = task, config, world
        self.count = len(task.training[0])
        self.steps_per_epoch = math.ceil(self.count / config.batch_size)
        self._epoch, self._order = 0, torch.empty(0)

    def indices(self, step: int) -> Tensor:
        """The examples of a step, counted from 0, for all ranks together."""
        epoch, position = divmod(step, self.steps_per_epoch)
        if epoch + 1 != self._epoch:
            self._epoch = epoch + 1
            self._order = order_of(self.count, self.config.seed, self._epoch)
        size = self.config.batch_size
        return self._order[position * size : (position + 1) * size]

    def size(self, step: int) -> int:
        """How many examples a step has, for all ranks together."""
        before = step % self.steps_per_epoch * self.config.batch_size
        return min(self.config.batch_size, self.count - before)

    def parts(self, step: int) -> list[Part]:
        """The parts of a step's batch that this rank computes."""
        indices = self.indices(step)
        noise = noise_for(self.task, len(indices), self.config.seed, step)
        rows = indices, *noise
        number = self.world.size * self.config.accumulation
        if number == 1:
            return [Part(self._batch(*rows), 1.0)]
        start = self.world.rank * self.config.accumulation
        pieces = list(zip(*(x.tensor_split(number) for x in rows), strict=True))
        parts = []
        for piece in pieces[start : start + self.config.accumulation]:
            share = len(piece[0]) / len(indices)
            # The ranks go backward together, also one that has no example
            # of a short last batch: it takes the first, and counts it 0.
            chosen = piece if share else [x[:1] for x in rows]
            parts.append(Part(self._batch(*chosen), share))
        return parts

    def _batch(self, chosen: Tensor, *noise: Tensor) -> Batch:
        return (*[x[chosen] for x in self.task.training], *noise)


def order_of(count: int, seed: int, epoch: int) -> Tensor:
    """The order in which an epoch, counted from 1, sees the examples."""
    # torch keeps 32 bits of a seed; the prime keeps seeds' epochs apart.
    source = torch.Generator().manual_seed((seed * 1_000_003 + epoch) % 2**32)
    return torch.randperm(count, generator=source)
