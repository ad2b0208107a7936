"""What is particular to single optimizers, and to their states."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.optim.problems import OPTIONS, Problem
from tutorial_kernels import nn, optim

TORCH_ONLY = {"foreach", "differentiable", "fused", "capturable"}
NAMES = sorted({name for name, _ in OPTIONS})


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_torchs(name: str) -> None:
    problem = Problem()
    ours = getattr(optim, name)(problem.ours).defaults
    theirs = getattr(torch.optim, name)(problem.theirs).defaults
    assert ours == {k: v for k, v in theirs.items() if k not in TORCH_ONLY}


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_the_state_has_torchs_keys(name: str, options: Any) -> None:
    problem = Problem()
    ours = getattr(optim, name)(problem.ours, **options)
    theirs = getattr(torch.optim, name)(problem.theirs, **options)
    for step in range(4):
        one, other = ours.state_dict(), theirs.state_dict()
        assert one["state"].keys() == other["state"].keys()
        for number, entry in one["state"].items():
            expected = other["state"][number]
            assert entry.keys() == expected.keys()
            for key, value in entry.items():
                if value is None:
                    assert expected[key] is None
                    continue
                assert np.shape(value) == tuple(expected[key].shape)
                np.testing.assert_allclose(
                    value, expected[key].numpy(), rtol=1e-10, atol=1e-15
                )
        groups = zip(one["param_groups"], other["param_groups"], strict=True)
        for group, expected in groups:
            assert group == {
                k: v for k, v in expected.items() if k not in TORCH_ONLY
            }
        problem.gradients(step)
        ours.step()
        theirs.step()


@pytest.mark.parametrize("name", NAMES)
def test_groups_have_their_own_options(name: str) -> None:
    problem = Problem()

    def groups(p: Any) -> Any:
        return [
            {"params": p[:1], "lr": 0.05, "weight_decay": 0.3},
            {"params": p[1:], "maximize": True},
        ]

    ours = getattr(optim, name)(groups(problem.ours), lr=0.01)
    theirs = getattr(torch.optim, name)(groups(problem.theirs), lr=0.01)
    for step in range(20):
        if step == 10:
            for optimizer in (ours, theirs):
                optimizer.param_groups[0]["lr"] = 0.1
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()


def test_both_sides_saved_and_loaded() -> None:
    """torch loads NAdam's product in the parameter's dtype; so do we."""
    problem = Problem()
    ours = optim.NAdam(problem.ours, lr=0.05)
    theirs = torch.optim.NAdam(problem.theirs, lr=0.05)
    for step in range(20):
        if step == 2:
            saved, torch_saved = ours.state_dict(), theirs.state_dict()
            ours = optim.NAdam(problem.ours, lr=1.0)
            theirs = torch.optim.NAdam(problem.theirs, lr=1.0)
            ours.load_state_dict(saved)
            theirs.load_state_dict(torch_saved)
        problem.gradients(step)
        ours.step()
        theirs.step()
        problem.assert_equal()
        for p, q in zip(problem.ours, problem.theirs, strict=True):
            if p in ours.state:
                one = ours.state[p]["mu_product"]
                other = theirs.state[q]["mu_product"]
                assert one.dtype == other.numpy().dtype
                np.testing.assert_allclose(one, other.numpy(), rtol=1e-15)


def test_adamw_stays_decoupled_whatever_is_loaded() -> None:
    parameter = nn.Parameter(np.ones(2))
    optimizer = optim.AdamW([parameter], weight_decay=0.5, lr=0.1)
    optimizer.load_state_dict(
        optim.Adam([nn.Parameter(np.ones(2))], weight_decay=0.5).state_dict()
    )
    assert optimizer.param_groups[0]["decoupled_weight_decay"] is True
    assert optimizer.param_groups[0]["lr"] == 1e-3
    parameter.grad = np.zeros(2)
    optimizer.step()
    np.testing.assert_allclose(parameter.data, 1 - 0.5e-3, rtol=1e-15)


def test_adagrad_starts_the_sums_of_a_group_that_comes_later() -> None:
    first, second = (nn.Parameter(np.ones(2)) for _ in range(2))
    optimizer = optim.Adagrad([first], lr=1.0, initial_accumulator_value=3.0)
    optimizer.add_param_group({"params": second})
    second.grad = np.ones(2)
    optimizer.step()
    np.testing.assert_allclose(second.data, 1 - 1 / 2, rtol=1e-9)


def weights() -> Any:
    return [nn.Parameter(np.ones(2))]


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("Adagrad", {"lr": -1.0}, "Adagrad: lr must be at least 0, got -1.0"),
    ("Adagrad", {"lr_decay": -1}, "Adagrad: lr_decay must be at least 0, got -1"),
    ("Adagrad", {"initial_accumulator_value": -1},
     "Adagrad: initial_accumulator_value must be at least 0, got -1"),
    ("Adagrad", {"eps": -1}, "Adagrad: eps must be at least 0, got -1"),
    ("Adagrad", {"weight_decay": -1}, "Adagrad: weight_decay must be at least 0, got -1"),
    ("RMSprop", {"alpha": -0.5}, "RMSprop: alpha must be at least 0, got -0.5"),
    ("RMSprop", {"momentum": -1}, "RMSprop: momentum must be at least 0, got -1"),
    ("RMSprop", {"eps": -1}, "RMSprop: eps must be at least 0, got -1"),
    ("AdamW", {"betas": (0.9, 1.0)}, "AdamW: betas[1] must be at least 0 and below 1, got 1.0"),
    ("NAdam", {"betas": (-0.1, 0.9)}, "NAdam: betas[0] must be at least 0 and below 1, got -0.1"),
    ("NAdam", {"momentum_decay": -1}, "NAdam: momentum_decay must be at least 0, got -1"),
    ("RAdam", {"eps": -1}, "RAdam: eps must be at least 0, got -1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options", "sentence"), MISTAKES)
def test_mistakes(name: str, options: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        getattr(optim, name)(weights(), **options)
    assert str(caught.value) == sentence
    with pytest.raises(ValueError):  # noqa: PT011  torch refuses it as well
        getattr(torch.optim, name)(
            [torch.nn.Parameter(torch.ones(2))], **options
        )
