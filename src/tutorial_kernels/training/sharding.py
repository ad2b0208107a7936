"""Weights that are cut up over the ranks: PyTorch's FSDP2.

Each rank keeps its part of every weight, of its gradient and of what the
optimizer remembers of it. A block's weights come together for as long as it
computes, and its gradients go apart again as they are averaged.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from tutorial_kernels.training.world import World


def sharded(model: nn.Module, world: World) -> Any:
    """Copies a network, and cuts the copy up: its blocks, then the rest."""
    # Imported here: it takes long, and only those who cut up need it.
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    copied = copy.deepcopy(model)
    mesh = init_device_mesh(world.device.type, (world.size,))
    for block in getattr(copied, "blocks", ()):
        fully_shard(block, mesh=mesh)
    return fully_shard(copied, mesh=mesh)


def whole(part: Any) -> Any:
    """Puts what was cut up together, on every rank; the rest stays as it is.

    The ranks call this together. In dicts and lists it does so for each of
    their values.
    """
    if hasattr(part, "full_tensor"):
        return part.full_tensor()
    if isinstance(part, dict):
        return {name: whole(value) for name, value in part.items()}
    return [whole(x) for x in part] if isinstance(part, list) else part


def cut_as(part: Tensor, like: Any) -> Tensor:
    """Cuts a whole tensor up as another one is, if that is."""
    if not hasattr(like, "full_tensor") or part.shape != like.shape:
        return part
    from torch.distributed.tensor import distribute_tensor

    part = part.to(like.device)
    return distribute_tensor(part, like.device_mesh, like.placements)


@contextmanager
def gradients_at_home(model: Any) -> Iterator[None]:
    """Keeps gradients from going to the other ranks, as DDP's ``no_sync``."""
    model.set_requires_gradient_sync(False)
    try:
        yield
    finally:
        model.set_requires_gradient_sync(True)
