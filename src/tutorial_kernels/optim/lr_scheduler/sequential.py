"""One schedule after another."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.lr_scheduler.base import LRScheduler
from tutorial_kernels.optim.lr_scheduler.plateau import ReduceLROnPlateau


class SequentialLR(LRScheduler):
    """Follow one schedule up to a milestone, then the next from its start."""

    _unsaved = ("optimizer", "_schedulers")

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: list[LRScheduler],
        milestones: list[int],
        last_epoch: int = -1,
    ) -> None:
        """Take the schedules, and the steps at which to change between them.

        Raises:
            ValueError: If a schedule belongs to another optimizer, needs more
                than steps, or there is not one milestone between every two.
        """
        self._check_optimizer(optimizer)
        _check_schedulers(optimizer, schedulers, milestones)
        self.optimizer = optimizer
        self._schedulers = schedulers
        self._milestones = milestones
        self.last_epoch = last_epoch + 1
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        for scheduler in schedulers:  # undo the step each took when it was made
            scheduler.last_epoch -= 1
        first = schedulers[bisect_right(milestones, 0)]
        first._begin()
        self._last_lr = first.get_last_lr()

    def step(self) -> None:
        """Go one step further in the schedule whose turn it is."""
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[turn]
        if turn > 0 and self._milestones[turn - 1] == self.last_epoch:
            scheduler._restart()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, with the state of every schedule."""
        inner = [scheduler.state_dict() for scheduler in self._schedulers]
        return {**super().state_dict(), "_schedulers": inner}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict()` gave, for every schedule."""
        super().load_state_dict(state_dict)
        for scheduler, state in zip(
            self._schedulers, state_dict["_schedulers"], strict=True
        ):
            scheduler.load_state_dict(state)


def _check_schedulers(
    optimizer: Optimizer, schedulers: list[LRScheduler], milestones: list[int]
) -> None:
    if not schedulers:
        raise ValueError("SequentialLR: schedulers is empty")
    for index, scheduler in enumerate(schedulers):
        name = f"scheduler {index}, {type(scheduler).__name__},"
        if not isinstance(scheduler, LRScheduler):
            raise TypeError(f"SequentialLR: {name} is no scheduler")
        if isinstance(scheduler, ReduceLROnPlateau | SequentialLR):
            raise ValueError(
                f"SequentialLR: {name} cannot be one of several: it does not "
                "follow the number of steps alone"
            )
        if scheduler.optimizer is not optimizer:
            raise ValueError(
                f"SequentialLR: {name} belongs to another optimizer"
            )
    if len(milestones) != len(schedulers) - 1:
        raise ValueError(
            f"SequentialLR: {len(schedulers)} schedulers need "
            f"{len(schedulers) - 1} milestones, got {len(milestones)}"
        )
