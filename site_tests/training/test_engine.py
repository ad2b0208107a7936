"""What the settings do: accumulation, averages, early stopping, the files."""

import dataclasses
import json
import resource
import sys

import numpy as np
import pytest
import torch

from tutorial_kernels.training import (
    TrainConfig,
    classification,
    state,
    train,
)
from tutorial_kernels.training.checkpoint import (
    checkpoints,
    latest,
    save_checkpoint,
)


@pytest.fixture
def run(bright_or_dark, small_network, tmp_path):
    """Trains the small network; gives its weights, reports and metrics."""

    def run(folder="run", change=lambda task: task, **settings):
        task = classification(
            "net", small_network(), bright_or_dark(64), bright_or_dark(30, 1)
        )
        task = change(task)
        given = {"epochs": 2, "batch_size": 16, "device": "cpu", "log_every": 1}
        config = TrainConfig(**given | settings)
        reports = train(task, config, str, tmp_path / folder)
        weights = {n: w.numpy() for n, w in task.model.state_dict().items()}
        lines = (tmp_path / folder / "metrics.jsonl").read_text().splitlines()
        steps = [json.loads(line) for line in lines]
        losses = [one["loss"] for one in steps if "seconds" not in one]
        return weights, reports, losses

    return run


def test_parts_of_a_batch_add_up_to_it(run):
    settings = {"dtype": "float64", "batch_size": 24}  # the last has 16
    whole, _, losses = run("whole", **settings)
    for accumulation in (2, 5):
        parts, _, found = run(
            f"in {accumulation}", accumulation=accumulation, **settings
        )
        assert np.allclose(found, losses, rtol=1e-12, atol=0)
        for name in whole:
            assert parts[name].dtype == np.float64
            assert np.allclose(parts[name], whole[name], rtol=1e-10)


def test_the_average_is_judged_and_kept(run):
    seen, judged = [], []

    def watch(task):
        def loss(model, *batch):
            weight = model[1].weight.detach().clone()
            seen.append(weight)
            return task.loss(model, *batch)

        def measure(model, *batch):
            judged.append(model[1].weight.detach().clone())
            return task.measure(model, *batch)

        return dataclasses.replace(task, loss=loss, measure=measure)

    weights, _, _ = run(change=watch, ema=0.75, epochs=1, batch_size=8)
    after = seen[1:]  # what a step saw is what the one before it left
    average = after[0]
    for weight in after[1:]:
        average = 0.75 * average + 0.25 * weight
    # The last step's weights were not seen: ask the average for them.
    last = (judged[-1] - 0.75 * average) / 0.25
    assert (last - after[-1]).abs().max() < 0.02
    assert not torch.equal(judged[-1], after[-1])
    assert np.array_equal(weights["1.weight"], judged[-1].numpy())


def test_early_stopping_waits_as_long_as_it_is_told(run):
    values = iter([0.5, 0.7, 0.6, 0.7, 0.65, 0.9])

    def told(task):
        def measure(model, x, labels):
            return torch.full((len(x),), value_of())

        def value_of():
            return next(values)

        return dataclasses.replace(task, measure=measure)

    _, reports, losses = run(
        change=told, patience=3, steps=60, evaluate_every=5
    )
    assert [round(report.value, 6) for report in reports] == [
        0.5, 0.7, 0.6, 0.7, 0.65,
    ]  # fmt: skip
    assert len(losses) == 25


def test_only_repeatable_algorithms_while_it_trains(run):
    seen = []

    def watch(task):
        def loss(model, *batch):
            seen.append(torch.are_deterministic_algorithms_enabled())
            return task.loss(model, *batch)

        return dataclasses.replace(task, loss=loss)

    first, _, losses = run("a", change=watch, deterministic=True)
    assert set(seen) == {True}
    assert not torch.are_deterministic_algorithms_enabled()
    second, _, again = run("b", deterministic=True)
    assert losses == again
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_the_global_generator_is_left_alone(run):
    before = []

    def note(task):  # the network has been drawn, the training not begun
        torch.manual_seed(7)  # no seed of the training's own
        before.append(torch.get_rng_state())
        return task

    run(change=note)
    assert torch.equal(torch.get_rng_state(), before[0])


def test_a_step_on_a_processor_leaves_nothing_queued_for_cuda(run, monkeypatch):
    queued = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", queued.append)
    run()
    assert queued == [0]  # of the fixture that makes the network


def test_a_long_gradient_is_clipped(run, monkeypatch):
    lengths = []

    class SGD(torch.optim.SGD):
        def step(self, *args):
            (group,) = self.param_groups
            gradients = [weight.grad.flatten() for weight in group["params"]]
            lengths.append(torch.cat(gradients).norm().item())
            return super().step(*args)

    monkeypatch.setattr(torch.optim, "SGD", SGD)
    run("free", optimizer="sgd")
    free = lengths.copy()
    lengths.clear()
    run("clipped", clip_grad_norm=0.01, optimizer="sgd")
    assert len(lengths) == len(free) == 8
    assert max(lengths) <= 0.01 * (1 + 1e-4) < min(free)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]),
        ("linear", [0.25, 0.5, 0.75, 1, 0.8, 0.6, 0.4, 0.2]),
        (
            "cosine",
            [0.25, 0.5, 0.75]
            + [(1 + np.cos(np.pi * n / 5)) / 2 for n in range(5)],
        ),
    ],
)
def test_the_learning_rate_rises_and_falls(
    small_network, bright_or_dark, schedule, expected
):
    task = classification(
        "net", small_network(), bright_or_dark(9), bright_or_dark(9)
    )
    config = TrainConfig(learning_rate=0.1, warmup=3, schedule=schedule)
    made = state.TrainingState(task, config, 8)
    rates = []
    for _ in range(8):
        rates.append(made.optimizer.param_groups[0]["lr"])
        made.optimizer.step()
        made.scheduler.step()
    assert np.allclose(rates, 0.1 * np.array(expected), rtol=1e-9)


def test_old_checkpoints_go(run, tmp_path):
    run("kept", checkpoint_every=1, keep=3)
    names = [path.name for path in checkpoints(tmp_path / "kept")]
    assert names == ["step_000006", "step_000007", "step_000008"]
    everything = {path.name for path in (tmp_path / "kept").iterdir()}
    assert everything == {*names, "metrics.jsonl"}


def test_a_full_disk_leaves_the_last_checkpoint(
    run, tmp_path, small_network, bright_or_dark
):
    run("full", checkpoint_every=4)
    folder = tmp_path / "full"
    before = {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    task = classification(
        "net", small_network(), bright_or_dark(9), bright_or_dark(9)
    )
    made = state.TrainingState(task, TrainConfig(), 20)
    made.progress.step = 12
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, limits[1]))
    try:
        with pytest.raises(
            OSError,
            match=r"checkpoint .*step_000012 cannot be written \(File too "
            r"large\); the last whole one is step_000008",
        ):
            save_checkpoint(folder, made.snapshot(), {}, keep=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    after = {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert after == before
    assert latest(folder).name == "step_000008"
    assert not list(folder.glob(".*"))


def test_tensorboard_gets_the_same_numbers(run, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import (
        EventAccumulator,
    )

    _, reports, losses = run("board", tensorboard=True)
    board = EventAccumulator(str(tmp_path / "board" / "tensorboard")).Reload()
    shown = [(event.step, event.value) for event in board.Scalars("loss")]
    assert [step for step, _ in shown] == list(range(1, 9))
    assert np.allclose([value for _, value in shown], losses, rtol=1e-6)
    shown = board.Scalars("evaluation/validation_accuracy")
    assert [event.step for event in shown] == [r.step for r in reports]
    assert np.allclose([e.value for e in shown], [r.value for r in reports])


def test_without_the_package_tensorboard_is_one_sentence(
    run, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(
        ValueError, match="tensorboard is True, but the package is not inst"
    ):
        run("none", tensorboard=True)
    assert not (tmp_path / "none" / "metrics.jsonl").exists()
