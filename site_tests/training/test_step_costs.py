"""What the page says of a step's cost is what was measured."""

import json

import numpy as np
import pytest

from site_tests.bench import training_steps
from tutorial_kernels.training.loop import seeds_of_block
from tutorial_kernels.training.task import seed_of


@pytest.fixture(scope="module")
def entry():
    return json.loads(training_steps.RECORD.read_text())


def test_the_table_is_that_of_the_record(entry):
    shown = training_steps.TABLE.read_text(encoding="utf-8")
    assert shown == training_steps.table(entry)


def test_what_is_said_of_the_aim(entry, root):
    """3 % more than by hand at most: by what the processor took."""
    text = (root / "docs/offline/index.md").read_text()
    prose = " ".join(text.split())
    assert "medians are within 3 % of the loop written by hand" in prose
    highest = max(row["interval"][1] for row in entry["steps"])
    assert f"the intervals reach up to {highest:.3f}" in prose
    by_clock = [row["interval_by_clock"] for row in entry["steps"]]
    lowest, highest = np.min(by_clock), np.max(by_clock)
    assert f"they reach from {lowest:.2f} to {highest:.2f}" in prose
    measured = {row[0] for row in training_steps.MEASURED}
    assert {row["task"] for row in entry["steps"]} == measured
    for row in entry["steps"]:
        assert row["pairs"] >= 100
        assert row["ratio"] < 1.03, row["task"]
        low, high = row["interval"]
        assert low < row["ratio"] < high
        assert high - low < 0.03, "it would not tell 3 % from nothing"


def test_an_interval_holds_the_median_and_narrows():
    draw = np.random.default_rng(1)
    few, many = draw.normal(1.05, 0.1, 100), draw.normal(1.05, 0.1, 10_000)
    widths = []
    for ratios in (few, many):
        low, high = training_steps.interval(ratios)
        assert low < np.median(ratios) < high
        widths.append(high - low)
    # 1.2533 sigma / sqrt(n) is the error of a median of normal numbers.
    assert widths[1] == pytest.approx(2 * 1.96 * 0.0012533, rel=0.2)
    assert widths[1] < widths[0] / 5


@pytest.mark.parametrize("step", [0, 1, 99, 100, 101, 250, 100_000])
def test_a_step_has_the_seed_of_its_number(step):
    block, place = divmod(step, 100)
    assert seeds_of_block(7, block, 1)[place] == seed_of(7, step, 1)
