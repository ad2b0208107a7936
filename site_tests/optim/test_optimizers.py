"""Every optimizer follows torch's over 50 steps, also through a save."""

import copy
import re
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.optim.problems import OPTIONS, Problem
from tutorial_kernels import Tensor, nn, optim


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_fifty_steps_are_torchs(name: str, options: Any) -> None:
    problem = Problem()
    ours = getattr(optim, name)(problem.ours, **options)
    theirs = getattr(torch.optim, name)(problem.theirs, **options)
    for step in range(50):
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_save_and_load_in_the_middle(name: str, options: Any) -> None:
    problem = Problem()
    ours = getattr(optim, name)(problem.ours, **options)
    theirs = getattr(torch.optim, name)(problem.theirs, **options)
    for step in range(50):
        if step == 25:
            saved = copy.deepcopy(ours.state_dict())
            for _ in range(3):  # what happens after a save does not reach it
                problem.gradients(step)
            fresh = [nn.Parameter(p.data) for p in problem.ours]
            ours.step()
            problem.ours = fresh
            ours = getattr(optim, name)(fresh, lr=123.0)
            ours.load_state_dict(saved)
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_the_state_of_torch_can_be_taken_over(name: str, options: Any) -> None:
    problem = Problem()
    theirs = getattr(torch.optim, name)(problem.theirs, **options)
    for step in range(10):
        problem.gradients(step)
        theirs.step()
    problem.ours = [nn.Parameter(q.detach().numpy()) for q in problem.theirs]
    ours = getattr(optim, name)(problem.ours, **options)
    ours.load_state_dict(theirs.state_dict())
    for step in range(10, 30):
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_our_state_can_be_taken_over_by_torch(name: str, options: Any) -> None:
    problem = Problem()
    ours = getattr(optim, name)(problem.ours, **options)
    for step in range(10):
        problem.gradients(step)
        ours.step()
    state = ours.state_dict()
    for entry in state["state"].values():
        for key, value in entry.items():
            entry[key] = torch.tensor(value, dtype=torch.float64)
    problem.theirs = [
        torch.nn.Parameter(torch.tensor(p.data)) for p in problem.ours
    ]
    theirs = getattr(torch.optim, name)(problem.theirs, **options)
    names = set(theirs.param_groups[0]) - set(state["param_groups"][0])
    assert names <= {
        "foreach",
        "differentiable",
        "fused",
        "capturable",
        "decoupled_weight_decay",
    }
    state["param_groups"][0].update(
        {k: theirs.param_groups[0][k] for k in names}
    )
    theirs.load_state_dict(state)
    for step in range(10, 30):
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_float32_stays_float32_in_place(name: str, options: Any) -> None:
    parameter = nn.Parameter(np.ones(3, np.float32))
    data = parameter.data
    optimizer = getattr(optim, name)(
        [parameter], **{**options, "lr": np.float64(0.1)}
    )
    for _ in range(3):
        parameter.grad = np.ones(3, np.float32)
        optimizer.step()
    assert parameter.data is data
    assert data.dtype == np.float32
    for value in optimizer.state.get(parameter, {}).values():
        assert not isinstance(value, np.ndarray) or value.dtype == np.float32


@pytest.mark.parametrize("name", sorted({name for name, _ in OPTIONS}))
def test_gradients_are_not_written_to(name: str) -> None:
    parameter = nn.Parameter(np.ones(3))
    options = {"weight_decay": 0.1, "maximize": True}
    optimizer = getattr(optim, name)([parameter], lr=0.1, **options)
    grad = np.ones(3)
    grad.flags.writeable = False
    parameter.grad = grad
    for _ in range(3):
        optimizer.step()
    np.testing.assert_array_equal(grad, 1)


def test_groups_have_their_own_options() -> None:
    problem = Problem()

    def groups(p: Any) -> Any:
        return [
            {"params": p[:1], "lr": 0.5},
            {"params": p[1:], "momentum": 0.9},
        ]

    ours = optim.SGD(groups(problem.ours), lr=0.01)
    theirs = torch.optim.SGD(groups(problem.theirs), lr=0.01)
    for step in range(20):
        if step == 10:
            for optimizer in (ours, theirs):
                optimizer.param_groups[0]["lr"] = 0.1
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()
    extra = nn.Parameter(np.ones(2))
    ours.add_param_group({"params": extra, "lr": 1.0})
    assert [g["lr"] for g in ours.param_groups] == [0.1, 0.01, 1.0]
    assert [g["params"] for g in ours.state_dict()["param_groups"]] == [
        [0],
        [1, 2],
        [3],
    ]


def test_state_dict_is_a_copy() -> None:
    parameter = nn.Parameter(np.ones(2))
    optimizer = optim.SGD([parameter], lr=0.1, momentum=0.9)
    parameter.grad = np.ones(2)
    optimizer.step()
    saved = optimizer.state_dict()
    optimizer.step()
    np.testing.assert_array_equal(saved["state"][0]["momentum_buffer"], [1, 1])
    other = optim.SGD([nn.Parameter(np.ones(2))], lr=0.1)
    other.load_state_dict(saved)
    saved["state"][0]["momentum_buffer"][...] = 5
    saved["param_groups"][0]["lr"] = 5
    (state,) = other.state.values()
    np.testing.assert_array_equal(state["momentum_buffer"], [1, 1])
    assert other.param_groups[0]["lr"] == 0.1


def test_zero_grad_and_printed_form() -> None:
    parameter = nn.Parameter(np.ones(2))
    optimizer = optim.SGD([parameter], lr=0.1)
    parameter.grad = np.ones(2)
    optimizer.zero_grad()
    assert parameter.grad is None
    optimizer.step()
    np.testing.assert_array_equal(parameter.data, [1, 1])
    assert repr(optimizer).splitlines()[:4] == [
        "SGD (", "Parameter Group 0", "    dampening: 0.0", "    lr: 0.1",
    ]  # fmt: skip


def weights() -> Any:
    return [nn.Parameter(np.ones(2))]


MISTAKES: list[tuple[Any, type, str]] = [
    (lambda: optim.SGD(weights(), lr=-0.1), ValueError, "SGD: lr must be at least 0, got -0.1"),
    (lambda: optim.SGD(weights(), lr=float("nan")), ValueError, "SGD: lr must be at least 0, got nan"),
    (lambda: optim.SGD(weights(), momentum=-1), ValueError, "SGD: momentum must be at least 0, got -1"),
    (lambda: optim.SGD(weights(), weight_decay=-1), ValueError, "SGD: weight_decay must be at least 0, got -1"),
    (lambda: optim.SGD(weights(), nesterov=True), ValueError,
     "SGD: nesterov needs a momentum and no dampening, got momentum 0.0 and dampening 0.0"),
    (lambda: optim.Adam(weights(), betas=(1.0, 0.9)), ValueError,
     "Adam: betas[0] must be at least 0 and below 1, got 1.0"),
    (lambda: optim.Adam(weights(), betas=(0.9, -0.1)), ValueError,
     "Adam: betas[1] must be at least 0 and below 1, got -0.1"),
    (lambda: optim.Adam(weights(), eps=-1), ValueError, "Adam: eps must be at least 0, got -1"),
    (lambda: optim.Adam([]), ValueError,
     "Adam: params is empty; an iterator such as model.parameters() gives its items only once"),
    (lambda: optim.SGD(weights()).load_state_dict({"weight": 1, "bias": 2}), ValueError,
     "SGD.load_state_dict: expected the keys state and param_groups, got weight, bias"),
    (lambda: optim.Adam(weights(), betas=(Tensor(0.9), 0.99)), TypeError,
     "Adam: betas[0] must be a number, got a Tensor"),
    (lambda: optim.Adam(weights()[0]), TypeError,
     "Adam: params must be an iterable of tensors or of groups, such as model.parameters(), got a Parameter"),
    (lambda: optim.SGD([np.ones(2)]), TypeError, "SGD: params must be tensors, got ndarray"),
    (lambda: optim.SGD(weights() * 2), ValueError, "SGD: a parameter appears twice"),
    (lambda: optim.SGD([weights()[0] * 2]), ValueError,
     "SGD: only leaf tensors can be optimized, got the result of multiply"),
    (lambda: optim.SGD([{"params": weights(), "lr": -1}]), ValueError, "SGD: lr must be at least 0, got -1"),
    (lambda: optim.SGD(weights()).load_state_dict(optim.SGD(weights() + weights()).state_dict()), ValueError,
     "SGD.load_state_dict: expected groups of [1] parameters, got [2]"),
    (lambda: wrong_state(np.ones(3)), ValueError,
     "SGD.load_state_dict: momentum_buffer of parameter 0 must have shape (2,), got (3,)"),
]  # fmt: skip


def wrong_state(buffer: np.ndarray) -> None:
    optimizer = optim.SGD(weights(), momentum=0.9)
    state = optimizer.state_dict()
    state["state"] = {0: {"momentum_buffer": buffer}}
    optimizer.load_state_dict(state)


@pytest.mark.parametrize(("call", "error", "sentence"), MISTAKES)
def test_mistakes(call: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value) == sentence


def test_a_network_learns() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 2)).astype(np.float32)
    labels = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    nn.init.manual_seed(0)
    model.apply(
        lambda m: m.reset_parameters() if isinstance(m, nn.Linear) else None
    )
    optimizer = optim.Adam(model.parameters(), lr=0.03)
    for _ in range(200):
        loss = nn.CrossEntropyLoss()(model(Tensor(x)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    assert (model(Tensor(x)).data.argmax(1) == labels).mean() > 0.95
