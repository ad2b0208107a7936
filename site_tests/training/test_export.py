"""What a run leaves behind: weights that load, a record that is true."""

import hashlib
import json
import platform
import subprocess

import numpy as np
import pytest
import torch

from tutorial_kernels.training import (
    Report,
    TrainConfig,
    export,
    export_weights,
    prepare_folder,
)
from tutorial_kernels.training.export import round_to_half
from tutorial_kernels.weights import read_safetensors


@pytest.fixture
def exported(tmp_path):
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)
    )
    model.bfloat16()
    config = TrainConfig(
        data="/home/somebody/data", out="/home/somebody/runs", seed=4
    )
    reports = [Report(10, 1, 0.5, "accuracy", 0.75, 1.25)]
    path = export_weights(
        model, tmp_path, "net", config, reports, test_accuracy=0.5
    )
    return model, path, json.loads((tmp_path / "net.json").read_text())


def test_weights_are_torchs_in_float32(exported):
    model, path, _ = exported
    weights = read_safetensors(path)
    assert weights.keys() == model.state_dict().keys()
    for name, weight in model.state_dict().items():
        counts = name.endswith("num_batches_tracked")
        assert weights[name].dtype == (np.int64 if counts else np.float32)
        assert np.array_equal(weights[name], weight.float().numpy())


def test_half_the_size(exported, tmp_path):
    model, path, _ = exported
    half = export_weights(model, tmp_path, "half", TrainConfig(), [], half=True)
    weights = read_safetensors(half)
    for name, weight in read_safetensors(path).items():
        if weight.dtype == np.int64:  # a count; float16 ends at 65,504
            assert np.array_equal(weights[name], weight)
            continue
        assert weights[name].dtype == np.float16
        assert np.array_equal(weights[name], weight.astype(np.float16))


def test_what_is_rounded_is_what_is_exported(exported, tmp_path):
    model, _, _ = exported
    model.float()
    torch.nn.init.normal_(model[0].weight)
    model[1].num_batches_tracked.fill_(100_000)
    before = {name: part.clone() for name, part in model.state_dict().items()}
    path = export_weights(model, tmp_path, "half", TrainConfig(), [], half=True)
    round_to_half(model)
    weights = read_safetensors(path)
    for name, part in model.state_dict().items():
        assert np.array_equal(weights[name].astype(part.numpy().dtype), part)
        assert torch.equal(before[name].half(), part.half())
    assert weights["1.num_batches_tracked"] == 100_000
    assert not torch.equal(before["0.weight"], model[0].weight)


def test_the_record_is_true(exported):
    _, path, record = exported
    content = path.read_bytes()
    assert record["file"] == "net.safetensors"
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["bytes"] == len(content)
    assert record["model"] == "Sequential"
    assert record["test_accuracy"] == 0.5
    assert record["config"]["seed"] == 4
    assert record["epochs"] == [
        {
            "step": 10,
            "epoch": 1,
            "loss": 0.5,
            "validation_accuracy": 0.75,
            "seconds": 1.25,
        }
    ]
    assert record["versions"] == {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }
    assert record["device"] == "cpu"
    assert record["threads"] == 1
    assert len(record["date"]) == 10
    assert "somebody" not in json.dumps(record)


def test_the_commit_is_named_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "__file__", str(tmp_path / "export.py"))
    assert export._commit() is None  # no repository

    def git(*arguments):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        return subprocess.run(
            ["git", *identity, *arguments],
            cwd=tmp_path, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip

    git("init")
    assert export._commit() is None  # no commit yet
    (tmp_path / "file").write_text("1")
    git("add", "file")
    git("commit", "-m", "one")
    assert export._commit() == git("rev-parse", "HEAD")
    (tmp_path / "file").write_text("2")
    assert export._commit() == git("rev-parse", "HEAD") + "-dirty"
    monkeypatch.setenv("PATH", "")
    assert export._commit() is None  # no git


def test_a_folder_is_made_and_left_clean(tmp_path):
    folder = prepare_folder(tmp_path / "a" / "b")
    assert folder == tmp_path / "a" / "b"
    assert list(folder.iterdir()) == []
    assert prepare_folder(str(folder)) == folder


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        OSError, match=r"out is '.*/file/x', which cannot be written"
    ):
        prepare_folder(tmp_path / "file" / "x")
    with pytest.raises(
        OSError, match=r"out is '.*/file', which cannot be written"
    ):
        prepare_folder(tmp_path / "file")
