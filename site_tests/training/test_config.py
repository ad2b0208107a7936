"""Settings, from Python, from a command line and from Jupyter's."""

import builtins
import dataclasses
import sys

import pytest

from tutorial_kernels.training import (
    TrainConfig,
    plain_errors,
    read_command_line,
)


def test_every_setting_is_an_option():
    given = {
        "epochs": 3, "batch_size": 5, "learning_rate": 0.5, "seed": 9,
        "device": "cpu", "data": "excerpt", "download": True, "limit": 70,
        "out": "here", "steps": 8, "schedule": "linear", "warmup": 2,
        "optimizer": "sgd", "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.1,
        "clip_grad_norm": 2.0,
        "accumulation": 4, "ema": 0.9, "dtype": "float64", "compile": True,
        "deterministic": True, "patience": 6, "evaluate_every": 7,
        "checkpoint_every": 11, "keep": 12, "log_every": 13, "timeout": 14,
        "tensorboard": True, "shard": True,
        "resume": True,
    }  # fmt: skip
    words = []
    for name, value in given.items():
        words.append("--" + name.replace("_", "-"))
        words += [] if value is True else [str(value)]
    assert read_command_line("x", words) == TrainConfig(**given)
    defaults = dataclasses.asdict(TrainConfig())
    assert defaults.keys() == given.keys()
    assert all(given[name] != defaults[name] for name in given)


def test_nothing_given_is_the_defaults(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["train_cnn.py"])
    assert read_command_line("x") == TrainConfig()


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().epochs = 3


def test_jupyters_command_line_is_not_ours(monkeypatch):
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(
        sys, "argv", ["ipykernel_launcher.py", "-f", "kernel.json"]
    )
    assert read_command_line("x") == TrainConfig()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"epochs": 0}, "epochs is 0, expected at least 1"),
        ({"batch_size": -4}, "batch_size is -4, expected at least 1"),
        ({"limit": 0}, "limit is 0, expected at least 1"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0, expected"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**32}, "seed is 4294967296"),
        ({"steps": 0}, "steps is 0, expected at least 1"),
        ({"keep": 0}, "keep is 0, expected at least 1"),
        ({"schedule": "step"}, "schedule is 'step', expected one of cosine"),
        ({"optimizer": "lion"}, "optimizer is 'lion', expected one of adam"),
        ({"dtype": "int8"}, "dtype is 'int8', expected one of auto"),
        ({"warmup": -1}, "warmup is -1, expected at least 0"),
        ({"weight_decay": -0.1}, "weight_decay is -0.1, expected at least 0"),
        ({"ema": 1.0}, "ema is 1.0, expected 0 to below 1"),
        ({"beta1": 1.5}, "beta1 is 1.5, expected 0 to below 1"),
        ({"beta2": 1.0}, "beta2 is 1.0, expected 0 to below 1"),
        ({"clip_grad_norm": 0.0}, "clip_grad_norm is 0.0, expected above 0"),
    ],
)
def test_settings_out_of_range(wrong, sentence, monkeypatch):
    with pytest.raises(ValueError, match="expected") as caught:
        TrainConfig(**wrong)
    assert sentence in str(caught.value)
    ((name, value),) = wrong.items()
    monkeypatch.setattr(sys, "argv", ["train_cnn.py"])
    with pytest.raises(SystemExit) as ended:
        read_command_line("x", [f"--{name.replace('_', '-')}={value}"])
    assert str(ended.value).startswith("train_cnn.py: error: ")
    assert sentence in str(ended.value)


@pytest.mark.parametrize("option", ["--epcohs=3", "--epochs=many", "stray"])
def test_a_mistyped_option_is_not_passed_over(option, capsys):
    with pytest.raises(SystemExit) as ended:
        read_command_line("x", [option])
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_only_what_the_user_can_mend_is_made_plain():
    with pytest.raises(SystemExit, match="no room"), plain_errors():
        raise OSError("no room")
    with pytest.raises(ZeroDivisionError), plain_errors():
        1 / 0  # noqa: B018
