"""A schedule that follows what is measured."""

import math
from typing import SupportsFloat

from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.lr_scheduler.base import LRScheduler


class ReduceLROnPlateau(LRScheduler):
    """Multiply by `factor` when a measure has stopped getting better.

    `step(measure)` compares with the best so far. After more than `patience`
    steps in a row that are no better, the learning rates are reduced; the
    next `cooldown` steps do not count.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        """Set the options.

        Args:
            optimizer: Whose learning rates change.
            mode: "min" if smaller is better, "max" if larger is.
            factor: What to multiply by.
            patience: How many steps may pass without getting better.
            threshold: How much better counts as better,
            threshold_mode: "rel" as a part of the best, "abs" as it is.
            cooldown: How many steps do not count after a reduction.
            min_lr: The smallest learning rate, or one for every group.
            eps: A smaller change than this is left out.

        Raises:
            ValueError: If an option makes no sense.
        """
        self._check_optimizer(optimizer)
        if factor >= 1:
            raise ValueError(
                f"ReduceLROnPlateau: factor must be below 1, got {factor}"
            )
        if mode not in ("min", "max"):
            raise ValueError(
                f"ReduceLROnPlateau: mode must be 'min' or 'max', got {mode!r}"
            )
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(
                "ReduceLROnPlateau: threshold_mode must be 'rel' or 'abs', "
                f"got {threshold_mode!r}"
            )
        self.optimizer = optimizer
        self.factor = factor
        self.min_lrs = self._for_each_group("min_lr", min_lr)
        self.patience = patience
        self.cooldown = cooldown
        self.eps = eps
        self.mode = mode
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.best = math.inf if mode == "min" else -math.inf
        self.cooldown_counter = 0
        self.num_bad_epochs = 0
        self.last_epoch = 0
        self._last_lr = self._rates()

    def step(self, metrics: SupportsFloat) -> None:  # type: ignore[override]
        """Take one more measure, and reduce the learning rates if it is time.

        Args:
            metrics: The measure: a number, or a tensor that holds one.
        """
        self.last_epoch += 1
        measure = float(metrics)
        if self._is_better(measure):
            self.best = measure
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = self._rates()

    def _is_better(self, measure: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "rel":
            limit = self.best * (1 + sign * self.threshold)
        else:
            limit = self.best + sign * self.threshold
        return measure > limit if self.mode == "max" else measure < limit

    def _reduce(self) -> None:
        groups = self.optimizer.param_groups
        for group, smallest in zip(groups, self.min_lrs, strict=True):
            reduced = max(group["lr"] * self.factor, smallest)
            if group["lr"] - reduced > self.eps:
                group["lr"] = reduced
