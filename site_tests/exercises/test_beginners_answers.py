"""What readers wrote at first, and the words that have to help them on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutorial_kernels.page.exercises import judge
from tutorial_kernels.site.cell_runs import OutputRecorder
from tutorial_kernels.site.exercise_package import read_exercise

EXERCISES = Path(__file__).resolve().parents[2] / "docs" / "exercises"


def verdict_on(name: str, *changes: tuple[str, str], seed: int = 0):
    """The verdict on a solution with a few words changed."""
    code = read_exercise(EXERCISES / name).code
    source = code.solution
    for ours, theirs in changes:
        assert ours in source
        source = source.replace(ours, theirs)
    return judge(code, source, seed, OutputRecorder())[0]


@pytest.mark.parametrize(
    "changes",
    [
        # As `Value` in the chapter: hands on all of `.grad`.
        [
            ("value.grad += arrived[value]", "pass"),
            ("arrived[parent] += slope * arrived[value]",
             "parent.grad += slope * value.grad"),
            ("arrived, ready = Counter({self: 1.0}), [self]",
             "ready, self.grad = [self], self.grad + 1.0"),
        ],
        # Forgets what the first call has left.
        [("value.grad += arrived[value]", "value.grad = arrived[value]")],
    ],
)  # fmt: skip
def test_a_second_backward_that_is_wrong_hears_why(changes) -> None:
    verdict = verdict_on("backpropagation/scalar-value", *changes)
    assert verdict.status == "failed"
    assert "first left in `.grad` stays, and is not handed on" in (
        verdict.sentence
    )


def test_a_near_miss_does_not_read_like_a_hit() -> None:
    """The error must be below 0.55 times the other; 0.552 is not."""
    verdict = verdict_on(
        "time_series_forecasting/beat-yesterday",
        ("shape.mean(axis=0) + level[3] + growth", "weeks[-1, 0] + growth"),
        seed=35,
    )
    assert verdict.status == "failed"
    assert "Yours is 0.552 times" in verdict.sentence
