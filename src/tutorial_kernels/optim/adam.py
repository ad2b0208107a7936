"""Adam: steps measured by how steady and how large the gradients are."""

import math
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.optim.base import Group, Optimizer, Params


class Adam(Optimizer):
    """Divide the average gradient by its average size.

    `mean = beta1 * mean + (1 - beta1) * grad`,
    `square = beta2 * square + (1 - beta2) * grad ** 2`, both corrected for
    having started at zero, and `param = param - lr * mean / (sqrt(square) +
    eps)`.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015;
    `amsgrad`: Reddi et al., "On the convergence of Adam and beyond", 2018.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        """Set the options.

        Args:
            params: Tensors, or groups of them.
            lr: The learning rate: about the length of a step.
            betas: How slowly the averages of gradient and square move.
            eps: Added to the root, so that nothing is divided by zero.
            weight_decay: Pull towards zero, as a part of the weight.
            amsgrad: Whether to divide by the largest average so far.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _check(self, options: Group) -> None:
        super()._check(options)
        self._check_range("eps", options["eps"], 0)
        for index, beta in enumerate(options["betas"]):
            self._check_range(f"betas[{index}]", beta, 0, below=1)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        if not state:
            state["step"] = 0
            state["exp_avg"] = np.zeros_like(data)
            state["exp_avg_sq"] = np.zeros_like(data)
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = np.zeros_like(data)
        state["step"] += 1
        beta1, beta2 = group["betas"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean *= beta1
        mean += (1 - beta1) * grad
        square *= beta2
        square += (1 - beta2) * (grad * grad)
        if group["amsgrad"]:
            largest = state["max_exp_avg_sq"]
            square = np.maximum(largest, square, out=largest)

        step_size = group["lr"] / (1 - beta1 ** state["step"])
        correction = math.sqrt(1 - beta2 ** state["step"])
        data -= step_size * (
            mean / (np.sqrt(square) / correction + group["eps"])
        )
