"""One answer judged: run, checked on unseen inputs, its mistake named."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any, Literal

import numpy as np

from tutorial_kernels.page.exercises.answer import Answer
from tutorial_kernels.page.exercises.blanks import first_blank
from tutorial_kernels.page.exercises.expect import (
    CheckFailedError,
    Tally,
    expect_same,
)
from tutorial_kernels.page.exercises.mistakes import matching_mistake
from tutorial_kernels.page.session import CellResult, Session
from tutorial_kernels.page.sink import Sink


@dataclass(frozen=True)
class ExerciseCode:
    """The code an answer is judged by.

    Attributes:
        name: The exercise's name.
        function: The function the reader writes.
        check: The source of `check.py`.
        solution: The source of `solution.py`.
        wrong: The sources of `wrong_*.py` by what stands for the star. The
            docstring of each is the hint that its mistake deserves.
    """

    name: str
    function: str
    check: str
    solution: str
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    Attributes:
        status: ``passed``, ``failed``, or ``error``: the code did not run.
        sentence: The whole of it in one sentence.
        mistake: The name of the known mistake, or "".
        hint: What its file says about it.
        case: The call that shows the fault.
        got: What the reader's function gave.
        expected: What it should have given.
        line: The line to look at.
        traceback: The reader's frames, when the function raised.
        comparisons: How many expectations were met.
        seed: What the inputs were drawn from.
    """

    status: Literal["passed", "failed", "error"]
    sentence: str
    mistake: str = ""
    hint: str = ""
    case: str = ""
    got: str = ""
    expected: str = ""
    line: int | None = None
    traceback: str = ""
    comparisons: int = 0
    seed: int = 0


def judge(
    exercise: ExerciseCode, source: str, seed: int, sink: Sink
) -> tuple[Verdict, CellResult]:
    """Run an answer in a namespace of its own and check it.

    Args:
        exercise: The code to judge by.
        source: The reader's code.
        seed: Unseen inputs are drawn from it.
        sink: Where goes what the code prints: at first, and in the last call.

    Returns:
        The verdict, and how the run of the code itself ended.

    Raises:
        KeyboardInterrupt: The reader pressed Stop during the check.
    """
    Tally.comparisons = 0
    session, result = run_alone(source, exercise.name, sink)
    if result.error is not None:
        error = result.error
        place = "" if error.line is None else f" in line {error.line}"
        sentence = f"Your code stops with {error.type}{place}."
        return Verdict("error", sentence, line=error.line, seed=seed), result
    if (blank := first_blank(source)) is not None:
        sentence = (
            f"There is still a blank `...` in line {blank}: put your code in "
            "its place."
        )
        return Verdict("failed", sentence, line=blank, seed=seed), result
    answer = Answer(session.namespace, exercise.name)
    failure = None
    try:
        verdict = _checked(exercise, answer, seed)
    except CheckFailedError as missed:
        failure = missed
    printed = answer.printed()  # by the last call, or the one that failed
    if failure is not None:  # out here, for what it tries fails on its own
        verdict = _failed(exercise, failure, answer, seed)
    if printed:
        sink.text("stdout", printed)
    return verdict, result


def run_alone(source: str, name: str, sink: Sink) -> tuple[Session, CellResult]:
    """Run code in a fresh namespace; nothing of the page is seen or changed."""
    session = Session(sink, lambda main: asyncio.run(main))
    return session, session.run(source, name)


def _checked(exercise: ExerciseCode, answer: Answer, seed: int) -> Verdict:
    checker = module_of(exercise.check, f"check of {exercise.name}")
    solution = _functions(exercise.solution, f"solution of {exercise.name}")
    getattr(answer, exercise.function)  # or say that it is missing
    rng = np.random.default_rng(seed)
    check = getattr(checker, "check", None)
    if check is not None:
        check(answer, solution, rng)
    else:
        for inputs in checker.unseen(rng):
            expect_same(
                getattr(answer, exercise.function),
                getattr(solution, exercise.function),
                *inputs,
            )
    count = Tally.comparisons
    sentence = f"Passed: {count} checks on inputs your code had never seen."
    return Verdict("passed", sentence, comparisons=count, seed=seed)


def _failed(
    exercise: ExerciseCode,
    failure: CheckFailedError,
    answer: Answer,
    seed: int,
) -> Verdict:
    comparisons = max(Tally.comparisons - 1, 0)
    mistake = ""
    if answer.defines(exercise.function):
        mistake = _mistake(exercise, answer, seed) or ""
    hint = hint_of(exercise.wrong[mistake]) if mistake else ""
    return Verdict(
        "failed",
        failure.sentence,
        mistake,
        hint,
        failure.case,
        failure.got,
        failure.expected,
        failure.line,
        failure.traceback,
        comparisons,
        seed,
    )


def _mistake(exercise: ExerciseCode, answer: Answer, seed: int) -> str | None:
    checker = module_of(exercise.check, f"check of {exercise.name}")

    def call(functions: Answer, *inputs: Any) -> Any:
        return getattr(functions, exercise.function)(*inputs)

    return matching_mistake(
        answer,
        _functions(exercise.solution, f"solution of {exercise.name}"),
        {
            name: _functions(source, f"wrong {name}")
            for name, source in exercise.wrong.items()
        },
        checker.unseen(np.random.default_rng(seed)),
        getattr(checker, "probe", call),
    )


def hint_of(source: str) -> str:
    """What the docstring of a `wrong_*.py` says, on one line."""
    text = module_of(source, "wrong").__doc__ or ""
    return " ".join(inspect.cleandoc(text).split())


def module_of(source: str, name: str) -> ModuleType:
    """A module made of source, in a namespace of its own."""
    module = ModuleType(name.replace(" ", "_"))
    exec(_compiled(source, name), module.__dict__)
    return module


@lru_cache(maxsize=64)
def _compiled(source: str, name: str) -> CodeType:
    """The same files are run for every check, each time as a new module."""
    return compile(source, f"<{name}>", "exec")


def _functions(source: str, name: str) -> Answer:
    return Answer(module_of(source, name).__dict__, name)
