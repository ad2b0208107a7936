"""Parity as a command, as data and as the table of a page."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from tutorial_kernels import parity
from tutorial_kernels.cli import main

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "assets" / "parity.md"
MODELS = ROOT / "src" / "tutorial_kernels" / "models"


def exponents(table: str) -> dict[str, list[int]]:
    """The powers of ten in each row of the table."""
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return {
        row.split("`")[1]: [
            int(power) for power in re.findall(r"below 1e(-?\d+)", row)
        ]
        for row in rows
    }


def test_every_network_has_its_problem() -> None:
    names = {path.stem for path in MODELS.glob("*.py")} - {"__init__"}
    assert set(parity.PROBLEMS) == names


def test_the_table_of_the_page_comes_out_again() -> None:
    """Within two powers of ten: the last bits depend on the processor."""
    fresh = {name: parity.compare_twins(name) for name in parity.PROBLEMS}
    for comparison in fresh.values():
        assert comparison.largest.relative <= 1e-8
        assert comparison.losses[-1] < comparison.losses[0]
    shown = exponents(TABLE.read_text())
    again = exponents(parity.as_markdown(fresh))
    assert shown.keys() == again.keys()
    for model, powers in again.items():
        assert len(powers) == len(shown[model]) == 4
        np.testing.assert_allclose(powers, shown[model], atol=2)


def test_float32_differs_by_rounding_only() -> None:
    result = parity.compare_twins("lstm", dtype=np.float32, steps=3)
    assert result.dtype == "float32"
    assert 0 < result.largest.relative < 1e-5


def test_a_wrong_twin_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    from tutorial_kernels.torch_models import fnn

    forward = fnn.SimpleNN.forward
    monkeypatch.setattr(
        fnn.SimpleNN, "forward", lambda self, x: forward(self, x) * 1.001
    )
    result = parity.compare_twins("fnn", steps=1)
    assert result["logits"].relative == pytest.approx(1e-3, rel=0.01)
    assert "below 1e-2" in parity.as_markdown({"fnn": result})


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, table = tmp_path / "p.json", tmp_path / "p.md"
    words = ["parity", "fnn", "--steps", "2"]
    words += ["--json", str(data), "--markdown", str(table)]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "SimpleNN" in out
    assert "gradient of fc1.weight" in out
    written = json.loads(data.read_text())["fnn"]
    assert written["steps"] == len(written["losses"]) == 2
    assert all(math.isfinite(loss) for loss in written["torch_losses"])
    assert list(exponents(table.read_text())) == ["SimpleNN"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["vgg"], "no network is called 'vgg', there are fnn, cnn"),
        (["fnn", "--dtype", "int8"], "dtype must be float32 or float64"),
        (["fnn", "--steps", "-1"], "--steps must not be negative, got -1"),
    ],
)
def test_mistakes_get_a_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parity", *words]) == 1
    assert sentence in capsys.readouterr().err
