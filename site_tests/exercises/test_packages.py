"""Every exercise: its solution passes, its starter fails, mistakes are named."""

from __future__ import annotations

import ast
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tutorial_kernels.page.exercises import judge
from tutorial_kernels.site.cell_runs import OutputRecorder
from tutorial_kernels.site.exercise_package import (
    Exercise,
    find_exercises,
    read_exercise,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
SEEDS = 20
FOLDERS = find_exercises(DOCS)
EXERCISES = [read_exercise(folder) for folder in FOLDERS]
WRONG = [
    (exercise, name) for exercise in EXERCISES for name in exercise.code.wrong
]


def label(value: object) -> str | None:
    if isinstance(value, Exercise):
        return f"{value.chapter}/{value.id}"
    return None


@contextmanager
def time_cap(seconds: float) -> Iterator[None]:
    """End what takes longer than a check may take in the page."""

    def ring(_number, _frame):
        raise KeyboardInterrupt(f"took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def verdict_on(exercise: Exercise, source: str, seed: int):
    with time_cap(exercise.seconds):
        verdict, _ = judge(exercise.code, source, seed, OutputRecorder())
    return verdict


def test_there_are_exercises() -> None:
    assert len(EXERCISES) >= 5
    assert {exercise.kind for exercise in EXERCISES} == {
        "faded",
        "parsons",
        "write",
    }


@pytest.mark.parametrize("exercise", EXERCISES, ids=label)
def test_the_solution_passes_every_seed(exercise: Exercise) -> None:
    for seed in range(SEEDS):
        verdict = verdict_on(exercise, exercise.code.solution, seed)
        assert verdict.status == "passed", (seed, verdict)
        assert verdict.comparisons >= 4


@pytest.mark.parametrize("exercise", EXERCISES, ids=label)
def test_the_starter_fails_with_a_sentence(exercise: Exercise) -> None:
    for seed in range(SEEDS):
        verdict = verdict_on(exercise, exercise.starter, seed)
        assert verdict.status == "failed", (seed, verdict)
        assert verdict.sentence.endswith((".", "?"))


ELSEWHERE_RIGHT = """
from copy import deepcopy


def {function}(*inputs):
    right = SOLUTION(*deepcopy(inputs))
    given = WRONG(*inputs)
    if isinstance(given, tuple):
        pairs = zip(given, right, strict=True)
        return tuple(b if a is NotImplemented else a for a, b in pairs)
    return right if given is NotImplemented else given
"""


def wrong_in_one_part(exercise: Exercise, name: str) -> str:
    """A wrong answer, and the right one where it says nothing."""
    code = exercise.code
    if "NotImplemented" not in code.wrong[name]:
        return code.wrong[name]
    return (
        f"{code.solution}\nSOLUTION = {code.function}\n"
        f"{code.wrong[name]}\nWRONG = {code.function}\n"
        f"{ELSEWHERE_RIGHT.format(function=code.function)}"
    )


@pytest.mark.parametrize(("exercise", "name"), WRONG, ids=label)
def test_a_wrong_answer_is_named_and_no_other(
    exercise: Exercise, name: str
) -> None:
    source = wrong_in_one_part(exercise, name)
    for seed in range(SEEDS):
        verdict = verdict_on(exercise, source, seed)
        assert verdict.status == "failed", (seed, verdict)
        assert verdict.mistake == name, (seed, verdict)
        assert verdict.hint


@pytest.mark.parametrize("exercise", EXERCISES, ids=label)
def test_two_mistakes_have_two_hints(exercise: Exercise) -> None:
    hints = [
        ast.get_docstring(ast.parse(source))
        for source in exercise.code.wrong.values()
    ]
    assert len(set(hints)) == len(hints)


def distractors() -> list[tuple[Exercise, str]]:
    return [
        (exercise, piece.text)
        for exercise in EXERCISES
        for piece in exercise.pieces
        if piece.place is None
    ]


@pytest.mark.parametrize(("exercise", "line"), distractors(), ids=label)
def test_no_distractor_can_stand_in_a_right_program(
    exercise: Exercise, line: str
) -> None:
    """In the place of each line of the solution, at its indentation."""
    pieces = sorted(
        (piece for piece in exercise.pieces if piece.place is not None),
        key=lambda piece: piece.place,
    )
    for replaced in pieces:
        body = "\n".join(
            " " * (4 * piece.indent)
            + (line if piece is replaced else piece.text)
            for piece in pieces
        )
        verdict = verdict_on(exercise, f"{exercise.given}\n\n{body}", 0)
        assert verdict.status != "passed", replaced
