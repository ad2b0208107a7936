"""What the text bids the reader change does what the reader then expects."""

from __future__ import annotations

from typing import Any

import pytest

from site_tests.pages.figures import CELL, CHAPTERS, Shown, names_after
from tutorial_kernels.page.sink import sink_in_use

SERIES = (CHAPTERS / "time_series_forecasting.md").read_text("utf-8")
CELLS = dict(CELL.findall(SERIES))


def after(*cells: str, given: str = "") -> dict[str, Any]:
    return names_after("time_series_forecasting", cells, given)


def run(name: str, names: dict[str, Any], *change: str) -> None:
    source = CELLS[name]
    if change:
        assert source.count(change[0]) == 1
        source = source.replace(*change)
    with sink_in_use(Shown()):
        exec(source, names)


def test_a_store_that_leaks_says_so(capsys: pytest.CaptureFixture) -> None:
    names = after("windows")
    run("valves", names, "-10.0, 10.0, 0.0", "-10.0, 2.0, 0.0")
    assert "29 gates together: 0.0252" in capsys.readouterr().out


def test_another_net_in_place_of_the_lstm_leaves_the_rest_alone() -> None:
    """The last cells need nothing that the exchange takes away."""
    given = "from tutorial_kernels import Tensor, no_grad"
    names = after("windows", "baselines", given=given)
    run("trained-offline", names)
    run("play", names)
    for date in ("2013-12-31", "2015-01-01"):
        with pytest.raises(AssertionError, match="is no day of 2014"):
            run("play", names, "2014-12-25", date)
