"""Stochastic gradient descent, with momentum."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.optim.base import Group, Optimizer, Params


class SGD(Optimizer):
    """Step against the gradient.

    `velocity = momentum * velocity + (1 - dampening) * grad` and
    `param = param - lr * velocity`; the first velocity is the gradient. With
    `nesterov` the step looks ahead: `lr * (grad + momentum * velocity)`.

    Source: Sutskever et al., "On the importance of initialization and
    momentum in deep learning", 2013.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        """Set the options.

        Args:
            params: Tensors, or groups of them.
            lr: The learning rate: the length of a step.
            momentum: The part of the velocity that is kept.
            dampening: The part of the gradient that is left out.
            weight_decay: Pull towards zero, as a part of the weight.
            nesterov: Whether to look ahead.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _check(self, options: Group) -> None:
        super()._check(options)
        self._check_range("momentum", options["momentum"], 0)
        if options["nesterov"] and (
            options["momentum"] <= 0 or options["dampening"] != 0
        ):
            raise ValueError(
                "SGD: nesterov needs a momentum and no dampening, got "
                f"momentum {options['momentum']} and "
                f"dampening {options['dampening']}"
            )

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        momentum = group["momentum"]
        if momentum != 0:
            velocity = state.get("momentum_buffer")
            if velocity is None:
                velocity = state["momentum_buffer"] = np.array(grad)
            else:
                velocity *= momentum
                velocity += (1 - group["dampening"]) * grad
            grad = grad + momentum * velocity if group["nesterov"] else velocity
        data -= group["lr"] * grad
