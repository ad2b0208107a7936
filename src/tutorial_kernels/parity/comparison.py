"""A model here and in PyTorch: outputs, loss, gradients, a training."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from tutorial_kernels import functional, optim
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.models import gan
from tutorial_kernels.nn.module import Module
from tutorial_kernels.parity.sides import Game, Named, Side, Training
from tutorial_kernels.torch_models import gan as torch_gan

type Arrays = Array | tuple[Array, ...]
type Loss = str | tuple[Callable[..., Any], Callable[..., Any]]


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
    """Every tensor of a model beside its twin, before and after training.

    A training has one loss a step. A game has two: the discriminator's and
    the generator's, in turn.
    """

    model: str
    dtype: str
    optimizer: str
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
    x: Arrays,
    targets: Arrays,
    *,
    loss: Loss = "cross_entropy",
    outputs: tuple[str, ...] = ("logits",),
    steps: int = 0,
    optimizer: str = "SGD",
    **options: Any,
) -> Comparison:
    """Compare outputs, loss and gradients, one step, and a whole training.

    The torch model first gets the weights of the other one. Both are left
    with the weights they have after the training.

    Args:
        model: The model in NumPy.
        torch_model: Its twin.
        x: A batch of inputs, in the dtype of the models; several in a tuple.
        targets: What the loss needs: labels, or values.
        loss: A loss of `functional`, or two functions: ours and torch's. It
            gets the first output, the targets, and then further outputs.
        outputs: What to call the outputs of the model.
        steps: How many training steps to compare, all on this batch.
        optimizer: An optimizer of `optim`.
        **options: Its options; without any, `lr=0.05`.

    Raises:
        ValueError: If a tensor has another shape than its twin.
    """
    if isinstance(loss, str):
        loss = getattr(functional, loss), getattr(torch.nn.functional, loss)
    x, targets = _tuple(x), _tuple(targets)
    load_into_torch(model, torch_model)
    pair = _optimizers(model, torch_model, optimizer, options)
    tensors = tuple(map(Tensor, x)), tuple(map(torch.tensor, x))
    labels = targets, tuple(map(_torch_targets, targets))
    sides = [
        Training(*side, outputs)
        for side in zip(
            (model, torch_model), pair, loss, tensors, labels, strict=True
        )
    ]
    return _compare_sides(
        type(model).__name__, _dtype(model), optimizer, sides, steps
    )


def compare_games(
    players: tuple[Module, Module],
    torch_players: tuple[torch.nn.Module, torch.nn.Module],
    real: Array,
    noise: Array,
    *,
    steps: int = 0,
    optimizer: str = "SGD",
    **options: Any,
) -> Comparison:
    """Compare a generator and a discriminator that play against each other.

    In every step the discriminator moves first and the generator second, both
    on the same noise. The torch models first get the weights of the others,
    and all are left with the weights they have after the game.

    Args:
        players: The generator and the discriminator in NumPy.
        torch_players: Their twins.
        real: A batch of real examples, in the dtype of the models.
        noise: What the fakes are made from.
        steps: How many steps to compare.
        optimizer: An optimizer of `optim`, one for each player.
        **options: Its options; without any, `lr=0.05`.

    Raises:
        ValueError: If a tensor has another shape than its twin.
    """
    pairs = []
    for player, twin in zip(players, torch_players, strict=True):
        load_into_torch(player, twin)
        pairs.append(_optimizers(player, twin, optimizer, options))
    ours, theirs = zip(*pairs, strict=True)
    sides = [
        Game(gan, *players, ours, Tensor(real), Tensor(noise)),
        Game(
            torch_gan,
            *torch_players,
            theirs,
            torch.tensor(real),
            torch.tensor(noise),
        ),
    ]
    name = " and ".join(type(player).__name__ for player in players)
    return _compare_sides(name, _dtype(players[0]), optimizer, sides, steps)


def load_into_torch(model: Module, torch_model: torch.nn.Module) -> None:
    """Give the torch model the weights of the other one."""
    torch_model.load_state_dict(
        {key: torch.from_numpy(a) for key, a in model.state_dict().items()}
    )


def _compare_sides(
    model: str, dtype: str, optimizer: str, sides: Sequence[Side], steps: int
) -> Comparison:
    """Measure both sides, and let them learn side by side."""
    ours, theirs = sides
    differences = list(_differences(ours.measure(), theirs.measure()))
    losses: list[float] = []
    torch_losses: list[float] = []
    for step in range(1, steps + 1):
        losses += ours.step()
        torch_losses += theirs.step()
        if step in (1, steps):
            after = f" after {_count(step)}"
            found = list(_differences(ours.state(), theirs.state(), after))
            if step == steps:
                name = f"losses of {_count(steps)}"
                found.insert(0, _difference(name, losses, torch_losses))
            differences += found
    return Comparison(
        model, dtype, optimizer, steps, differences, losses, torch_losses
    )


def _optimizers(
    model: Module,
    torch_model: torch.nn.Module,
    optimizer: str,
    options: dict[str, Any],
) -> tuple[Any, Any]:
    """An optimizer for the model, and one for its twin."""
    options = options or {"lr": 0.05}
    ours = getattr(optim, optimizer)(model.parameters(), **options)
    theirs = getattr(torch.optim, optimizer)
    return ours, theirs(torch_model.parameters(), **options)


def _differences(
    ours: Named, theirs: Named, after: str = ""
) -> Iterator[Difference]:
    """Each tensor beside the one of the same name."""
    twins = dict(theirs)
    for name, value in ours:
        yield _difference(f"{name}{after}", value, twins.pop(name))
    if twins:
        raise ValueError(f"parity: only torch has {', '.join(twins)}")


def _difference(name: str, ours: Any, theirs: Any) -> Difference:
    one, other = _float64(ours), _float64(theirs)
    if one.shape != other.shape:
        raise ValueError(
            f"parity: {name} has shape {one.shape}, in torch {other.shape}"
        )
    absolute = float(np.abs(one - other).max(initial=0))
    scale = float(np.abs(other).max(initial=0))
    return Difference(name, absolute, absolute / max(scale, 1e-300))


def _float64(value: Any) -> Array:
    if isinstance(value, torch.Tensor):
        value = value.detach()
    return np.asarray(value, dtype=np.float64)


def _tuple(arrays: Arrays) -> tuple[Array, ...]:
    return arrays if isinstance(arrays, tuple) else (arrays,)


def _torch_targets(array: Array) -> torch.Tensor:
    """Labels as int64, because torch takes no others."""
    tensor = torch.tensor(array)
    return tensor.long() if array.dtype.kind in "iu" else tensor


def _dtype(model: Module) -> str:
    return str(next(model.parameters()).dtype)


def _count(steps: int) -> str:
    return f"{steps} step" if steps == 1 else f"{steps} steps"
