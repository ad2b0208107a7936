"""The one-cycle policy: up to a large learning rate, then far down."""

import math
from typing import Any, NamedTuple

from tutorial_kernels.optim.base import Group, Optimizer
from tutorial_kernels.optim.lr_scheduler.base import LRScheduler


class OneCycleLR(LRScheduler):
    """Go up to `max_lr`, then down to far below where it began.

    It begins at `max_lr / div_factor` and ends at that divided by
    `final_div_factor`. The momentum goes the other way. With `three_phase`
    the way down stops at the first rate before it goes on.

    Source: Smith and Topin, "Super-convergence: very fast training of neural
    networks using large learning rates", 2019.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        """Set the options.

        Args:
            optimizer: Whose learning rates and momenta change.
            max_lr: The largest learning rate, or one for every group.
            total_steps: The length of the cycle.
            epochs: Or the number of epochs,
            steps_per_epoch: with the steps in each.
            pct_start: The part of the cycle that goes up.
            anneal_strategy: "cos" for a smooth way, "linear" for a line.
            cycle_momentum: Whether the momentum changes too.
            base_momentum: The momentum where the learning rate is largest.
            max_momentum: The momentum at both ends.
            div_factor: The largest learning rate divided by the first.
            final_div_factor: The first learning rate divided by the last.
            three_phase: Whether to go down in two phases.
            last_epoch: How many steps were taken before; -1 to begin.

        Raises:
            ValueError: If an option makes no sense.
        """
        self._check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        if not 0 <= pct_start <= 1:
            raise ValueError(
                f"OneCycleLR: pct_start must be from 0 to 1, got {pct_start}"
            )
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "OneCycleLR: anneal_strategy must be 'cos' or 'linear', "
                f"got {anneal_strategy!r}"
            )
        self._anneal_func_type = anneal_strategy
        self._schedule_phases = _phases(
            self.total_steps, pct_start, three_phase
        )
        self.cycle_momentum = cycle_momentum
        if last_epoch == -1:
            self._prepare_rates(max_lr, div_factor, final_div_factor)
        if cycle_momentum:
            self._prepare_momenta(base_momentum, max_momentum, last_epoch)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates at this step; the momenta are set on the way.

        Raises:
            ValueError: If the cycle is over.
        """
        step = self.last_epoch
        if step > self.total_steps:
            raise ValueError(
                f"OneCycleLR: the cycle has {self.total_steps} steps, "
                f"this would be step {step}"
            )
        phase, part = self._place(step)
        rates = []
        for group in self.optimizer.param_groups:
            start, end = group[phase["start_lr"]], group[phase["end_lr"]]
            rates.append(self._between(start, end, part))
            if self.cycle_momentum:
                start = group[phase["start_momentum"]]
                end = group[phase["end_momentum"]]
                self._set_momentum(group, self._between(start, end, part))
        return rates

    def _place(self, step: int) -> tuple[dict[str, Any], float]:
        """The phase of a step, and how much of it is over."""
        start = 0.0
        *early, last = self._schedule_phases
        phase = last
        for earlier in early:
            if step <= earlier["end_step"]:
                phase = earlier
                break
            start = earlier["end_step"]
        length = phase["end_step"] - start
        if length == 0:
            raise ValueError(
                f"OneCycleLR: step {step} falls into a phase without steps; "
                "choose another pct_start"
            )
        return phase, (step - start) / length

    def _between(self, start: float, end: float, part: float) -> float:
        """A point on the way from `start` to `end`."""
        if self._anneal_func_type == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2 * (math.cos(math.pi * part) + 1)

    def _set_momentum(self, group: Group, momentum: float) -> None:
        """Adam and its relatives call the momentum their first beta."""
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum

    def _prepare_rates(
        self, max_lr: float | list[float], first: float, last: float
    ) -> None:
        """Write the three learning rates of the cycle into every group."""
        for group, largest in zip(
            self.optimizer.param_groups,
            self._for_each_group("max_lr", max_lr),
            strict=True,
        ):
            group["initial_lr"] = largest / first
            group["max_lr"] = largest
            group["min_lr"] = group["initial_lr"] / last

    def _prepare_momenta(
        self,
        base_momentum: float | list[float],
        max_momentum: float | list[float],
        last_epoch: int,
    ) -> None:
        """Write the two momenta of the cycle into every group."""
        self.use_beta1 = "betas" in self.optimizer.defaults
        if not self.use_beta1 and "momentum" not in self.optimizer.defaults:
            raise ValueError(
                f"OneCycleLR: {type(self.optimizer).__name__} has no momentum; "
                "set cycle_momentum=False"
            )
        lows = self._for_each_group("base_momentum", base_momentum)
        highs = self._for_each_group("max_momentum", max_momentum)
        if last_epoch == -1:
            for group, low, high in zip(
                self.optimizer.param_groups, lows, highs, strict=True
            ):
                self._set_momentum(group, high)
                group["max_momentum"] = high
                group["base_momentum"] = low


class _Way(NamedTuple):
    """A phase: its last step, its two rates and its two momenta."""

    end_step: float
    start_lr: str
    end_lr: str
    start_momentum: str
    end_momentum: str


def _phases(total: int, part: float, three: bool) -> list[dict[str, Any]]:
    """The phases of a cycle, as torch writes them into its state."""
    low, high = "base_momentum", "max_momentum"
    ways = [_Way(part * total - 1, "initial_lr", "max_lr", high, low)]
    if three:
        ways += [
            _Way(2 * part * total - 2, "max_lr", "initial_lr", low, high),
            _Way(total - 1, "initial_lr", "min_lr", high, high),
        ]
    else:
        ways += [_Way(total - 1, "max_lr", "min_lr", low, high)]
    return [way._asdict() for way in ways]


def _total(
    total_steps: int | None, epochs: int | None, steps_per_epoch: int | None
) -> int:
    """The length of the cycle."""
    given = {"total_steps": total_steps}
    if total_steps is None:
        given = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
        if None in given.values():
            raise ValueError(
                "OneCycleLR: give total_steps, or epochs and steps_per_epoch"
            )
    total = 1
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(
                f"OneCycleLR: {name} must be a positive integer, got {value}"
            )
        total *= value
    return total
