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
    options = (
        "--epochs 3 --batch-size 5 --learning-rate 0.5 --seed 9 --device cpu "
        "--data excerpt --download --limit 70 --out here"
    )
    config = read_command_line("x", options.split())
    assert config == TrainConfig(
        3, 5, 0.5, 9, "cpu", "excerpt", True, 70, "here"
    )
    given = dataclasses.asdict(config)
    defaults = dataclasses.asdict(TrainConfig())
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
