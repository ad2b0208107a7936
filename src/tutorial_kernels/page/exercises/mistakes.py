"""Naming a mistake: the known-wrong function that does what this one does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tutorial_kernels.page.exercises.answer import Answer
from tutorial_kernels.page.exercises.compare import difference
from tutorial_kernels.page.exercises.expect import CheckFailedError

type Probe = Callable[..., Any]


@dataclass(frozen=True)
class _Outcome:
    """What a function did with one input: gave, raised, left behind."""

    gave: Any
    raised: str
    left: tuple[Any, ...]


def matching_mistake(
    answer: Answer,
    solution: Answer,
    wrong: Mapping[str, Answer],
    inputs: Iterable[tuple[Any, ...]],
    probe: Probe,
) -> str | None:
    """The name of the known mistake that an answer makes, or None.

    A mistake is made when the answer does on every input what the
    known-wrong code does: the same result, the same exception, the same
    trace left in its arguments. A mistake that no input shows is none.

    Known-wrong code says nothing where it gives ``NotImplemented``, in the
    place of a result or of one value of a tuple. So it can name a mistake in
    one part of an answer, whatever the reader has made of the other parts. It
    must say something about the first input that fails, which is the one the
    reader sees.

    Args:
        answer: The reader's functions.
        solution: Those of `solution.py`.
        wrong: Those of each `wrong_*.py`, by name.
        inputs: What the functions are called with.
        probe: ``probe(answer, *inputs)`` makes the calls.
    """
    cases = list(inputs)
    right = [_outcome(solution, case, probe) for case in cases]
    seen = [_outcome(answer, case, probe) for case in cases]
    pairs = enumerate(zip(seen, right, strict=True))
    first = next((at for at, pair in pairs if not _same(*pair)), None)
    if first is None:
        return None
    for name, functions in wrong.items():
        known = [_outcome(functions, case, probe) for case in cases]
        if _alike(seen, known) and not _same(known[first], right[first]):
            return name
    return None


def _outcome(
    functions: Answer, inputs: tuple[Any, ...], probe: Probe
) -> _Outcome:
    left = copy.deepcopy(inputs)
    try:
        gave = probe(functions, *left)
    except CheckFailedError as failure:
        return _Outcome(None, failure.got or failure.sentence, left)
    except Exception as error:  # the probe met a result it cannot use
        return _Outcome(None, type(error).__name__, left)
    return _Outcome(copy.deepcopy(gave), "", left)


def _alike(these: list[_Outcome], those: list[_Outcome]) -> bool:
    return all(_same(a, b) for a, b in zip(these, those, strict=True))


def _same(one: _Outcome, other: _Outcome) -> bool:
    if one.gave is NotImplemented or other.gave is NotImplemented:
        return True
    return (
        one.raised == other.raised
        and difference(one.left, other.left) is None
        and _alike_parts(one.gave, other.gave)
    )


def _alike_parts(one: Any, other: Any) -> bool:
    if one is other or one is NotImplemented or other is NotImplemented:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike_parts, one, other))
    return difference(one, other) is None
