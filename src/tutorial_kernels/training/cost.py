"""What a run needs, before it is made: arithmetic and memory."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from tutorial_kernels.training.batches import Batches
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Task
from tutorial_kernels.training.world import World

_BYTES = 4  # of a float32


class Cost(NamedTuple):
    """What one step of a run takes.

    Attributes:
        parameters: How many numbers are learned.
        flops: Floating-point operations of the products in a step, forward
            and backward; a multiplication and an addition count as two.
        bytes: Memory for weights, gradients, the optimizer, averages and
            what the backward needs of the forward, all in float32. What a
            library takes for itself comes on top.
    """

    parameters: int
    flops: int
    bytes: int


def cost_of_step(task: Task, config: TrainConfig) -> Cost:
    """Counts what the first step of a run takes, by making it twice.

    Args:
        task: Whose step it is; the gradients of its model are left changed.
        config: ``batch_size``, ``accumulation``, ``optimizer`` and ``ema``
            are used.

    Returns:
        The cost.
    """
    kept: dict[int, int] = {}

    def keep(part: Tensor) -> Tensor:
        storage = part.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return part

    weights = list(task.model.parameters())
    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda part: part)
    part, *others = Batches(task, config, World()).parts(0)
    with hooks:
        task.loss(task.model, *part.batch).backward()
    with FlopCounterMode(display=False) as counter, _without_onednn():
        task.loss(task.model, *part.batch).backward()
    for weight in weights:  # counted once, below
        kept.pop(weight.untyped_storage().data_ptr(), None)
    moments = 1 if config.optimizer == "sgd" else 2
    copies = 2 + moments + bool(config.ema)
    count = sum(weight.numel() for weight in weights)
    return Cost(
        count,
        counter.get_total_flops() * (1 + len(others)),
        count * _BYTES * copies + sum(kept.values()),
    )


@contextmanager
def _without_onednn() -> Iterator[None]:
    """It makes an LSTM in one call, in which nobody sees the products."""
    with warnings.catch_warnings():
        # Setting the flags back speaks of graphics processors of Intel's.
        warnings.filterwarnings("ignore", "TF32 acceleration on top of oneDNN")
        with torch.backends.mkldnn.flags(enabled=False):
            yield
