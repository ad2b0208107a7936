"""What a `check.py` expects of an answer. A miss is one clear sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from tutorial_kernels.page.exercises.compare import (
    TOLERANCE,
    difference,
    shown,
)

type Function = Callable[..., Any]

MOST_SHOWN = 6  # numbers of an array in a call
LONGEST_LIST = 120  # characters of a list in a call


class CheckFailedError(AssertionError):
    """An answer that is not right, with the numbers that show it.

    Attributes:
        sentence: What is wrong, ending in a full stop.
        case: The call that shows it, such as ``relu(array([-1., 2.]))``.
        got: What came.
        expected: What was expected.
        line: The line of the reader's code to look at, when known.
        traceback: The reader's frames, when the code raised.
    """

    def __init__(
        self,
        sentence: str,
        *,
        case: str = "",
        got: str = "",
        expected: str = "",
        line: int | None = None,
        traceback: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.case = case
        self.got = got
        self.expected = expected
        self.line = line
        self.traceback = traceback


class Tally:
    """How many comparisons the check that runs has made."""

    comparisons = 0


def expect_same(
    answer: Function,
    solution: Function,
    *inputs: Any,
    tolerance: float = TOLERANCE,
) -> Any:
    """Expect what the solution gives, and inputs that stay as they are.

    Value, shape and dtype are compared; each function gets its own copy of
    the inputs.

    Args:
        answer: The reader's function.
        solution: The function of `solution.py`.
        *inputs: What both are called with.
        tolerance: How far floating-point numbers may lie apart, relative.

    Returns:
        What the reader's function gave.

    Raises:
        CheckFailedError: They differ, or an input was changed.
    """
    Tally.comparisons += 1
    given = copy.deepcopy(inputs)
    got = answer(*given)
    expected = solution(*copy.deepcopy(inputs))
    found = difference(got, expected, tolerance)
    if found is not None:
        raise CheckFailedError(
            f"{name_of(answer)} {_ended(found.sentence)}",
            case=call_text(answer, inputs),
            got=found.got,
            expected=found.expected,
        )
    for index, (after, before) in enumerate(zip(given, inputs, strict=True)):
        if difference(after, before, 0.0) is not None:
            raise CheckFailedError(
                f"{name_of(answer)} changes its argument {index + 1}, which "
                "belongs to the caller: work on a copy.",
                case=call_text(answer, inputs),
                got=shown(after),
                expected=shown(before),
            )
    return got


def expect_close(
    got: Any, expected: Any, what: str, tolerance: float = TOLERANCE
) -> None:
    """Expect a value.

    Args:
        got: What came.
        expected: What should have come.
        what: What it is, as the sentence begins: ``the sum of each row``.
        tolerance: How far floating-point numbers may lie apart, relative.

    Raises:
        CheckFailedError: They differ.
    """
    Tally.comparisons += 1
    found = difference(got, expected, tolerance)
    if found is not None:
        raise CheckFailedError(
            f"{_capital(what)} {_ended(found.sentence)}",
            got=found.got,
            expected=found.expected,
        )


def expect_that(condition: object, sentence: str, *, got: Any = None) -> None:
    """Expect a condition; the sentence says what is wrong without it.

    Raises:
        CheckFailedError: The condition is false.
    """
    Tally.comparisons += 1
    if not condition:
        raise CheckFailedError(
            _ended(sentence), got="" if got is None else shown(got)
        )


def expect_raises(
    error: type[Exception], answer: Function, *inputs: Any
) -> None:
    """Expect an exception.

    Raises:
        CheckFailedError: Another one came, or none.
    """
    Tally.comparisons += 1
    try:
        got = answer(*copy.deepcopy(inputs))
    except error:
        return
    except CheckFailedError as failure:
        if isinstance(failure.__cause__, error):
            return
        raise
    raise CheckFailedError(
        f"{name_of(answer)} accepts what it should refuse with "
        f"{error.__name__}.",
        case=call_text(answer, inputs),
        got=shown(got),
        expected=error.__name__,
    )


def expect_gradient(
    forward: Function, backward: Function, *inputs: Any, **options: Any
) -> None:
    """Expect that a backward is the derivative of its forward, in float64.

    Args:
        forward: Returns ``(out, cache)``.
        backward: Takes ``(grad_out, cache)``, returns one gradient an array.
        *inputs: The forward's arrays.
        **options: The forward's options.

    Raises:
        CheckFailedError: They differ; the sentence names the argument.
    """
    # A late import: most checks need no gradient, and the page no delay.
    from tutorial_kernels.gradcheck import GradientError, check_kernel

    Tally.comparisons += 1
    try:
        check_kernel(forward, backward, *inputs, **options)
    except GradientError as error:
        raise CheckFailedError(
            _ended(str(error)), case=call_text(forward, inputs)
        ) from None
    except CheckFailedError:
        raise
    except Exception as error:
        raise CheckFailedError(
            f"The gradients of {name_of(backward)} cannot be compared: "
            f"{_ended(str(error))}",
            case=call_text(forward, inputs),
        ) from None


def name_of(function: Function) -> str:
    """The name a function was defined under."""
    return str(getattr(function, "__name__", "the function"))


def call_text(function: Function, inputs: tuple[Any, ...]) -> str:
    """A call as the reader would write it, large arrays by their shape."""
    return f"{name_of(function)}({', '.join(map(_argument, inputs))})"


def _argument(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > MOST_SHOWN:
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_argument, value))})"
    if isinstance(value, list) and value:
        text = f"[{', '.join(map(_argument, value))}]"
        kind = type(value[0]).__name__
        is_short = len(text) <= LONGEST_LIST
        return text if is_short else f"a list of {len(value)} {kind}s"
    return " ".join(shown(value).split())


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
