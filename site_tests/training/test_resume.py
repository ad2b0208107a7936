"""A run that is killed goes on to the same bits: nothing lost, nothing twice."""

import dataclasses
import json
import random
import time

import numpy as np
import pytest
import torch

from site_tests.training.nursery import wait_until
from tutorial_kernels.training import TrainConfig, classification, train
from tutorial_kernels.training.checkpoint import checkpoints, latest
from tutorial_kernels.weights import read_safetensors

KILLS = 8
OPTIONS = [
    "fnn", "--device", "cpu", "--steps", "120", "--batch-size", "16",
    "--checkpoint-every", "5", "--evaluate-every", "10", "--log-every", "1",
    "--ema", "0.9", "--warmup", "20", "--optimizer", "adamw", "--seed", "5",
]  # fmt: skip


def outcome(folder):
    """All that a run leaves but the time it took."""
    lines = [
        json.loads(line)
        for line in (folder / "metrics.jsonl").read_text().splitlines()
    ]
    for line in lines:
        line.pop("seconds", None)
    files = {
        path.name: path.read_bytes()
        for path in (
            folder / "fnn.safetensors",
            latest(folder) / "model.safetensors",
        )
    }
    return lines, files


def last_step(folder):
    found = checkpoints(folder)
    return int(found[-1].name[5:]) if found else 0


def kill_and_compare(nursery, folder, kills):
    """Kills a run so many times; returns how often a write was torn."""
    whole, killed = folder / "whole", folder / "killed"
    nursery.run("train", *OPTIONS, "--out", whole)
    rng, torn = random.Random(0), 0
    for number in range(kills):
        child = nursery.start("train", *OPTIONS, "--out", killed, "--resume")
        target = int(96 * (number + rng.random()) / kills)

        def far_enough(target=target, number=number):
            writing = any(killed.glob(".checkpoint.*"))
            return last_step(killed) >= target and (number % 2 or writing)

        wait_until(far_enough, pause=0.0)
        if number % 2:
            time.sleep(rng.uniform(0, 0.02))
        child.kill()
        assert child.wait() == -9, child.text
        torn += any(killed.glob(".checkpoint.*"))
        # What stands there is whole, and not older than what was seen.
        assert latest(killed) == checkpoints(killed)[-1]
        assert last_step(killed) >= target
    nursery.run("train", *OPTIONS, "--out", killed, "--resume")
    expected, found = outcome(whole), outcome(killed)
    assert found[0] == expected[0]
    assert found[1] == expected[1]
    assert not list(killed.glob(".checkpoint.*"))
    assert len(checkpoints(killed)) == 2
    return torn


def test_kill_9_at_any_moment(nursery, tmp_path):
    torn = kill_and_compare(nursery, tmp_path, KILLS)
    assert torn >= 1, "no kill came inside a write: the test is too kind"


class PluggedOutError(Exception):
    """Somebody pulls the plug."""


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "sgd", "schedule": "linear", "warmup": 7},
        {"optimizer": "adamw", "schedule": "constant", "weight_decay": 0.1},
        {"ema": 0.9, "accumulation": 3, "clip_grad_norm": 0.5},
        {"patience": 2, "learning_rate": 0.5, "evaluate_every": 3},
    ],
)
def test_all_that_changes_is_kept(
    bright_or_dark, small_network, tmp_path, settings
):
    config = TrainConfig(
        **{
            "epochs": 4,
            "batch_size": 10,
            "checkpoint_every": 4,
            "device": "cpu",
        }
        | settings
    )

    def go_on(folder, stop_at=None):
        model = torch.nn.Sequential(torch.nn.Dropout(0.2), small_network())
        task = classification(
            "net", model, bright_or_dark(64), bright_or_dark(30, 1)
        )
        calls = 0

        def loss(model, *batch):
            nonlocal calls
            calls += 1
            if calls == stop_at:
                raise PluggedOutError
            return task.loss(model, *batch)

        stopping = dataclasses.replace(task, loss=loss)
        again = dataclasses.replace(config, resume=True)
        reports = train(stopping, again, str, folder)
        weights = {name: w.numpy() for name, w in model.state_dict().items()}
        return weights, [dataclasses.replace(r, seconds=0.0) for r in reports]

    expected, reports = go_on(tmp_path / "whole")
    if config.patience:
        assert len(reports) < 9, "it should have stopped early"
    for step in (8, 3):
        stop_at = step * config.accumulation
        with pytest.raises(PluggedOutError):
            go_on(tmp_path / "stopped", stop_at)
    found, found_reports = go_on(tmp_path / "stopped")
    assert found_reports == reports
    assert all(np.array_equal(found[name], expected[name]) for name in expected)
    once_more, _ = go_on(tmp_path / "stopped")  # nothing is left to do
    assert all(np.array_equal(once_more[name], found[name]) for name in found)


def test_a_folder_with_a_run_is_not_trained_over(
    bright_or_dark, small_network, tmp_path
):
    def begin(**settings):
        task = classification(
            "net", small_network(), bright_or_dark(20), bright_or_dark(9)
        )
        config = TrainConfig(epochs=1, batch_size=10, device="cpu", **settings)
        train(task, config, str, tmp_path)

    begin()
    with pytest.raises(FileExistsError, match="holds a run at step 2: add --r"):
        begin()
    with pytest.raises(ValueError, match="was begun with seed 0, not 3"):
        begin(resume=True, seed=3)
    begin(resume=True, keep=5)


@pytest.fixture
def begun(bright_or_dark, small_network, tmp_path):
    """A run that is over, and what changes the origin it tells of."""

    def go_on(**settings):
        task = classification(
            "net", small_network(), bright_or_dark(20), bright_or_dark(9),
            arguments={"sizes": (36, 3)},
        )  # fmt: skip
        config = TrainConfig(
            epochs=1, batch_size=10, device="cpu", resume=True, **settings
        )
        train(task, config, str, tmp_path)

    def change(name, value=None):
        (path,) = tmp_path.glob("step_*/state.json")
        state = json.loads(path.read_text())
        state["origin"].pop(name)
        if value is not None:
            state["origin"][name] = value
        path.write_text(json.dumps(state))

    go_on()
    return go_on, change


def test_sizes_in_a_tuple_are_the_same_in_a_list(begun):
    go_on, _ = begun
    go_on()


def test_a_setting_that_came_later_had_its_default(begun):
    go_on, change = begun
    change("beta2")
    go_on()
    with pytest.raises(ValueError, match=r"begun with beta2 0\.999, not 0\.5"):
        go_on(beta2=0.5)
    change("beta1", 0.5)
    with pytest.raises(ValueError, match=r"begun with beta1 0\.5, not 0\.9"):
        go_on()


def test_a_damaged_checkpoint_is_passed_over(
    bright_or_dark, small_network, tmp_path
):
    task = classification(
        "net", small_network(), bright_or_dark(40), bright_or_dark(9)
    )
    config = TrainConfig(
        epochs=1, batch_size=10, device="cpu", checkpoint_every=1, resume=True
    )
    train(task, config, str, tmp_path)
    third, fourth = checkpoints(tmp_path)
    weights = read_safetensors(fourth / "model.safetensors")
    damaged = bytearray((fourth / "optimizer.pt").read_bytes())
    damaged[100] ^= 1
    (fourth / "optimizer.pt").write_bytes(damaged)
    assert latest(tmp_path) == third
    train(task, config, str, tmp_path)
    assert latest(tmp_path) == fourth  # written anew, to the same bits
    again = read_safetensors(fourth / "model.safetensors")
    assert all(np.array_equal(again[name], weights[name]) for name in weights)
