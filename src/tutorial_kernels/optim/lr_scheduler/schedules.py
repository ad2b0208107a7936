"""Schedules that follow a formula."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from types import FunctionType
from typing import Any

from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.lr_scheduler.base import LRScheduler


class LambdaLR(LRScheduler):
    """The first learning rate times a function of the number of steps."""

    _unsaved = ("optimizer", "lr_lambdas")

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        """Take one function, or one for every group."""
        self._check_optimizer(optimizer)
        self.optimizer = optimizer
        self.lr_lambdas = self._for_each_group("lr_lambda", lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """`initial_lr * lr_lambda(last_epoch)`."""
        return [
            base * function(self.last_epoch)
            for base, function in zip(
                self.base_lrs, self.lr_lambdas, strict=True
            )
        ]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, and of objects their attributes.

        A function cannot be saved: `None` stands for it.
        """
        attributes = [
            None if isinstance(f, FunctionType) else deepcopy(vars(f))
            for f in self.lr_lambdas
        ]
        return {**super().state_dict(), "lr_lambdas": attributes}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what `state_dict()` gave; functions stay as they are."""
        super().load_state_dict(state_dict)
        for own, given in zip(
            self.lr_lambdas, state_dict["lr_lambdas"], strict=True
        ):
            if given is not None:
                vars(own).update(deepcopy(given))


class StepLR(LRScheduler):
    """Multiply by `gamma` every `step_size` steps."""

    def __init__(
        self,
        optimizer: Optimizer,
        step_size: int,
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        """Set the length of the stairs and the factor between them."""
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times `gamma` where a stair begins."""
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return self._rates()
        return self._rates(self.gamma)


class MultiStepLR(LRScheduler):
    """Multiply by `gamma` at every milestone."""

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        """Set the milestones; one that is named twice counts twice."""
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times `gamma` where a milestone stands."""
        return self._rates(self.gamma ** self.milestones[self.last_epoch])


class ExponentialLR(LRScheduler):
    """Multiply by `gamma` at every step."""

    def __init__(
        self, optimizer: Optimizer, gamma: float, last_epoch: int = -1
    ) -> None:
        """Set the factor."""
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times `gamma`."""
        return self._rates() if self._beginning else self._rates(self.gamma)


class ConstantLR(LRScheduler):
    """Begin with a part of the learning rate, then take all of it."""

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        """Set the part, and for how many steps it is taken.

        Raises:
            ValueError: If the part is not above 0 and at most 1.
        """
        if not 0 < factor <= 1:
            raise ValueError(
                "ConstantLR: factor must be above 0 and at most 1, "
                f"got {factor}"
            )
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before; the part at first, and its end undoes it."""
        if self.last_epoch == 0:
            return self._rates(self.factor)
        if self.last_epoch == self.total_iters:
            return self._rates(1 / self.factor)
        return self._rates()


class PolynomialLR(LRScheduler):
    """Go down to 0 along a power of the steps that are left.

    `lr = initial_lr * (1 - step / total_iters) ** power`
    """

    def __init__(
        self,
        optimizer: Optimizer,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ) -> None:
        """Set the number of steps down to 0, and the power."""
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times the ratio of two points of the curve."""
        step = self.last_epoch
        if self._beginning or step == 0 or step > self.total_iters:
            return self._rates()
        left = self.total_iters - step
        return self._rates((left / (left + 1)) ** self.power)


class LinearLR(LRScheduler):
    """Go from one part of the learning rate to another in a straight line."""

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        """Set the two parts, and in how many steps to go.

        Raises:
            ValueError: If a part is not from 0 to 1, or the first is 0.
        """
        if not 0 < start_factor <= 1:
            raise ValueError(
                "LinearLR: start_factor must be above 0 and at most 1, "
                f"got {start_factor}"
            )
        if not 0 <= end_factor <= 1:
            raise ValueError(
                f"LinearLR: end_factor must be from 0 to 1, got {end_factor}"
            )
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times the ratio of two points of the line."""
        step = self.last_epoch
        if step == 0:
            return self._rates(self.start_factor)
        if self._beginning or step > self.total_iters:
            return self._rates()
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (step - 1) * rise
        return self._rates(1 + rise / before)


class CosineAnnealingLR(LRScheduler):
    """Go down to `eta_min` and up again, along a cosine.

    `lr = eta_min + (initial_lr - eta_min) * (1 + cos(pi * step / T_max)) / 2`

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with
    warm restarts", 2017.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        """Set the number of steps to the lowest rate, and that rate."""
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates before, times the ratio of two points of the cosine."""
        step, lowest = self.last_epoch, self.eta_min
        if self._beginning or step == 0:
            return self._rates()
        if (step - 1 - self.T_max) % (2 * self.T_max) == 0:  # up from 0
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            return [
                rate + (base - lowest) * rise
                for rate, base in zip(self._rates(), self.base_lrs, strict=True)
            ]
        before = 1 + math.cos(math.pi * (step - 1) / self.T_max)
        now = 1 + math.cos(math.pi * step / self.T_max)
        return [
            now / before * (rate - lowest) + lowest for rate in self._rates()
        ]
