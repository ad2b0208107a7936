"""One model here and in PyTorch: logits, loss, gradients, a training."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels import optim
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.nn.module import Module


@dataclass(frozen=True)
class Difference:
    """How far one tensor is from its twin.

    `relative` is the largest absolute difference divided by the largest
    number in torch's tensor.
    """

    name: str
    absolute: float
    relative: float


@dataclass(frozen=True)
class Comparison:
    """Every tensor of a model beside its twin, before and after training."""

    model: str
    dtype: str
    steps: int
    differences: list[Difference]
    losses: list[float] = field(repr=False)
    torch_losses: list[float] = field(repr=False)

    def __getitem__(self, name: str) -> Difference:
        """The difference of one tensor, such as "gradient of fc1.weight"."""
        for difference in self.differences:
            if difference.name == name:
                return difference
        raise KeyError(name)

    @property
    def largest(self) -> Difference:
        """The largest relative difference of all."""
        return max(self.differences, key=lambda d: d.relative)


def compare(
    model: Module,
    torch_model: torch.nn.Module,
    x: Array,
    targets: Array,
    *,
    loss: str = "cross_entropy",
    steps: int = 0,
    optimizer: str = "SGD",
    **options: Any,
) -> Comparison:
    """Compare logits, loss and gradients, and then a whole training.

    The torch model first gets the weights of the other one. Both are left
    with the weights they have after the training.

    Args:
        model: The model in NumPy.
        torch_model: Its twin.
        x: A batch of inputs, in the dtype of the models.
        targets: What the loss needs: labels, or values.
        loss: A loss of `functional`.
        steps: How many training steps to compare, all on this batch.
        optimizer: An optimizer of `optim`.
        **options: Its options; without any, `lr=0.05`.
    """
    load_into_torch(model, torch_model)
    model.zero_grad()
    torch_model.zero_grad()
    differences = []
    logits, torch_logits, total, torch_total = _run(
        model, torch_model, x, targets, loss
    )
    differences.append(_difference("logits", logits, torch_logits))
    differences.append(_difference("loss", total, torch_total))
    differences += _gradients(model, torch_model)

    options = options or {"lr": 0.05}
    ours = getattr(optim, optimizer)(model.parameters(), **options)
    theirs = getattr(torch.optim, optimizer)(
        torch_model.parameters(), **options
    )
    losses, torch_losses = [], []
    for _ in range(steps):
        ours.zero_grad()
        theirs.zero_grad()
        _, _, total, torch_total = _run(model, torch_model, x, targets, loss)
        ours.step()
        theirs.step()
        losses.append(total.item())
        torch_losses.append(torch_total.item())
    if steps:
        name = f"losses of {steps} steps"
        differences.append(_compare(name, losses, torch_losses))
        differences += _parameters(model, torch_model, steps)
    return Comparison(
        type(model).__name__,
        str(x.dtype),
        steps,
        differences,
        losses,
        torch_losses,
    )


def load_into_torch(model: Module, torch_model: torch.nn.Module) -> None:
    """Give the torch model the weights of the other one."""
    torch_model.load_state_dict(
        {key: torch.from_numpy(a) for key, a in model.state_dict().items()}
    )


def _run(
    model: Module,
    torch_model: torch.nn.Module,
    x: Array,
    targets: Array,
    loss: str,
) -> tuple[Tensor, torch.Tensor, Tensor, torch.Tensor]:
    """One forward and backward on both sides."""
    logits = model(Tensor(x))
    total = getattr(F, loss)(logits, targets)
    total.backward()
    torch_logits = torch_model(torch.from_numpy(x))
    torch_total = getattr(torch.nn.functional, loss)(
        torch_logits, torch.from_numpy(targets)
    )
    torch_total.backward()
    return logits, torch_logits, total, torch_total


def _gradients(
    model: Module, torch_model: torch.nn.Module
) -> Iterator[Difference]:
    twins = dict(torch_model.named_parameters())
    for name, parameter in model.named_parameters():
        yield _compare(f"gradient of {name}", parameter.grad, twins[name].grad)


def _parameters(
    model: Module, torch_model: torch.nn.Module, steps: int
) -> Iterator[Difference]:
    twins = dict(torch_model.named_parameters())
    for name, parameter in model.named_parameters():
        yield _difference(f"{name} after {steps} steps", parameter, twins[name])


def _difference(name: str, ours: Tensor, theirs: torch.Tensor) -> Difference:
    return _compare(name, ours.data, theirs.detach())


def _compare(name: str, ours: Any, theirs: Any) -> Difference:
    one = np.asarray(ours, dtype=np.float64)
    other = np.asarray(theirs, dtype=np.float64)
    if one.shape != other.shape:
        raise ValueError(
            f"parity: {name} has shape {one.shape}, in torch {other.shape}"
        )
    absolute = float(np.abs(one - other).max(initial=0))
    scale = float(np.abs(other).max(initial=0))
    return Difference(name, absolute, absolute / max(scale, 1e-300))
