"""Every schedule sets torch's learning rates, also through a save."""

import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, nn, optim

STEPS = 60


class Halving:
    """A schedule that is an object, whose attributes can be saved."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.calls = 0

    def __call__(self, step: int) -> float:
        self.calls += 1
        return 0.5 ** (step // self.length) * (1 + self.calls / 1000)


def sequence(
    *parts: Callable[[Any, Any], Any], milestones: list[int]
) -> Callable[[Any, Any], Any]:
    return lambda s, o: s.SequentialLR(
        o, [part(s, o) for part in parts], milestones=milestones
    )


def warm_up(s: Any, o: Any) -> Any:
    return s.LinearLR(o, start_factor=0.1, total_iters=8)


SCHEDULES: dict[str, Callable[[Any, Any], Any]] = {
    "step": lambda s, o: s.StepLR(o, 7),
    "step gamma": lambda s, o: s.StepLR(o, 1, gamma=0.9),
    "milestones": lambda s, o: s.MultiStepLR(o, [30, 5, 12, 12], gamma=0.3),
    "milestone 0": lambda s, o: s.MultiStepLR(o, [0, 3]),
    "exponential": lambda s, o: s.ExponentialLR(o, 0.93),
    "cosine": lambda s, o: s.CosineAnnealingLR(o, T_max=20),
    "cosine eta_min": lambda s, o: s.CosineAnnealingLR(o, 7, eta_min=0.003),
    "cosine T_max 1": lambda s, o: s.CosineAnnealingLR(o, 1, eta_min=0.01),
    "linear": lambda s, o: s.LinearLR(o),
    "linear down": lambda s, o: s.LinearLR(o, 1.0, 0.0, total_iters=30),
    "lambda": lambda s, o: s.LambdaLR(o, lambda n: 1 / (1 + n)),
    "lambdas": lambda s, o: s.LambdaLR(o, [lambda n: 0.9**n, Halving(9)]),
    "one cycle": lambda s, o: s.OneCycleLR(o, 0.5, total_steps=STEPS),
    "one cycle linear": lambda s, o: s.OneCycleLR(
        o, [0.5, 0.2], epochs=20, steps_per_epoch=3, anneal_strategy="linear",
        pct_start=0.45, div_factor=10.0, final_div_factor=100.0,
        base_momentum=[0.7, 0.8], max_momentum=0.9,
    ),
    "one cycle three phases": lambda s, o: s.OneCycleLR(
        o, 0.5, total_steps=70, three_phase=True, pct_start=0.2
    ),
    "one cycle no momentum": lambda s, o: s.OneCycleLR(
        o, 0.5, total_steps=STEPS, cycle_momentum=False, pct_start=0.0
    ),
    "sequence": sequence(
        warm_up,
        lambda s, o: s.CosineAnnealingLR(o, T_max=20, eta_min=1e-3),
        lambda s, o: s.ExponentialLR(o, 0.9),
        milestones=[8, 40],
    ),
    "sequence of the others": sequence(
        lambda s, o: s.StepLR(o, 3),
        lambda s, o: s.MultiStepLR(o, [4, 9], gamma=0.5),
        lambda s, o: s.LambdaLR(o, lambda n: 0.99**n),
        warm_up,
        lambda s, o: s.StepLR(o, 5, gamma=0.7),
        milestones=[10, 25, 35, 50],
    ),
    "sequence from 0": sequence(
        warm_up, lambda s, o: s.ExponentialLR(o, 0.9), milestones=[0]
    ),
    "sequence with a cycle": sequence(
        warm_up,
        lambda s, o: s.OneCycleLR(o, 0.5, total_steps=60),
        milestones=[12],
    ),
}  # fmt: skip

OPTIMIZERS = {"SGD": {"momentum": 0.9}, "Adam": {}}


def pair(name: str) -> tuple[Any, Any]:
    """The same optimizer with two groups, ours and torch's."""
    options = OPTIMIZERS[name]
    ours, theirs = [nn.Parameter(np.ones(1)) for _ in range(2)], [
        torch.nn.Parameter(torch.ones(1)) for _ in range(2)
    ]  # fmt: skip
    one = getattr(optim, name)(
        [{"params": ours[0]}, {"params": ours[1], "lr": 0.02}],
        lr=0.1,
        **options,
    )
    other = getattr(torch.optim, name)(
        [{"params": theirs[0]}, {"params": theirs[1], "lr": 0.02}],
        lr=0.1,
        **options,
    )
    return one, other


def assert_equal(ours: Any, theirs: Any) -> None:
    for group, expected in zip(
        ours.optimizer.param_groups, theirs.optimizer.param_groups, strict=True
    ):
        assert abs(group["lr"] - expected["lr"]) <= 1e-12
        for key in ("momentum", "betas"):
            if key in expected:
                np.testing.assert_allclose(
                    group[key], expected[key], rtol=1e-12
                )
    np.testing.assert_allclose(
        ours.get_last_lr(), theirs.get_last_lr(), rtol=1e-9, atol=1e-12
    )


def advance(ours: Any, theirs: Any) -> None:
    for scheduler in (ours, theirs):
        scheduler.optimizer.step()
        scheduler.step()
    assert_equal(ours, theirs)


every_schedule = pytest.mark.parametrize("name", SCHEDULES)
both_optimizers = pytest.mark.parametrize("kind", OPTIMIZERS)


@every_schedule
@both_optimizers
def test_sixty_steps_are_torchs(name: str, kind: str) -> None:
    one, other = pair(kind)
    ours = SCHEDULES[name](optim.lr_scheduler, one)
    theirs = SCHEDULES[name](torch.optim.lr_scheduler, other)
    assert_equal(ours, theirs)
    seen = {tuple(ours.get_last_lr())}
    for step in range(STEPS):
        advance(ours, theirs)
        seen.add(tuple(ours.get_last_lr()))
        if step == 20 and "one cycle" not in name:  # it goes on from there
            for optimizer in (one, other):
                optimizer.param_groups[0]["lr"] *= 3
    assert len(seen) > 1


@every_schedule
@both_optimizers
@pytest.mark.parametrize("middle", [1, 27])
def test_save_and_load_in_the_middle(name: str, kind: str, middle: int) -> None:
    one, other = pair(kind)
    ours = SCHEDULES[name](optim.lr_scheduler, one)
    theirs = SCHEDULES[name](torch.optim.lr_scheduler, other)
    for _ in range(middle):
        advance(ours, theirs)
    saved = pickle.loads(pickle.dumps((one.state_dict(), ours.state_dict())))
    advance(ours, theirs)  # what happens after a save does not reach it
    one, _ = pair(kind)
    fresh = SCHEDULES[name](optim.lr_scheduler, one)
    one.load_state_dict(saved[0])
    fresh.load_state_dict(saved[1])
    fresh.optimizer.step()
    fresh.step()
    for _ in range(middle, 50):
        advance(fresh, theirs)


@every_schedule
@pytest.mark.parametrize("direction", ["from torch", "to torch"])
def test_states_cross_both_ways(name: str, direction: str) -> None:
    one, other = pair("SGD")
    ours = SCHEDULES[name](optim.lr_scheduler, one)
    theirs = SCHEDULES[name](torch.optim.lr_scheduler, other)
    for _ in range(13):
        advance(ours, theirs)
    fresh_one, fresh_other = pair("SGD")
    fresh_ours = SCHEDULES[name](optim.lr_scheduler, fresh_one)
    fresh_theirs = SCHEDULES[name](torch.optim.lr_scheduler, fresh_other)
    if direction == "from torch":
        fresh_one.load_state_dict(other.state_dict())
        fresh_ours.load_state_dict(theirs.state_dict())
        ours = fresh_ours
    else:
        fresh_other.load_state_dict(
            {**fresh_other.state_dict(), "param_groups": merged(one, other)}
        )
        fresh_theirs.load_state_dict(ours.state_dict())
        theirs = fresh_theirs
    for _ in range(40):
        advance(ours, theirs)


def merged(one: Any, other: Any) -> list[dict[str, Any]]:
    """Our groups, with the options that only torch has."""
    return [
        {**theirs, **ours}
        for theirs, ours in zip(
            other.state_dict()["param_groups"],
            one.state_dict()["param_groups"],
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    "name",
    ["step", "milestones", "exponential", "cosine", "linear", "lambda"],
)
def test_going_on_from_last_epoch(name: str) -> None:
    factories = {
        "step": lambda s, o: s.StepLR(o, 5, last_epoch=4),
        "milestones": lambda s, o: s.MultiStepLR(o, [5, 7], last_epoch=4),
        "exponential": lambda s, o: s.ExponentialLR(o, 0.9, last_epoch=4),
        "cosine": lambda s, o: s.CosineAnnealingLR(o, 9, last_epoch=4),
        "linear": lambda s, o: s.LinearLR(o, 0.5, total_iters=9, last_epoch=4),
        "lambda": lambda s, o: s.LambdaLR(o, lambda n: 0.9**n, last_epoch=4),
    }
    one, other = pair("SGD")
    for optimizer in (one, other):
        for group in optimizer.param_groups:
            group["initial_lr"] = 0.3
    ours = factories[name](optim.lr_scheduler, one)
    theirs = factories[name](torch.optim.lr_scheduler, other)
    assert_equal(ours, theirs)
    for _ in range(20):
        advance(ours, theirs)


PLATEAUS: list[dict[str, Any]] = [
    {},
    {"patience": 2, "factor": 0.5},
    {"patience": 0, "threshold": 0.2},
    {"mode": "max", "patience": 3, "cooldown": 4},
    {"mode": "max", "patience": 1, "threshold_mode": "abs", "threshold": 0.3},
    {"threshold_mode": "abs", "patience": 1, "min_lr": [1e-2, 1e-3]},
    {"patience": 0, "cooldown": 1, "min_lr": 1e-6, "eps": 1e-4},
]


@pytest.mark.parametrize("options", PLATEAUS, ids=str)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("save_at", [None, 20])
def test_reduce_on_plateau(options: Any, seed: int, save_at: Any) -> None:
    rng = np.random.default_rng(seed)
    one, other = pair("SGD")
    ours = optim.lr_scheduler.ReduceLROnPlateau(one, **options)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(other, **options)
    start = ours.get_last_lr()
    for step in range(80):
        if step == save_at:
            saved = ours.state_dict()
            ours = optim.lr_scheduler.ReduceLROnPlateau(one, patience=99)
            ours.load_state_dict(saved)
            torch.optim.lr_scheduler.ReduceLROnPlateau(
                other, patience=99
            ).load_state_dict(saved)
        measure = float(np.cos(step / 9) + 0.3 * rng.standard_normal())
        if step % 11 == 10:
            measure = float("nan")
        ours.step(Tensor(np.float64(measure)))
        theirs.step(measure)
        assert_equal(ours, theirs)
        assert ours.num_bad_epochs == theirs.num_bad_epochs
        assert ours.best == theirs.best
    assert ours.get_last_lr() != start


def test_reduce_on_plateau_takes_torchs_state() -> None:
    one, other = pair("SGD")
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(other, patience=1)
    for measure in (3.0, 2.0, 2.5):
        theirs.step(measure)
    ours = optim.lr_scheduler.ReduceLROnPlateau(one)
    ours.load_state_dict(theirs.state_dict())
    for measure in (2.5, 2.5, 1.0):
        ours.step(measure)
        theirs.step(measure)
        assert_equal(ours, theirs)
    assert ours.get_last_lr() == pytest.approx([0.01, 0.002])


def sgd(**options: Any) -> Any:
    return optim.SGD([nn.Parameter(np.ones(1))], lr=0.1, **options)


def sequential(*schedulers: Any, milestones: Any, optimizer: Any = None) -> Any:
    optimizer = optimizer or schedulers[0].optimizer
    return optim.lr_scheduler.SequentialLR(
        optimizer, list(schedulers), milestones
    )


def finish_cycle() -> None:
    scheduler = optim.lr_scheduler.OneCycleLR(sgd(momentum=0.9), 1.0, 3)
    for _ in range(4):
        scheduler.step()


S = optim.lr_scheduler
MISTAKES: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: S.StepLR(nn.Linear(1, 1), 1), TypeError, "StepLR: expected an optimizer, got Linear"),
    (lambda: S.StepLR(sgd(), 1, last_epoch=3), KeyError,
     "StepLR: to go on from last_epoch 3, group 0 needs its initial_lr"),
    (lambda: S.LambdaLR(sgd(), [abs, abs]), ValueError,
     "LambdaLR: lr_lambda must have one value for each of the 1 groups, got 2"),
    (lambda: S.LinearLR(sgd(), 0), ValueError, "LinearLR: start_factor must be above 0 and at most 1, got 0"),
    (lambda: S.LinearLR(sgd(), 1.5), ValueError, "LinearLR: start_factor must be above 0 and at most 1, got 1.5"),
    (lambda: S.LinearLR(sgd(), 1.0, -1), ValueError, "LinearLR: end_factor must be from 0 to 1, got -1"),
    (lambda: S.OneCycleLR(optim.Adagrad([nn.Parameter(np.ones(1))]), 1.0, 10), ValueError,
     "OneCycleLR: Adagrad has no momentum; set cycle_momentum=False"),
    (lambda: S.ConstantLR(sgd(), 0), ValueError, "ConstantLR: factor must be above 0 and at most 1, got 0"),
    (lambda: S.CosineAnnealingWarmRestarts(sgd(), 0), ValueError,
     "CosineAnnealingWarmRestarts: T_0 must be an integer, at least 1, got 0"),
    (lambda: S.CosineAnnealingWarmRestarts(sgd(), 2, 1.5), ValueError,
     "CosineAnnealingWarmRestarts: T_mult must be an integer, at least 1, got 1.5"),
    (lambda: S.OneCycleLR(sgd(), 1.0), ValueError, "OneCycleLR: give total_steps, or epochs and steps_per_epoch"),
    (lambda: S.OneCycleLR(sgd(), 1.0, 0), ValueError, "OneCycleLR: total_steps must be a positive integer, got 0"),
    (lambda: S.OneCycleLR(sgd(), 1.0, epochs=2, steps_per_epoch=1.5), ValueError,
     "OneCycleLR: steps_per_epoch must be a positive integer, got 1.5"),
    (lambda: S.OneCycleLR(sgd(), 1.0, 9, pct_start=2.0), ValueError,
     "OneCycleLR: pct_start must be from 0 to 1, got 2.0"),
    (lambda: S.OneCycleLR(sgd(), 1.0, 9, anneal_strategy="exp"), ValueError,
     "OneCycleLR: anneal_strategy must be 'cos' or 'linear', got 'exp'"),
    (lambda: S.OneCycleLR(sgd(), [1.0, 2.0], 9), ValueError,
     "OneCycleLR: max_lr must have one value for each of the 1 groups, got 2"),
    (lambda: S.OneCycleLR(sgd(), 1.0, 4, pct_start=0.25), ValueError,
     "OneCycleLR: step 0 falls into a phase without steps; choose another pct_start"),
    (finish_cycle, ValueError, "OneCycleLR: the cycle has 3 steps, this would be step 4"),
    (lambda: S.ReduceLROnPlateau(sgd(), factor=1.0), ValueError,
     "ReduceLROnPlateau: factor must be below 1, got 1.0"),
    (lambda: S.ReduceLROnPlateau(sgd(), "best"), ValueError,
     "ReduceLROnPlateau: mode must be 'min' or 'max', got 'best'"),
    (lambda: S.ReduceLROnPlateau(sgd(), threshold_mode="x"), ValueError,
     "ReduceLROnPlateau: threshold_mode must be 'rel' or 'abs', got 'x'"),
    (lambda: S.ReduceLROnPlateau(sgd(), min_lr=[0, 0]), ValueError,
     "ReduceLROnPlateau: min_lr must have one value for each of the 1 groups, got 2"),
    (lambda: sequential(milestones=[], optimizer=sgd()), ValueError, "SequentialLR: schedulers is empty"),
    (lambda: sequential(S.StepLR(sgd(), 1), milestones=[3]), ValueError,
     "SequentialLR: 1 schedulers need 0 milestones, got 1"),
    (lambda: sequential(S.StepLR(sgd(), 1), milestones=[], optimizer=sgd()), ValueError,
     "SequentialLR: scheduler 0, StepLR, belongs to another optimizer"),
    (lambda: sequential(S.ReduceLROnPlateau(sgd()), milestones=[]), ValueError,
     "SequentialLR: scheduler 0, ReduceLROnPlateau, cannot be one of several: "
     "it does not follow the number of steps alone"),
    (lambda: sequential(sequential(S.StepLR(sgd(), 1), milestones=[]), milestones=[]), ValueError,
     "SequentialLR: scheduler 0, SequentialLR, cannot be one of several: "
     "it does not follow the number of steps alone"),
    (lambda: sequential(3, milestones=[], optimizer=sgd()), TypeError,
     "SequentialLR: scheduler 0, int, is no scheduler"),
    (lambda: S.StepLR(sgd(), 1).load_state_dict({"gamma": 1, "base_lrs": [], "_step_count": 1}), KeyError,
     "StepLR.load_state_dict: missing keys: step_size, last_epoch, _last_lr"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "sentence"), MISTAKES)
def test_mistakes(call: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        call()
    assert caught.value.args == (sentence,)
