"""`tutorial-kernels train`, `evaluate`, `export` and `tasks`."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from tutorial_kernels.cli import main
from tutorial_kernels.training import TASKS
from tutorial_kernels.training.journal import Journal, progress_bar
from tutorial_kernels.weights import read_safetensors

SHORT = ["--device", "cpu", "--steps", "20", "--evaluate-every", "10"]


@pytest.fixture
def trained(tmp_path, capsys):
    out = tmp_path / "runs" / "fnn"
    assert main(["train", "fnn", *SHORT, "--out", str(out)]) == 0
    return out, capsys.readouterr().out


def test_train_says_what_it_does_and_leaves_weights(trained):
    out, text = trained
    first, *steps, last_but_one, last = text.splitlines()
    assert first == (
        "SimpleNN, 67 parameters, preset page: 218 examples, batches of 32, cpu"
    )
    assert len(steps) == 2
    assert re.fullmatch(
        r"step     10   epoch   2   loss \d\.\d{4}   validation accuracy "
        r"\d\.\d{4}   \d+\.\d s",
        steps[0],
    )
    assert last == f"written: {out}/fnn.safetensors and fnn.json"
    record = json.loads((out / "fnn.json").read_text())
    assert last_but_one == f"test accuracy {record['test_accuracy']:.4f}"
    assert record["task"] == "fnn"
    assert record["preset"] == "page"
    assert record["model"] == "SimpleNN"
    assert record["arguments"] == {}
    assert len(record["facts"]["mean"]) == 4
    assert record["epochs"][-1]["step"] == 20
    assert sorted(path.name for path in out.iterdir()) == [
        "fnn.json", "fnn.safetensors", "metrics.jsonl",
        "step_000010", "step_000020",
    ]  # fmt: skip


def test_evaluate_and_export_find_the_best_weights(trained, capsys):
    out, text = trained
    tested = text.splitlines()[-2]
    assert main(["evaluate", "fnn", *SHORT[:2], "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{tested}\n"
    path = out / "fnn.safetensors"
    words = ["evaluate", "fnn", *SHORT[:2], "--weights", str(path)]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{tested}\n"

    before = read_safetensors(path)
    path.unlink()
    words = ["export", "fnn", *SHORT, "--out", str(out)]
    assert main(words) == 0
    again = read_safetensors(path)
    assert all(np.array_equal(again[name], before[name]) for name in before)
    assert main([*words, "--half"]) == 0
    half = read_safetensors(path)
    assert {weight.dtype for weight in half.values()} == {np.dtype("float16")}


def test_tasks_lists_them_all(capsys):
    assert main(["tasks"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["NAME", "LEARNS", "IS", "JUDGED", "BY", "PRESETS"]
    assert [row.split()[0] for row in rows] == list(TASKS)
    assert all(TASKS[row.split()[0]].metric in row for row in rows)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("train mlp", "there is no task 'mlp', expected one of fnn, cnn"),
        ("train fnn --preset huge", "fnn has no preset 'huge'"),
        ("train fnn --steps 0", "steps is 0, expected at least 1"),
        ("train fnn --device abacus", "device is 'abacus'"),
        ("train fnn --out {file}/x", "cannot be written (Not a directory)"),
        ("train fnn --out {file}", "cannot be written (File exists)"),
        ("train cnn --limit 5", "limit is 5, expected at least 10"),
        (
            "train fnn --optimizer sgd --learning-rate 900 --steps 400",
            "try a learning_rate below 900",
        ),
        ("evaluate fnn --out {file}", "holds no whole checkpoint of fnn"),
        ("export fnn --out {file}x", "holds no whole checkpoint of fnn"),
        ("evaluate fnn --weights {file}x", "No such file"),
        (
            "evaluate fnn --weights docs/assets/weights/cnn.safetensors",
            "is of another network or another --preset (",
        ),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(
    words, sentence, tmp_path, capsys, monkeypatch, root
):
    monkeypatch.chdir(root)
    (tmp_path / "file").touch()
    given = words.format(file=tmp_path / "file").split()
    if "--out" not in given and "--weights" not in given:
        given += ["--out", str(tmp_path / "out")]
    if "--device" not in given:
        given += ["--device", "cpu"]
    assert main(given) == 1
    error = capsys.readouterr().err
    assert re.fullmatch(r"tutorial-kernels: [^\n]+\n", error), error
    assert sentence in error


def test_a_full_disk_is_one_sentence(nursery, tmp_path):
    child = nursery.start(
        "train", "cnn", "--limit", "50", *SHORT, "--out", tmp_path / "out",
        file_size=60_000,
    )  # fmt: skip
    assert child.wait() == 1
    assert re.search(
        r"^tutorial-kernels: checkpoint .*step_000010 cannot be written \(File "
        r"too large\); there is none yet\n\Z",
        child.text,
        re.MULTILINE,
    ), child.text
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert left == ["metrics.jsonl"]


@pytest.mark.parametrize(
    ("words", "status", "stream", "sentence"),
    [
        (["--help"], 0, "stdout", "train a network with PyTorch"),
        (
            ["train", "fnn"],
            1,
            "stderr",
            "tutorial-kernels: train needs PyTorch",
        ),
    ],
)
def test_without_torch(words, status, stream, sentence):
    program = (
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "from tutorial_kernels.cli import main\n"
        f"sys.exit(main({words!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == status
    assert sentence in getattr(done, stream)
    assert "Traceback" not in done.stderr


def test_a_terminal_gets_a_bar_and_nothing_else_does(monkeypatch, capsys):
    with progress_bar(3, shown=True) as show:
        show(1, 0.5)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar(3, shown=True) as show:
        show(1, 0.5)
        show(3, 0.25)
    assert "loss 0.2500" in capsys.readouterr().err
    with progress_bar(3, shown=False) as show:
        show(1, 0.5)
    assert capsys.readouterr() == ("", "")


def test_metrics_lose_what_came_after_the_checkpoint(tmp_path):
    journal = Journal(tmp_path, 0)
    for step in (1, 2, 3):
        journal.write({"step": step, "loss": 1 / step})
    with journal.path.open("a") as stream:
        stream.write('{"step": 4, "lo')  # a kill
    Journal(tmp_path, 2).write({"step": 3, "loss": 7.0})
    lines = journal.path.read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2, 3]
    assert json.loads(lines[-1])["loss"] == 7.0
