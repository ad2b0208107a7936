"""A cosine that begins again and again."""

import math

from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.lr_scheduler.base import LRScheduler


class CosineAnnealingWarmRestarts(LRScheduler):
    """Go down along a cosine, jump back up, and again, mostly more slowly.

    `lr = eta_min + (initial_lr - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2`,
    where `T_cur` counts the steps since the last jump and `T_i`, the length of
    this cosine, is `T_mult` times that of the one before.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with
    warm restarts", 2017.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,  # noqa: N803
        T_mult: int = 1,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        """Set the length of the first cosine, its growth and its lowest rate.

        Raises:
            ValueError: If a length or its growth is no integer above 0.
        """
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"CosineAnnealingWarmRestarts: {name} must be an integer, "
                    f"at least 1, got {value!r}"
                )
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The point of the cosine, for every group."""
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [
            self.eta_min + (base - self.eta_min) * height
            for base in self.base_lrs
        ]

    def step(self) -> None:
        """Go one step further, and up again where a cosine has ended."""
        self.T_cur = 0 if self.last_epoch < 0 else self.T_cur + 1
        if self.T_cur >= self.T_i:
            self.T_cur %= self.T_i
            self.T_i *= self.T_mult
        super().step()

    def _restart(self) -> None:
        self.T_cur, self.T_i = 0, self.T_0
        super()._restart()
