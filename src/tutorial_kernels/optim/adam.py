"""Adam and its relatives: steps measured by how steady gradients are."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.optim.base import Group, Optimizer, Params


class _Averaging(Optimizer):
    """Keeps the running averages of a gradient and of its square."""

    def _check(self, options: Group) -> None:
        super()._check(options)
        self._check_range("eps", options["eps"], 0)
        betas = options["betas"]
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ValueError(
                f"{self._name}: betas must be two numbers, got {betas!r}"
            )
        for index, beta in enumerate(betas):
            self._check_range(f"betas[{index}]", beta, 0, below=1)

    def _average(
        self,
        data: Array,
        grad: Array,
        state: dict[str, Any],
        betas: tuple[float, float],
    ) -> tuple[Array, Array]:
        """Move both averages towards the new gradient; count the step."""
        if not state:
            state["step"] = 0
            state["exp_avg"] = np.zeros_like(data)
            state["exp_avg_sq"] = np.zeros_like(data)
        state["step"] += 1
        beta1, beta2 = betas
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean *= beta1
        mean += (1 - beta1) * grad
        square *= beta2
        square += (1 - beta2) * (grad * grad)
        return mean, square


class Adam(_Averaging):
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
        decoupled_weight_decay: bool = False,
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
            decoupled_weight_decay: Whether to pull past the averages, as
                `AdamW` does.
        """
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        beta1, beta2 = group["betas"]
        mean, square = self._average(data, grad, state, group["betas"])
        if group["amsgrad"]:
            largest = state.setdefault("max_exp_avg_sq", np.zeros_like(data))
            square = np.maximum(largest, square, out=largest)

        step_size = group["lr"] / (1 - beta1 ** state["step"])
        correction = math.sqrt(1 - beta2 ** state["step"])
        data -= step_size * (
            mean / (np.sqrt(square) / correction + group["eps"])
        )


class AdamW(Adam):
    """Adam whose weight decay does not pass through the averages.

    `param = param * (1 - lr * weight_decay)`, then a step of Adam without it.
    A weight is then pulled by the same part, however large its gradients are.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization",
    2019.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        """Set the options: those of Adam, with another `weight_decay`."""
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            maximize=maximize,
            decoupled_weight_decay=True,
        )

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over options and state; the decay stays decoupled."""
        super().load_state_dict(state_dict)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True


class NAdam(_Averaging):
    """Adam that looks ahead, as Nesterov's momentum does.

    The step mixes the gradient, by `1 - mu`, with the average that the next
    step will see, by the next `mu`. `mu = beta1 * (1 - 0.96 ** (step *
    momentum_decay) / 2)` grows from half of beta1 to all of it, and the
    product of all `mu` so far corrects for having started at zero.

    Source: Dozat, "Incorporating Nesterov momentum into Adam", 2016.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
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
            momentum_decay: How fast the momentum grows to its full size.
            decoupled_weight_decay: Whether to pull past the averages.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _check(self, options: Group) -> None:
        super()._check(options)
        self._check_range("momentum_decay", options["momentum_decay"], 0)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        beta1, beta2 = group["betas"]
        mean, square = self._average(data, grad, state, group["betas"])
        step, decay = state["step"], group["momentum_decay"]
        now = beta1 * (1 - 0.5 * 0.96 ** (step * decay))
        later = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * decay))
        # torch keeps this product in float32, whatever the parameters are
        state["mu_product"] = state.get("mu_product", np.float32(1)) * now
        product = float(state["mu_product"])

        size = np.sqrt(square / (1 - beta2**step)) + group["eps"]
        data -= group["lr"] * (1 - now) / (1 - product) * (grad / size)
        data -= group["lr"] * later / (1 - product * later) * (mean / size)


class RAdam(_Averaging):
    """Adam that waits until it knows how large the gradients are.

    Early on, the average square rests on few gradients and says little. Its
    reliability is measured by the length of the average, `length`; up to 5
    the step is `lr * mean`, from then on that of Adam, made shorter by a
    factor that grows to 1.

    Source: Liu et al., "On the variance of the adaptive learning rate and
    beyond", 2020.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
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
            decoupled_weight_decay: Whether to pull past the averages.
            maximize: Whether to climb instead.
        """
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        beta1, beta2 = group["betas"]
        mean, square = self._average(data, grad, state, group["betas"])
        step = state["step"]
        change = group["lr"] / (1 - beta1**step) * mean

        started = 1 - beta2**step
        longest = 2 / (1 - beta2) - 1
        length = longest - 2 * step * beta2**step / started
        if length > 5:
            trust = (length - 4) * (length - 2) * longest
            trust /= (longest - 4) * (longest - 2) * length
            change *= math.sqrt(trust * started)
            change /= np.sqrt(square) + group["eps"]
        data -= change
