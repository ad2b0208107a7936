"""Every input of PyTorch's database of optimizers, step by step."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.testing._internal.common_optimizers import optim_db

from site_tests.conformance.modules import to_ours
from tutorial_kernels import nn, optim

OPTIMIZERS = {
    info.optim_cls.__name__: info
    for info in optim_db
    if hasattr(optim, info.optim_cls.__name__)
}
SHAPES = [(4, 3), (3,), (), (2, 1, 2)]
STEPS = 50


def kwargs() -> list[Any]:
    """The options of every input; with a tensor as `lr` they are refused."""
    return [
        pytest.param(name, given.kwargs, id=f"{name} {given.kwargs}")
        for name, info in OPTIMIZERS.items()
        for given in info.optim_inputs_func(device="cpu")
        if not isinstance(given.kwargs.get("lr"), torch.Tensor)
    ]


every_input = pytest.mark.parametrize(("name", "options"), kwargs())


def test_every_optimizer_is_in_the_database() -> None:
    ours = set(optim.__all__) - {"Optimizer", "lr_scheduler"}
    assert ours == set(OPTIMIZERS)
    assert len(kwargs()) >= 40


class Twins:
    """A random least-squares problem, for two optimizers with three groups.

    The first group has its own learning rate, and the last one its own weight
    decay. Some steps leave a parameter without a gradient.
    """

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.rng = np.random.default_rng(0)
        starts = [np.asarray(self.rng.standard_normal(s)) for s in SHAPES]
        self.targets = [self.rng.standard_normal(s) for s in SHAPES]
        self.ours = [nn.Parameter(a) for a in starts]
        self.theirs = [torch.nn.Parameter(torch.tensor(a)) for a in starts]
        self.one = self.build(getattr(optim, name), self.ours, options)
        self.other = self.build(
            getattr(torch.optim, name), self.theirs, options
        )

    def build(self, kind: Any, params: list[Any], options: Any) -> Any:
        optimizer = kind(
            [{"params": params[:1], "lr": 0.02}, {"params": params[1:3]}],
            **options,
        )
        optimizer.add_param_group({"params": params[3], "weight_decay": 0.3})
        return optimizer

    def losses(self) -> tuple[Callable[[], float], Callable[[], float]]:
        """Two closures, of the same random weighted squares."""
        weights = [self.rng.uniform(0.1, 3, s) for s in SHAPES]
        left_out = int(self.rng.integers(0, 8))  # often nobody is left out

        def closure(params: list[Any], make: Callable[..., Any]) -> float:
            total = 0.0
            for n, param in enumerate(params):
                weight, target = make(weights[n]), make(self.targets[n])
                error = param.data - target
                param.grad = None if n == left_out else 2 * weight * error
                total += float((weight * error**2).sum())
            return total

        return (
            lambda: closure(self.ours, np.asarray),
            lambda: closure(self.theirs, torch.tensor),
        )

    def step(self) -> None:
        ours, theirs = self.losses()
        found, expected = self.one.step(ours), self.other.step(theirs)
        assert found == pytest.approx(expected, rel=1e-10)
        for p, q in zip(self.ours, self.theirs, strict=True):
            np.testing.assert_allclose(
                p.data, q.detach().numpy(), rtol=1e-10, atol=1e-12
            )
            assert (p.grad is None) == (q.grad is None)


@every_input
def test_fifty_steps_with_groups_and_closures(name: str, options: Any) -> None:
    twins = Twins(name, options)
    for _ in range(STEPS):
        twins.step()


def as_tensors(state: Any) -> Any:
    """Our state with torch's tensors: arrays become tensors, nothing else."""
    if isinstance(state, np.ndarray | np.generic):
        return torch.tensor(state)
    if isinstance(state, dict):
        return {key: as_tensors(value) for key, value in state.items()}
    return state


@every_input
@pytest.mark.parametrize("way", ["ours", "from torch", "to torch"])
def test_a_state_moves_in_the_middle(name: str, options: Any, way: str) -> None:
    twins = Twins(name, options)
    for _ in range(STEPS // 2):
        twins.step()
    ours = copy.deepcopy(twins.one.state_dict())
    theirs = copy.deepcopy(twins.other.state_dict())
    fresh = Twins(name, options)
    if way == "to torch":
        twins.other = fresh.build(
            getattr(torch.optim, name), twins.theirs, options
        )
        twins.other.load_state_dict(as_tensors(ours))
    else:
        twins.one = fresh.build(getattr(optim, name), twins.ours, options)
        twins.one.load_state_dict(ours if way == "ours" else theirs)
    for _ in range(STEPS // 2):
        twins.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_mistakes_of_the_database_are_refused(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrongs = OPTIMIZERS[name].optim_error_inputs_func(
            device="cpu", dtype=torch.float64
        )
    assert len(wrongs) > 5

    made: dict[Any, nn.Parameter] = {}  # the same again for the same

    def ours(value: Any) -> Any:
        if isinstance(value, torch.nn.Parameter):
            own = nn.Parameter(value.detach().numpy())
            return made.setdefault(value, own)
        if isinstance(value, dict):
            return {key: ours(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(ours(item) for item in value)
        return to_ours(value, wrap=True)

    for wrong in wrongs:
        given = wrong.optimizer_error_input
        params = ours(given.params)
        if params is None:
            params = [nn.Parameter(np.ones(2))]
        with pytest.raises((ValueError, TypeError)) as caught:
            getattr(optim, name)(params, **ours(given.kwargs))
        sentence = str(caught.value)
        assert sentence.startswith((f"{name}: ", f"{name}.__init__() got an"))
        assert "\n" not in sentence


def test_gradients_are_forgotten_or_become_zero() -> None:
    ours, theirs = (
        nn.Parameter(np.ones(2)),
        torch.nn.Parameter(torch.ones(2)),
    )
    ours.grad, theirs.grad = np.ones(2), torch.ones(2)
    empty = nn.Parameter(np.ones(2))
    for optimizer in (optim.SGD([ours, empty]), torch.optim.SGD([theirs])):
        optimizer.zero_grad(set_to_none=False)
    np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())
    assert empty.grad is None
    optim.SGD([ours]).zero_grad()
    assert ours.grad is None
