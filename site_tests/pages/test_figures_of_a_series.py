"""The chapter's live figures answer to every knob, from end to end."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutorial_kernels.page.plot import finish_figures
from tutorial_kernels.page.sink import current_sink

CHAPTER = (
    Path(__file__).resolve().parents[2]
    / "docs/chapters/time_series_forecasting.md"
)
CELL = re.compile(r"^``` \{\.cell #([\w-]+) [^\n]*\n(.*?)^```$", re.M | re.S)
NEEDED = ("windows", "baselines", "lag-trap", "lag-detector", "gate-scope")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the cells leave behind."""
    cells = dict(CELL.findall(CHAPTER.read_text("utf-8")))
    kernels = "from tutorial_kernels.kernels import lstm_forward"
    found: dict[str, Any] = {}
    for code in (kernels, *(cells[name] for name in NEEDED)):
        exec(code, found)
    finish_figures(current_sink())
    return found


def turn(widget: Any, **values: object) -> None:
    """Do as the page does when a reader turns knobs."""
    (call,) = widget.receive(values)
    call(widget)
    finish_figures(current_sink())


def test_the_detector_finds_each_copy_and_shows_it(
    names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    detector = names["detector"]
    k_values = names["k_values"]
    for sees, best in (("last hour", 1), ("a day before", 24)):
        assert k_values[names["off_by"][sees].argmin()] == best
        for k in (-3, best, 30):
            capsys.readouterr()
            turn(detector, sees=sees, k=k)
            (off,) = names["off_by"][sees][k_values == k]
            shown = f"here from {off:.4g} (k {k - 1}) to {off:.4g} (k {k + 1})"
            assert shown in capsys.readouterr().out
            by_hand = np.abs(
                names["rivals"][sees][30:-3]
                - names["load"][names["TEST"] + 30 - k : names["END"] - 3 - k]
            )
            assert off == pytest.approx(by_hand.mean())


def test_the_scope_shows_every_gate_clamped_or_not(
    names: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    valve, ends = names["valve"], {"open": 1, "shut": 0}
    for gate, clamp in product(names["GATES"], ("open", "shut", "as trained")):
        capsys.readouterr()
        turn(valve, gate=gate, clamp=clamp, span=len(clamp))
        shown = capsys.readouterr().out
        assert "heat map of 32 rows and 72 columns" in shown
        assert "Three days, an hour ahead: truth from" in shown
        gates = names["scope"](gate, clamp)[1]
        if clamp in ends:
            np.testing.assert_allclose(gates, ends[clamp], atol=1e-9)
        else:
            assert 0 < gates.min() < gates.max() < 1
    for span in (0, 36):
        turn(valve, span=span)
