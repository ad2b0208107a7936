"""Parity as a command, as data and as the table of a page."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from site_tests.parity.twins import OURS
from tutorial_kernels import parity
from tutorial_kernels.cli import main

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "assets" / "parity.md"
TWINS = ROOT / "src" / "tutorial_kernels" / "torch_models"
# What the transformers are made of; compared as parts of them.
PARTS = {
    "deep_nn.SwiGLU",
    "transformer.Block",
    "transformer.CausalSelfAttention",
}


@pytest.fixture(scope="module")
def compared() -> dict[str, list[parity.Comparison]]:
    """Every network through 100 steps of SGD in float64."""
    return {name: parity.compare_twins(name) for name in parity.PROBLEMS}


def exponents(table: str) -> dict[str, list[int]]:
    """The powers of ten in each row of the table; no difference is a small one."""
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return {
        row.split("`")[1]: [
            int(power)
            for power in re.findall(
                r"below 1e(-?\d+)", row.replace("| 0 ", "| below 1e-17 ")
            )
        ]
        for row in rows
    }


def test_every_network_has_its_problem() -> None:
    names = {path.stem for path in TWINS.glob("*.py")} - {"__init__"}
    assert set(parity.PROBLEMS) == names
    compared = {
        f"{name}.{model}"
        for name, problems in parity.PROBLEMS.items()
        for problem in problems
        for model in problem.models
    }
    assert compared <= set(OURS)
    assert {name for name in OURS if name not in compared} == PARTS


def test_a_hundred_steps_of_sgd(
    compared: dict[str, list[parity.Comparison]],
) -> None:
    for comparison in together(compared):
        assert comparison.largest.relative <= 1e-8, comparison.model
        assert_learned(comparison)


@pytest.mark.parametrize("name", parity.PROBLEMS)
def test_a_hundred_steps_of_adam(name: str) -> None:
    for comparison in parity.compare_twins(name, optimizer="Adam"):
        assert comparison.largest.relative <= 1e-8, comparison.model
        assert_learned(comparison)


def assert_learned(comparison: parity.Comparison) -> None:
    """The loss falls; in a game, somebody's."""
    losses = np.reshape(comparison.losses, (comparison.steps, -1))
    assert np.isfinite(losses).all()
    assert (losses[-1] < 0.99 * losses[0]).any()


def together(
    compared: dict[str, list[parity.Comparison]],
) -> list[parity.Comparison]:
    return [one for found in compared.values() for one in found]


def test_the_table_of_the_page_comes_out_again(
    compared: dict[str, list[parity.Comparison]],
) -> None:
    """Within two powers of ten: the last bits depend on the processor."""
    shown = exponents(TABLE.read_text())
    again = exponents(parity.as_markdown(together(compared)))
    assert list(shown) == list(again)
    for model, powers in again.items():
        assert len(powers) == len(shown[model]) == 5
        np.testing.assert_allclose(powers, shown[model], atol=2)


@pytest.mark.parametrize("name", parity.PROBLEMS)
def test_float32_differs_by_rounding_only(name: str) -> None:
    for result in parity.compare_twins(name, dtype=np.float32, steps=1):
        assert result.dtype == "float32"
        assert result.largest.relative < 1e-4, result.largest
        # Looking something up in a table rounds nothing.
        assert result.largest.relative > 0 or result.model == "BigramLM"


def test_a_wrong_twin_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    from tutorial_kernels.torch_models import fnn

    forward = fnn.SimpleNN.forward
    monkeypatch.setattr(
        fnn.SimpleNN, "forward", lambda self, x: forward(self, x) * 1.001
    )
    result, _ = parity.compare_twins("fnn", steps=1)
    assert result["logits"].relative == pytest.approx(1e-3, rel=0.01)
    assert "below 1e-2" in parity.as_markdown([result])


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, table = tmp_path / "p.json", tmp_path / "p.md"
    words = ["parity", "fnn", "--steps", "2", "--optimizer", "Adam"]
    words += ["--json", str(data), "--markdown", str(table)]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "SimpleNN" in out
    assert "gradient of fc1.weight" in out
    written, _ = json.loads(data.read_text())["fnn"]
    assert written["optimizer"] == "Adam"
    assert written["steps"] == len(written["losses"]) == 2
    assert all(math.isfinite(loss) for loss in written["torch_losses"])
    assert list(exponents(table.read_text())) == ["SimpleNN", "MLP"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["vgg"], "no network is called 'vgg', there are fnn, deep_nn, cnn"),
        (["fnn", "--dtype", "int8"], "dtype must be float32 or float64"),
        (["fnn", "--optimizer", "LBFGS"], "must be SGD or Adam, got LBFGS"),
        (["fnn", "--steps", "-1"], "--steps must not be negative, got -1"),
    ],
)
def test_mistakes_get_a_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parity", *words]) == 1
    assert sentence in capsys.readouterr().err
