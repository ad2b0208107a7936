"""docs/offline/train_cnn.py: a program, a notebook and a page in one file."""

import builtins
import hashlib
import json
import os
import re
import runpy
import subprocess
import sys

import jupytext
import numpy as np
import pytest

from tutorial_kernels import data
from tutorial_kernels.models.cnn import SimpleCNN
from tutorial_kernels.weights import read_safetensors


@pytest.fixture
def script(root):
    return root / "docs" / "offline" / "train_cnn.py"


def run(script, *options, **variables):
    return subprocess.run(
        [sys.executable, str(script), *options],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", **variables},
    )


@pytest.fixture
def run_here(monkeypatch):
    """Runs the script in this process: no second import of torch."""

    def run(script, *options):
        monkeypatch.setattr(sys, "argv", [str(script), *options])
        runpy.run_path(str(script), run_name="__main__")

    return run


SMALL = [
    "--data",
    "excerpt",
    "--limit",
    "600",
    "--epochs",
    "3",
    "--device",
    "cpu",
]


def test_from_end_to_end(script, tmp_path, run_here):
    out = tmp_path / "runs" / "cnn"
    done = run(script, *SMALL, "--seed", "3", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "cnn.json",
        "cnn.safetensors",
    ]

    losses = [float(found) for found in re.findall(r"loss (\S+)", done.stdout)]
    assert len(losses) == 3
    assert losses[0] > losses[1] > losses[2]

    record = json.loads((out / "cnn.json").read_text())
    content = (out / "cnn.safetensors").read_bytes()
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["model"] == "SimpleCNN"
    assert record["parameters"] == 27_210
    assert record["config"].items() >= {
        "epochs": 3, "batch_size": 64, "learning_rate": 0.003, "seed": 3,
        "device": "cpu", "download": False, "limit": 600,
    }.items()  # fmt: skip
    assert not record["config"].keys() & {"data", "out", "resume"}
    assert record["training_examples"] == 540
    assert record["test_examples"] == 500
    assert f"test accuracy {record['test_accuracy']:.4f} of 500" in done.stdout
    assert record["test_accuracy"] == record["excerpt_test_accuracy"] > 0.5
    assert str(tmp_path) not in json.dumps(record)

    # NumPy alone gets the same answers out of the file.
    model = SimpleCNN()
    model.load_state_dict(read_safetensors(content))
    images, labels = data.fashion_mnist_excerpt()[1]
    from tutorial_kernels import Tensor

    answers = np.asarray(model(Tensor(images)).data).argmax(axis=1)
    assert (answers == labels).mean() == record["test_accuracy"]

    # The same seed, the same bytes.
    again = tmp_path / "again"
    run_here(script, *SMALL, "--seed", "3", "--out", str(again))
    assert (again / "cnn.safetensors").read_bytes() == content


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--device", "abacus"], "device is 'abacus'"),
        (["--device", "cuda:77"], "device is 'cuda:77'"),
        (["--out", "{file}/cnn"], "out is '"),
        (["--out", "{file}"], "cannot be written"),
        (["--epochs", "0"], "epochs is 0, expected at least 1"),
        (["--limit", "5"], "limit is 5, expected at least 10"),
    ],
)
def test_what_the_user_can_mend_is_one_sentence(
    script, tmp_path, capsys, run_here, options, words
):
    (tmp_path / "file").touch()
    given = [option.format(file=tmp_path / "file") for option in options]
    out = str(tmp_path / "out")
    with pytest.raises(SystemExit) as ended:
        run_here(script, "--data", "excerpt", "--out", out, *given)
    sentence = ended.value.code
    assert re.fullmatch(r"train_cnn\.py: error: [^\n]+", sentence)
    assert words in sentence
    assert "epoch " not in capsys.readouterr().out


def test_a_missing_data_set_is_one_sentence(script, tmp_path):
    # Where the package is installed it would be found: hide it.
    program = (
        "import dataclasses, pathlib, runpy, sys\n"
        "from tutorial_kernels.data import fashion_mnist\n"
        "fashion_mnist.FASHION_MNIST = dataclasses.replace(\n"
        "    fashion_mnist.FASHION_MNIST,\n"
        "    system_folder=pathlib.Path('/nowhere'))\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            str(script),
            "--out",
            str(tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "XDG_CACHE_HOME": str(tmp_path),
            "TUTORIAL_KERNELS_DATA": "",
        },
    )
    assert done.returncode == 1
    assert re.fullmatch(r"train_cnn\.py: error: [^\n]+\n", done.stderr), (
        done.stderr
    )
    assert "dataset-fashion-mnist" in done.stderr
    assert "https://raw.githubusercontent.com/" in done.stderr


def cells_of(script):
    """The cells, as jupytext and editors cut a percent script."""
    text = script.read_text()
    assert text.startswith("# %%")
    return re.findall(
        r"^# %%( \[markdown\])?\n(.*?)(?=^# %%|\Z)", text, re.M | re.S
    )


def test_the_cells_run_one_by_one_in_jupyter(
    script, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(
        sys, "argv", ["ipykernel_launcher.py", "-f", "kernel.json"]
    )
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "__main__"}
    code = [cell for markdown, cell in cells_of(script) if not markdown]
    assert len(code) >= 5
    for cell in code:
        exec(compile(cell, "<cell>", "exec"), namespace)
        if "config" in namespace and "settled" not in namespace:
            # What a reader would write in a notebook to keep it short.
            namespace["settled"] = True
            namespace["config"] = type(namespace["config"])(
                epochs=1,
                data="excerpt",
                limit=100,
                device="cpu",
                out="runs/cnn",
            )
    assert (tmp_path / "runs" / "cnn" / "cnn.safetensors").is_file()
    assert "epoch   1" in capsys.readouterr().out


def test_the_script_is_a_page(script):
    lines = script.read_text().splitlines()
    assert 60 <= len(lines) <= 150
    assert not any("jupytext:" in line or line == "# ---" for line in lines)
    cells = cells_of(script)
    notebook = jupytext.reads(script.read_text(), fmt="py:percent")
    kinds = ["markdown" if markdown else "code" for markdown, _ in cells]
    assert [cell.cell_type for cell in notebook.cells] == kinds
    assert kinds[0] == "markdown"
    assert cells[0][1].startswith("# # ")
    for markdown, cell in cells:
        if markdown:
            assert all(
                line.startswith("#") for line in cell.strip().splitlines()
            )
        else:
            compile(cell, "<cell>", "exec")


def test_its_figures_are_those_of_the_committed_run(script, root):
    record = json.loads((root / "docs/assets/weights/cnn.json").read_text())
    text = script.read_text()
    shown = re.findall(
        r"# epoch +(\d+) +loss (\S+) +validation accuracy (\S+)", text
    )
    epochs = {
        str(e["epoch"]): (f"{e['loss']:.4f}", f"{e['validation_accuracy']:.4f}")
        for e in record["epochs"]
    }
    assert len(shown) >= 3
    for epoch, loss, accuracy in shown:
        assert epochs[epoch] == (loss, accuracy)
    assert (
        f"`test accuracy {record['test_accuracy']:.4f} of 10000 images`" in text
    )
