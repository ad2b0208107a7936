"""RMSprop: steps of one size, whatever the size of the gradients."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.optim.base import Group, Optimizer, Params


class RMSprop(Optimizer):
    """Divide the gradient by its average size.

    `square = alpha * square + (1 - alpha) * grad ** 2` and `param = param -
    lr * grad / (sqrt(square) + eps)`. With `centered` the square of the
    average gradient is taken off the square first, which leaves its variance;
    with `momentum` a velocity sums up the steps.

    Source: Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012; `centered`:
    Graves, "Generating sequences with recurrent neural networks", 2013.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        """Set the options.

        Args:
            params: Tensors, or groups of them.
            lr: The learning rate: about the length of a step.
            alpha: How slowly the averages move.
            eps: Added to the root, so that nothing is divided by zero.
            weight_decay: Pull towards zero, as a part of the weight.
            momentum: The part of the velocity that is kept.
            centered: Whether to divide by the deviation from the average.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _check(self, options: Group) -> None:
        super()._check(options)
        for name in ("momentum", "alpha", "eps"):
            self._check_range(name, options[name], 0)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        if not state:
            state["step"] = 0
            state["square_avg"] = np.zeros_like(data)
            if group["momentum"] > 0:
                state["momentum_buffer"] = np.zeros_like(data)
            if group["centered"]:
                state["grad_avg"] = np.zeros_like(data)
        state["step"] += 1
        alpha, square = group["alpha"], state["square_avg"]
        square *= alpha
        square += (1 - alpha) * (grad * grad)
        if group["centered"]:
            mean = state["grad_avg"]
            mean *= alpha
            mean += (1 - alpha) * grad
            square = square - mean * mean

        change = grad / (np.sqrt(square) + group["eps"])
        if group["momentum"] > 0:
            velocity = state["momentum_buffer"]
            velocity *= group["momentum"]
            velocity += change
            change = velocity
        data -= group["lr"] * change
