"""Checking the reader's answer to an exercise, in a page and in a test.

An exercise's `check.py` imports from here what it expects:

    from tutorial_kernels.page.exercises import expect_same

    def unseen(rng):
        for _ in range(20):
            yield (rng.normal(size=(3, 4)),)

    def check(answer, solution, rng):
        for inputs in unseen(rng):
            expect_same(answer.relu, solution.relu, *inputs)
"""

from tutorial_kernels.page.exercises.compare import difference
from tutorial_kernels.page.exercises.expect import (
    CheckFailedError,
    expect_close,
    expect_gradient,
    expect_raises,
    expect_same,
    expect_that,
)
from tutorial_kernels.page.exercises.judge import (
    ExerciseCode,
    Verdict,
    judge,
)

__all__ = [
    "CheckFailedError",
    "ExerciseCode",
    "Verdict",
    "difference",
    "expect_close",
    "expect_gradient",
    "expect_raises",
    "expect_same",
    "expect_that",
    "judge",
]
