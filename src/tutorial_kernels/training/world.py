"""The ranks of a run: who computes where, who writes, what they share."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import torch
from torch import Tensor, distributed
from torch.distributed import (  # type: ignore[attr-defined]
    PrefixStore,
    Store,
    TCPStore,
)


@dataclass(frozen=True)
class World:
    """One process among those that train together; by itself as it stands.

    Attributes:
        rank: Its number, from 0. Rank 0 writes files and reports.
        size: How many there are.
        device: Where it computes.
    """

    rank: int = 0
    size: int = 1
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @property
    def is_first(self) -> bool:
        """Whether this is rank 0."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """Adds up what every rank brings; all get the same sum."""
        if self.size > 1:
            values = values.to(self.device, copy=True)
            distributed.all_reduce(values)
        return values

    def agreed(self, number: int) -> int:
        """Gives every rank the number that rank 0 brings."""
        return int(self.sum(torch.tensor(number if self.is_first else 0)))

    def barrier(self) -> None:
        """Waits until every rank is here."""
        self.agreed(0)


def choose_device(name: str) -> torch.device:
    """Finds the device to compute on.

    Args:
        name: ``"auto"`` (a GPU where there is one), ``"cpu"``, ``"cuda"``
            or any other name that torch knows.

    Returns:
        The device.

    Raises:
        ValueError: torch knows no such device, or this machine lacks it.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device).add(1).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"device is {name!r}, which cannot be used here ({reason})"
        ) from None
    return device


@contextmanager
def open_world(device: str = "auto", timeout: int = 30) -> Iterator[World]:
    """Joins the other ranks that torchrun started, if it did.

    torchrun tells each process its rank in environment variables. With a
    GPU for each, the ranks talk through NCCL, otherwise through Gloo.

    Args:
        device: What ``choose_device`` takes; with several ranks and GPUs,
            every rank takes the GPU of its own number on its node.
        timeout: How many seconds a rank waits for another before it gives
            up. PyTorch's own default is half an hour.

    Yields:
        This process's place in the world.

    Raises:
        ValueError: The device cannot be used, a variable is missing, or
            there are fewer GPUs than ranks.
        ConnectionError: Another rank is not there, or no longer.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield World(device=choose_device(device))
        return
    try:
        rank = int(os.environ["RANK"])
        local_rank = int(os.environ["LOCAL_RANK"])
    except (KeyError, ValueError):
        raise ValueError(
            f"WORLD_SIZE is {size}, but RANK and LOCAL_RANK are no numbers: "
            "start the ranks with torchrun"
        ) from None
    world = World(rank, size, _device_of(local_rank, device))
    backend = "nccl" if world.device.type == "cuda" else "gloo"
    wait = timedelta(seconds=timeout)
    _import_before_the_group()
    try:
        distributed.init_process_group(
            backend,
            timeout=wait,
            store=_store_of_attempt(wait),
            rank=rank,
            world_size=size,
        )
        yield world
    except RuntimeError as error:
        if not _is_about_ranks(error):
            raise
        reason = str(error).strip().splitlines()[0]
        raise ConnectionError(
            f"rank {rank} of {size} lost the others ({reason}); --resume goes "
            "on from the last checkpoint"
        ) from error
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


def _import_before_the_group() -> None:
    """Import what would hold the group of all ranks until Python ends.

    Ten functions of this module have the group as a default, and PyTorch's
    `DistributedDataParallel` imports it. Once there is a group, Gloo's threads
    live as long as those defaults, and one that still has a tensor to let go
    of while Python ends takes the process with it: "terminate called without
    an active exception". Before there is a group, the default is `None`.
    """
    importlib.import_module("torch.distributed.nn.functional")


def _store_of_attempt(wait: timedelta) -> Store | None:
    """The store where ranks started again leave their addresses.

    One torchrun without ``--rdzv-backend`` keeps its store from attempt to
    attempt, and a rank may find there the address of one that is dead. So
    each attempt gets names of its own. Several of them count attempts each
    for itself: there, and where a rank holds the store, PyTorch's own.
    """
    variables = os.environ
    shared = variables.get("TORCHELASTIC_USE_AGENT_STORE") == str(True)
    if not shared or variables["LOCAL_WORLD_SIZE"] != variables["WORLD_SIZE"]:
        return None
    address, port = variables["MASTER_ADDR"], int(variables["MASTER_PORT"])
    store = TCPStore(address, port, is_master=False, timeout=wait)
    attempt = variables["TORCHELASTIC_RESTART_COUNT"]
    return PrefixStore(f"attempt_{attempt}", store)


def _device_of(local_rank: int, name: str) -> torch.device:
    device = choose_device(name)
    if device.type != "cuda" or device.index is not None:
        return device
    count = torch.cuda.device_count()
    if local_rank >= count:
        raise ValueError(
            f"rank {local_rank} of this node has no GPU, there are {count}: "
            f"start torchrun with --nproc_per_node={count}, or add "
            "--device cpu"
        )
    torch.cuda.set_device(local_rank)
    return torch.device("cuda", local_rank)


def _is_about_ranks(error: RuntimeError) -> bool:
    """Tells a lost connection from a mistake; Gloo has no type for it."""
    return isinstance(error, distributed.DistError) or any(
        word in str(error).lower()
        for word in ("gloo", "connection", "timed out", "peer")
    )
