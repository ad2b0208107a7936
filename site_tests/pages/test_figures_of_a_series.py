"""The chapter's live figures answer to every knob, from end to end."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from site_tests.pages.figures import names_after, turn

NEEDED = (
    "windows",
    "split-board",
    "baselines",
    "lag-trap",
    "lag-detector",
    "gate-scope",
)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the cells leave behind."""
    kernels = "from tutorial_kernels.kernels import lstm_forward"
    return names_after("time_series_forecasting", NEEDED, kernels)


def test_the_board_shows_the_hours_on_both_sides_of_each_border(
    names: dict[str, Any],
) -> None:
    board = names["board"]
    for validation, test in ((300, 305), (639, 731), (900, 1000)):
        for gap in (0, 22, 23, 48):
            shown = turn(board, validation=validation, test=test, gap=gap)
            before, behind = shown.figures.values()
            for markers in shown.markers.values():
                assert markers == {"border": 0, f"gap {gap}": -gap}
            assert shared(before, "training", "validation") == [
                *range(23 - gap)
            ]
            assert shared(behind, "validation", "test") == [*range(23 - gap)]
            assert not shared(behind, "training", "test")
            free = [*range(23 - gap, 0)]  # what no window forecasts
            assert [hour for hour in free if nobody(behind, hour)] == free
    # No validation, and one that a reader begins behind the test.
    for validation in (700, 900):
        shown = turn(board, validation=validation, test=700, gap=0)
        for figure in shown.figures.values():
            assert shared(figure, "training", "test") == [*range(23)]
            assert max(figure["validation"]["y"]) == 0
    for figure in turn(board, test=800, shuffle=True).figures.values():
        assert min(figure["training"]["y"] + figure["test"]["y"]) > 0


def by_hour(figure: dict[str, Any], part: str) -> dict[int, int]:
    """How many windows of a part forecast an hour, by the hour."""
    return dict(zip(figure[part]["x"], figure[part]["y"], strict=True))


def shared(figure: dict[str, Any], earlier: str, later: str) -> list[int]:
    """The hours that windows of both parts forecast."""
    first, second = by_hour(figure, earlier), by_hour(figure, later)
    return [hour for hour in first if first[hour] * second[hour]]


def nobody(figure: dict[str, Any], hour: int) -> bool:
    """Whether no window of any part forecasts this hour."""
    return not any(by_hour(figure, part)[hour] for part in figure)


def test_the_detector_finds_each_copy_and_shows_it(
    names: dict[str, Any],
) -> None:
    k_values, load = names["k_values"], names["load"]
    test, end = names["TEST"], names["END"]
    for sees, best in (("last hour", 1), ("a day before", 24)):
        assert k_values[names["off_by"][sees].argmin()] == best
        for k in (-3, best, 30):
            shown = turn(names["detector"], sees=sees, k=k)
            moved, off = shown.figures.values()
            _, marked = shown.markers.values()
            rival = names["rivals"][sees]
            expected = np.abs(
                rival[30:-3] - load[test + 30 - k : end - 3 - k]
            ).mean()
            assert marked == {f"{expected:.0f} kW": k}
            assert off["error"]["y"][off["error"]["x"].index(k)] == (
                pytest.approx(expected)
            )
            assert moved["forecast"]["y"] == pytest.approx(
                rival[100 + k : 172 + k]
            )
            assert moved["truth"]["y"] == pytest.approx(
                load[test + 100 : test + 172]
            )


def test_the_scope_shows_every_gate_clamped_or_not(
    names: dict[str, Any],
) -> None:
    ends = {"open": 1, "shut": 0}
    for gate, clamp in product(names["GATES"], (*ends, "as trained")):
        span = len(gate + clamp)
        shown = turn(names["valve"], gate=gate, clamp=clamp, span=span)
        (map_in_words,) = shown.words
        assert map_in_words.startswith(
            "A heat map of 32 rows (unit) and 72 columns (hour), from "
        )
        forecast, gates = names["scope"](gate, clamp)
        (curves,) = shown.figures.values()
        assert curves["forecast"]["y"] == pytest.approx(forecast[:, span])
        if clamp in ends:
            np.testing.assert_allclose(gates, ends[clamp], atol=1e-9)
        else:
            assert 0 < gates.min() < gates.max() < 1
    for span in (0, 36):
        assert turn(names["valve"], span=span).words
