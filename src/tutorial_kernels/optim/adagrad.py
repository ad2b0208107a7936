"""Adagrad: steps that get shorter where much has been learned."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.optim.base import Group, Optimizer, Params


class Adagrad(Optimizer):
    """Divide each gradient by the length of all the gradients so far.

    `sum = sum + grad ** 2` and `param = param - lr * grad / (sqrt(sum) +
    eps)`, where `lr` shrinks to `lr / (1 + (step - 1) * lr_decay)`.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online
    learning and stochastic optimization", 2011.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        """Set the options.

        Args:
            params: Tensors, or groups of them.
            lr: The learning rate: about the length of the first step.
            lr_decay: How fast the learning rate shrinks.
            weight_decay: Pull towards zero, as a part of the weight.
            initial_accumulator_value: What the sum starts with.
            eps: Added to the root, so that nothing is divided by zero.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def add_param_group(self, param_group: Group) -> None:
        """Take one more group of parameters, and start their sums."""
        super().add_param_group(param_group)
        start = self.defaults["initial_accumulator_value"]
        for param in self.param_groups[-1]["params"]:
            self.state[param] = {
                "step": 0,
                "sum": np.full_like(param.data, start),
            }

    def _check(self, options: Group) -> None:
        super()._check(options)
        for name in ("lr_decay", "initial_accumulator_value", "eps"):
            self._check_range(name, options[name], 0)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        rate = group["lr"] / (1 + state["step"] * group["lr_decay"])
        state["step"] += 1
        state["sum"] += grad * grad
        data -= rate * (grad / (np.sqrt(state["sum"]) + group["eps"]))
