"""Schedules with drawn arguments follow torch's over 50 steps."""

from __future__ import annotations

import warnings
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings

from tutorial_kernels import nn, optim

STEPS = 50
FACTORS = st.sampled_from([0.1, 0.3, 0.5, 0.93, 1.0])
LENGTHS = st.integers(1, 30)
LOWEST = st.sampled_from([0.0, 1e-4, 0.01])


@st.composite
def one_cycle(draw: Any) -> dict[str, Any]:
    three = draw(st.booleans())
    return {
        "max_lr": draw(st.sampled_from([0.1, 0.7, [0.2, 0.5]])),
        "total_steps": draw(st.integers(STEPS + 1, 90)),
        "pct_start": draw(st.sampled_from([0.1, 0.3, 0.45])),
        "anneal_strategy": draw(st.sampled_from(["cos", "linear"])),
        "cycle_momentum": draw(st.booleans()),
        "base_momentum": draw(st.sampled_from([0.5, [0.8, 0.85]])),
        "max_momentum": draw(st.sampled_from([0.9, 0.95])),
        "div_factor": draw(st.sampled_from([2.0, 25.0])),
        "final_div_factor": draw(st.sampled_from([10.0, 1e4])),
        "three_phase": three,
    }


DRAWN: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "StepLR": st.fixed_dictionaries({"step_size": LENGTHS, "gamma": FACTORS}),
    "MultiStepLR": st.fixed_dictionaries(
        {"milestones": st.lists(LENGTHS, max_size=5), "gamma": FACTORS}
    ),
    "ExponentialLR": st.fixed_dictionaries({"gamma": FACTORS}),
    "CosineAnnealingLR": st.fixed_dictionaries(
        {"T_max": LENGTHS, "eta_min": LOWEST}
    ),
    "LinearLR": st.fixed_dictionaries(
        {
            "start_factor": FACTORS,
            "end_factor": st.sampled_from([0.0, 0.2, 1.0]),
            "total_iters": LENGTHS,
        }
    ),
    "LambdaLR": st.fixed_dictionaries(
        {
            "lr_lambda": st.sampled_from(
                [lambda n: 0.9**n, [lambda n: 1 / (n + 1), lambda n: 0.5]]
            )
        }
    ),
    "ConstantLR": st.fixed_dictionaries(
        {"factor": FACTORS, "total_iters": LENGTHS}
    ),
    "PolynomialLR": st.fixed_dictionaries(
        {"total_iters": LENGTHS, "power": st.sampled_from([0.5, 1.0, 2.0])}
    ),
    "CosineAnnealingWarmRestarts": st.fixed_dictionaries(
        {
            "T_0": st.integers(1, 20),
            "T_mult": st.integers(1, 3),
            "eta_min": LOWEST,
        }
    ),
    "OneCycleLR": one_cycle(),
}
PLAIN = [name for name in DRAWN if name != "OneCycleLR"]
settled = settings(
    max_examples=12, deadline=None, derandomize=True, database=None
)


def optimizers(kind: str) -> tuple[Any, Any]:
    """Two groups with their own learning rates, ours and torch's."""
    options: dict[str, Any] = {"lr": 0.1}
    if kind == "SGD":
        options["momentum"] = 0.9
    built = []
    for library, make in (
        (optim, lambda: nn.Parameter(np.ones(1))),
        (torch.optim, lambda: torch.nn.Parameter(torch.ones(1))),
    ):
        groups = [{"params": [make()]}, {"params": [make()], "lr": 0.02}]
        built.append(getattr(library, kind)(groups, **options))
    return built[0], built[1]


def assert_equal(one: Any, other: Any) -> None:
    for group, expected in zip(
        one.param_groups, other.param_groups, strict=True
    ):
        for key in ("lr", "momentum", "betas"):
            if key in expected:
                np.testing.assert_allclose(
                    group[key], expected[key], rtol=1e-10, atol=1e-15
                )


def follow(build: Any, kind: str, save_at: int) -> None:
    """Step both sides; in the middle ours is saved, made anew and loaded."""
    one, other = optimizers(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = build(optim.lr_scheduler, one)
        theirs = build(torch.optim.lr_scheduler, other)
        for step in range(STEPS):
            assert_equal(one, other)
            if step == save_at:
                saved = one.state_dict(), [s.state_dict() for s in ours]
                one, _ = optimizers(kind)
                ours = build(optim.lr_scheduler, one)
                one.load_state_dict(saved[0])
                for scheduler, state in zip(ours, saved[1], strict=True):
                    scheduler.load_state_dict(state)
            for optimizer, schedulers in ((one, ours), (other, theirs)):
                optimizer.step()
                for scheduler in schedulers:
                    scheduler.step()
        assert_equal(one, other)


KINDS = st.sampled_from(["SGD", "Adam"])
SAVES = st.integers(1, STEPS - 1)


@pytest.mark.parametrize("name", DRAWN)
def test_fifty_steps_through_a_save(name: str) -> None:
    @settled
    @given(DRAWN[name], KINDS, SAVES)
    def check(options: dict[str, Any], kind: str, save_at: int) -> None:
        follow(lambda s, o: [getattr(s, name)(o, **options)], kind, save_at)

    check()


@st.composite
def several(draw: Any, count: int) -> list[tuple[str, dict[str, Any]]]:
    names = [draw(st.sampled_from(PLAIN)) for _ in range(count)]
    return [(name, draw(DRAWN[name])) for name in names]


@settled
@given(several(2), KINDS, SAVES)
def test_two_schedules_chained(parts: Any, kind: str, save_at: int) -> None:
    follow(
        lambda s, o: [getattr(s, name)(o, **opts) for name, opts in parts],
        kind,
        save_at,
    )


@settled
@given(
    several(3), KINDS, SAVES, st.lists(st.integers(1, 45), min_size=2, max_size=2, unique=True)
)  # fmt: skip
def test_one_schedule_after_another(
    parts: Any, kind: str, save_at: int, milestones: list[int]
) -> None:
    def build(s: Any, o: Any) -> list[Any]:
        inner = [getattr(s, name)(o, **opts) for name, opts in parts]
        return [s.SequentialLR(o, inner, sorted(milestones))]

    follow(build, kind, save_at)


PLATEAU = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["min", "max"]),
        "factor": st.sampled_from([0.1, 0.5]),
        "patience": st.integers(0, 4),
        "threshold": st.sampled_from([1e-4, 0.2]),
        "threshold_mode": st.sampled_from(["rel", "abs"]),
        "cooldown": st.integers(0, 3),
        "min_lr": st.sampled_from([0.0, 1e-3, [1e-2, 1e-4]]),
    }
)


@settled
@given(
    PLATEAU, SAVES, st.lists(st.floats(-3, 3), min_size=STEPS, max_size=STEPS)
)
def test_plateaus(
    options: dict[str, Any], save_at: int, measures: list[float]
) -> None:
    one, other = optimizers("SGD")
    ours = optim.lr_scheduler.ReduceLROnPlateau(one, **options)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(other, **options)
    for step, measure in enumerate(measures):
        if step == save_at:
            saved = ours.state_dict()
            ours = optim.lr_scheduler.ReduceLROnPlateau(one, **options)
            ours.load_state_dict(saved)
        ours.step(measure)
        theirs.step(measure)
        assert_equal(one, other)
