"""What all schedulers share: they count steps and set learning rates."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tutorial_kernels.optim.base import Optimizer


class LRScheduler:
    """Sets the learning rates of an optimizer, step by step.

    Call `step()` after the optimizer's. A subclass defines `get_lr`, which
    finds the new rates, mostly from the ones before: what a user changed in
    between stays changed.
    """

    _unsaved: tuple[str, ...] = ("optimizer",)

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        """Set the first learning rates.

        Args:
            optimizer: Whose learning rates change.
            last_epoch: How many steps were taken before, when a schedule goes
                on; -1 to begin.
        """
        self._check_optimizer(optimizer)
        self.optimizer = optimizer
        for index, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{self._name}: to go on from last_epoch {last_epoch}, "
                    f"group {index} needs its initial_lr"
                )
        self.base_lrs = [g["initial_lr"] for g in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._begin()

    def get_lr(self) -> list[float]:
        """The learning rate of every group at `last_epoch`."""
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The learning rates that were set last."""
        return self._last_lr

    def step(self) -> None:
        """Go one step further and set the learning rates."""
        self._step_count += 1
        self.last_epoch += 1
        self._set(self.get_lr())

    def _begin(self) -> None:
        """Set the first learning rates."""
        self._step_count = 0
        self.step()

    def _restart(self) -> None:
        """Set the first learning rates, whatever they are now."""
        self.last_epoch = 0
        self._set(self.base_lrs)
        self._set(self.get_lr())

    def _set(self, rates: list[float]) -> None:
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = self._rates()

    def _rates(self, factor: float = 1.0) -> list[float]:
        """The learning rates as they are, times a factor."""
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    @property
    def _beginning(self) -> bool:
        """Whether only the first learning rates were set so far."""
        return self._step_count == 1

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _check_optimizer(self, optimizer: object) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"{self._name}: expected an optimizer, "
                f"got {type(optimizer).__name__}"
            )

    def _for_each_group(self, name: str, value: Any) -> list[Any]:
        """One value for every group, from one for all or from a list."""
        count = len(self.optimizer.param_groups)
        if not isinstance(value, list | tuple):
            return [value] * count
        if len(value) != count:
            raise ValueError(
                f"{self._name}: {name} must have one value for each of the "
                f"{count} groups, got {len(value)}"
            )
        return list(value)

    def state_dict(self) -> dict[str, Any]:
        """A copy of everything but the optimizer."""
        return {
            key: deepcopy(value)
            for key, value in vars(self).items()
            if key not in self._unsaved
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict()` gave, ours or torch's.

        Raises:
            KeyError: If something is missing; nothing changed.
        """
        own = [key for key in vars(self) if key not in self._unsaved]
        missing = [key for key in own if key not in state_dict]
        if missing:
            raise KeyError(
                f"{self._name}.load_state_dict: missing keys: "
                f"{', '.join(missing)}"
            )
        for key in own:
            setattr(self, key, deepcopy(state_dict[key]))
