"""A task: a network, its examples, its loss, and how well it does."""

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.world import World

type Batch = tuple[Tensor, ...]
type Maker = Callable[[Mapping[str, Any], TrainConfig], "Task"]

_EVALUATION_BATCH = 1_000


@dataclass(frozen=True)
class Task:
    """What is trained, on what, and by what it is judged.

    ``loss`` and ``measure`` are called with the model, then with the
    tensors of a batch and, where ``noise_size`` is not 0, with that many
    standard normal numbers for each example.

    Attributes:
        name: The name of its files.
        model: What is trained.
        training: Tensors that share their first axis, one row an example.
        validation: The same, to choose the best weights by.
        test: The same, to look at once.
        loss: Gives the mean loss of a batch.
        measure: Gives one number for each example of a batch; their mean is
            the metric.
        metric: What that mean is called.
        higher_is_better: Whether a larger mean is a better one.
        noise_size: Random numbers that each example comes with.
        arguments: What the exported network's class was called with.
        facts: What else a user of the weights must know, as JSON can hold
            it: the scale of the inputs, the characters.
        exported: The part of the model that is exported; all of it if None.
    """

    name: str
    model: nn.Module
    training: Batch
    validation: Batch
    test: Batch
    loss: Callable[..., Tensor]
    measure: Callable[..., Tensor]
    metric: str
    higher_is_better: bool = False
    noise_size: int = 0
    arguments: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    exported: nn.Module | None = None

    @property
    def network(self) -> nn.Module:
        """What is exported."""
        return self.model if self.exported is None else self.exported

    def is_better(self, value: float, than: float | None) -> bool:
        """Compares two values of the metric; nothing is worse than any."""
        if than is None:
            return True
        return value > than if self.higher_is_better else value < than


def evaluate(
    task: Task,
    examples: Sequence[Any],
    world: World | None = None,
    model: nn.Module | None = None,
) -> float:
    """Measures a task's network: the mean of ``measure`` over examples.

    In the dtype of the weights, whatever the training ran in. The ranks
    share the work.

    Args:
        task: Whose measure it is.
        examples: Arrays or tensors as in ``task.test``.
        world: The ranks that call this together; none but this if None.
        model: What is measured instead of ``task.model``.

    Returns:
        The metric, the same on every rank.
    """
    world = World() if world is None else world
    model = task.model if model is None else model
    weight = next(model.parameters())
    tensors = tuple(torch.as_tensor(part) for part in examples)
    count = len(tensors[0])
    starts = range(0, count, _EVALUATION_BATCH)
    # The ranks compute together, also one that has no batch left.
    turns = math.ceil(len(starts) / world.size) * world.size
    total = torch.zeros((), dtype=torch.float64, device=weight.device)
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        for turn in range(world.rank, turns, world.size):
            start = starts[turn % len(starts)]
            rows = slice(start, start + _EVALUATION_BATCH)
            batch = tuple(part[rows] for part in tensors)
            batch += noise_for(task, len(batch[0]), "evaluation", start)
            values = task.measure(model, *on_device(batch, weight))
            if turn < len(starts):
                total += values.sum(dtype=torch.float64)
    model.train(was_training)
    return float(world.sum(total)) / count


def noise_for(task: Task, count: int, *words: object) -> Batch:
    """Draws the noise of a batch, the same for the same words."""
    if not task.noise_size:
        return ()
    source = torch.Generator().manual_seed(seed_of("noise", *words))
    return (torch.randn(count, task.noise_size, generator=source),)


def on_device(batch: Batch, like: Tensor) -> Batch:
    """Moves a batch to a tensor's device, and its floats to its dtype."""
    return tuple(
        part.to(like.device, like.dtype if part.is_floating_point() else None)
        for part in batch
    )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draws from a seed for a while, and then as if nothing had been drawn."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        yield


def seed_of(*words: object) -> int:
    """Makes 32 bits out of words: streams of their own, not neighbors."""
    digest = hashlib.sha256(repr(words).encode()).digest()
    return int.from_bytes(digest[:4])
