"""Several ranks: the same run, and no orphans when one of them dies."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from torch.distributed import TCPStore

from site_tests.training.nursery import SECONDS, free_port, wait_until
from tutorial_kernels.training.checkpoint import checkpoints, latest
from tutorial_kernels.weights import read_safetensors

FLOAT64 = [
    "train", "vae", "--device", "cpu", "--dtype", "float64", "--steps", "50",
    "--batch-size", "30", "--evaluate-every", "25", "--log-every", "1",
    "--limit", "200", "--timeout", "60",
]  # fmt: skip


def losses_of(folder):
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    steps = [json.loads(line) for line in lines]
    return [step["loss"] for step in steps if "seconds" not in step]


def test_the_number_of_ranks_does_not_change_the_run(nursery, tmp_path):
    found, exported = {}, {}
    for size in (1, 2, 4):
        out = tmp_path / str(size)
        extra = ["--accumulation", 2] if size == 2 else []
        children = nursery.ranks(size, *FLOAT64, *extra, "--out", out)
        assert [child.wait() for child in children] == [0] * size, [
            child.text for child in children
        ]
        assert children[0].text.count("step ") == 2
        assert not any("step " in child.text for child in children[1:])
        found[size] = losses_of(out)
        exported[size] = read_safetensors(out / "vae.safetensors")
    assert len(found[1]) == 50
    assert found[1][-1] < found[1][0]
    for size in (2, 4):
        assert np.abs(np.subtract(found[size], found[1])).max() < 1e-6
        for name, weight in exported[1].items():
            assert np.abs(exported[size][name] - weight).max() < 1e-6


TEXT = [
    "train", "transformer", "--device", "cpu", "--dtype", "float64",
    "--data", "excerpt", "--limit", "4000", "--batch-size", "6",
    "--evaluate-every", "3", "--log-every", "1", "--timeout", "60",
    "--clip-grad-norm", "0.5", "--ema", "0.9", "--accumulation", "2",
]  # fmt: skip


def test_weights_that_are_cut_up_learn_the_same(nursery, tmp_path):
    """FSDP2: the steps of DDP, whole checkpoints, and a run that goes on."""

    def run(name, steps, *extra):
        words = [*TEXT, "--steps", steps, "--schedule", "constant", *extra]
        ranks = nursery.ranks(2, *words, "--out", tmp_path / name)
        assert {rank.wait() for rank in ranks} == {0}, ranks[0].text
        return losses_of(tmp_path / name)

    expected = run("copies", 6)
    assert np.abs(np.subtract(run("cut", 6, "--shard"), expected)).max() < 1e-6
    for file in ("transformer.safetensors", "step_000006/model.safetensors"):
        copies, cut = (
            read_safetensors(tmp_path / name / file)
            for name in ("copies", "cut")
        )
        for name, weight in copies.items():
            assert cut[name].shape == weight.shape
            assert np.abs(cut[name] - weight).max() < 1e-6
    # Begun in two halves, it goes on as one; another time as copies.
    shutil.rmtree(tmp_path / "cut/step_000006")
    whole = tmp_path / "whole"
    shutil.copytree(tmp_path / "cut", whole)
    for name, extra in (("cut", ["--shard"]), ("whole", [])):
        found = run(name, 6, "--resume", *extra)
        assert np.abs(np.subtract(found, expected)).max() < 1e-6
        last = tmp_path / name / "step_000006/model.safetensors"
        for key, weight in read_safetensors(last).items():
            assert np.abs(weight - copies[key]).max() < 1e-6


def test_two_networks_in_one_cannot_be_cut_up(nursery, tmp_path):
    words = ["train", "gan", "--device", "cpu", "--limit", "200", "--shard"]
    for rank in nursery.ranks(2, *words, "--out", tmp_path):
        assert rank.wait() == 1
        assert "shard is True, but gan has two networks in one" in rank.text


def test_a_rank_that_dies_leaves_no_orphan(nursery, tmp_path):
    words = [
        "train", "vae", "--device", "cpu", "--steps", "60", "--limit", "200",
        "--batch-size", "30", "--evaluate-every", "5", "--log-every", "1",
        "--timeout", "10",
    ]  # fmt: skip
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert {c.wait() for c in nursery.ranks(2, *words, "--out", whole)} == {0}

    ranks = nursery.ranks(2, *words, "--out", broken)
    wait_until(lambda: checkpoints(broken))
    ranks[1].kill()
    assert ranks[1].wait() == -signal.SIGKILL
    assert ranks[0].wait() == 1, ranks[0].text
    sentence = ranks[0].text.splitlines()[-1]
    assert re.fullmatch(
        r"tutorial-kernels: rank 0 of 2 lost the others \(.+\); --resume goes "
        r"on from the last checkpoint",
        sentence,
    )
    assert latest(broken) == checkpoints(broken)[-1]
    assert not list(broken.glob(".*"))

    again = nursery.ranks(2, *words, "--out", broken, "--resume")
    assert {child.wait() for child in again} == {0}, again[0].text
    assert losses_of(broken) == losses_of(whole)
    name = "vae.safetensors"
    assert (broken / name).read_bytes() == (whole / name).read_bytes()


def test_torchrun_starts_again_what_was_killed(nursery, tmp_path):
    words = [
        "train", "fnn", "--device", "cpu", "--steps", "60",
        "--evaluate-every", "3", "--timeout", "10",
    ]  # fmt: skip
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert {c.wait() for c in nursery.ranks(2, *words, "--out", whole)} == {0}
    command = [
        sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2",
        f"--master_port={free_port()}", "--max-restarts=1",
        "-m", "tutorial_kernels", *words, "--out", str(broken),
    ]  # fmt: skip
    log = tmp_path / "log"
    with log.open("w") as stream:
        agent = subprocess.Popen(
            command,
            stdout=stream,
            stderr=stream,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    try:
        wait_until(lambda: checkpoints(broken) or agent.poll() is not None)
        os.kill(workers_of(agent.pid)[1], signal.SIGKILL)
        assert agent.wait(240) == 0, log.read_text()
    finally:
        agent.terminate()
        agent.wait()
    assert not workers_of(agent.pid)
    name = "fnn.safetensors"
    assert (broken / name).read_bytes() == (whole / name).read_bytes()
    assert losses_of(broken) == losses_of(whole)


def test_no_thread_of_gloo_is_left_when_python_ends(tmp_path):
    """One that lets go of a tensor then would end the process by a signal."""
    program = (
        "import pathlib, sys\nfrom tutorial_kernels import cli\n"
        "cli.main(sys.argv[1:])\n"
        "tasks = pathlib.Path('/proc/self/task').glob('*/comm')\n"
        "names = sorted(task.read_text().strip() for task in tasks)\n"
        "print('left:', [name for name in names if 'gloo' in name])\n"
    )
    words = [
        "train", "fnn", "--device", "cpu", "--steps", "2", "--timeout", "30",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    port = str(free_port())
    ranks = [
        subprocess.Popen(
            [sys.executable, "-c", program, *words],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": "2"}
            | {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port},
        )
        for rank in "01"
    ]
    said = [rank.communicate(timeout=SECONDS)[0] for rank in ranks]
    assert [rank.returncode for rank in ranks] == [0, 0]
    assert all(text.splitlines()[-1] == "left: []" for text in said), said


def test_an_attempt_finds_no_address_of_the_last(nursery, tmp_path):
    """torchrun's own store outlives the ranks that it starts again."""
    port = free_port()
    store = TCPStore("127.0.0.1", port, is_master=True, wait_for_workers=False)
    words = ["train", "fnn", "--device", "cpu", "--steps", 2, "--timeout", 30]
    for attempt in range(3):
        ranks = [
            nursery.start(
                *words, "--out", tmp_path / str(attempt),
                RANK=rank, LOCAL_RANK=rank, WORLD_SIZE=2, LOCAL_WORLD_SIZE=2,
                MASTER_ADDR="127.0.0.1", MASTER_PORT=port,
                TORCHELASTIC_USE_AGENT_STORE=True,
                TORCHELASTIC_RESTART_COUNT=attempt,
            )
            for rank in range(2)
        ]  # fmt: skip
        assert {rank.wait() for rank in ranks} == {0}, ranks[0].text
    assert store.num_keys() > 1  # they did meet here


def workers_of(pid):
    """The processes that a process has started and that are still there."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as stream:
            return [int(child) for child in stream.read().split()]
    except FileNotFoundError:
        return []


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"WORLD_SIZE": 2}, "start the ranks with torchrun"),
        (
            {
                "WORLD_SIZE": 2, "RANK": 1, "LOCAL_RANK": 1,
                "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": 1,
            },
            "rank 1 of 2 lost the others",
        ),
    ],
)  # fmt: skip
def test_a_world_that_does_not_come_together(
    nursery, tmp_path, variables, words
):
    child = nursery.start(
        "train", "fnn", "--device", "cpu", "--timeout", 2,
        "--out", tmp_path / "out", **variables,
    )  # fmt: skip
    assert child.wait() == 1
    assert words in child.text
    assert "Traceback" not in child.text
