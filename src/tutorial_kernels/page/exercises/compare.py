"""Where two results first differ, said in one sentence with the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

TOLERANCE = 1e-6
FLOAT32_TOLERANCE = 1e-4
LONGEST = 300  # characters of a value that is shown
MOST_SHOWN = 12  # numbers of an array that are shown


@dataclass(frozen=True)
class Difference:
    """What is wrong with a result.

    Attributes:
        sentence: Such as ``gives 3 at [0, 1], where 4 is expected``; in a
            tuple of arrays, ``at [2][0, 1]``.
        got: The result, shortened.
        expected: What it should be, shortened.
    """

    sentence: str
    got: str
    expected: str


def difference(
    got: Any, expected: Any, tolerance: float = TOLERANCE
) -> Difference | None:
    """What tells two results apart, or None when they agree.

    Arrays agree when shape and dtype do and every number is within the
    tolerance, relative to the largest expected one. A NumPy number agrees
    with Python's; a list does not agree with a tuple.

    Args:
        got: The result of the reader's function.
        expected: The result it should have.
        tolerance: How far floating-point numbers may lie apart.
    """
    sentence = _differs(got, expected, tolerance, "")
    if sentence is None:
        return None
    return Difference(sentence, shown(got), shown(expected))


def shown(value: Any) -> str:
    """A value on one or a few lines; a large array by its shape."""
    if isinstance(value, np.ndarray):
        if value.size > MOST_SHOWN:
            return f"array of shape {value.shape}, {value.dtype}"
        return np.array2string(value, precision=4, separator=", ")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple) and any(
        isinstance(part, np.ndarray) for part in value
    ):
        return f"({', '.join(shown(part) for part in value)})"
    try:
        text = repr(value)
    except Exception as error:
        text = f"(its __repr__ raised {type(error).__name__})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _differs(
    got: Any, expected: Any, tolerance: float, place: str
) -> str | None:
    # The place says how Python reaches a part of the result: " at [1][0]".
    if got is None and expected is not None:
        return f"gives None{place}: is there a `return` in front of the result?"
    if isinstance(expected, np.ndarray):
        return _array_differs(got, expected, tolerance, place)
    if _is_number(expected):
        return _number_differs(got, expected, tolerance, place)
    if isinstance(expected, Mapping):
        return _mapping_differs(got, expected, tolerance, place)
    if isinstance(expected, tuple | list):
        return _sequence_differs(got, expected, tolerance, place)
    if type(got) is not type(expected) or got != expected:
        return f"gives {shown(got)}{place}, where {shown(expected)} is expected"
    return None


def _array_differs(
    got: Any, expected: np.ndarray[Any, Any], tolerance: float, place: str
) -> str | None:
    if not isinstance(got, np.ndarray):
        return f"gives {_kind(got)}{place}, where an array is expected"
    if got.shape != expected.shape:
        return (
            f"gives shape {got.shape}{place}, where shape {expected.shape} "
            "is expected"
        )
    if got.dtype != expected.dtype:
        return (
            f"gives dtype {got.dtype}{place}, where {expected.dtype} "
            "is expected"
        )
    if expected.dtype.kind not in "fc":
        wrong = np.argwhere(got != expected)
    else:
        scale = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
        room = _room(expected.dtype, tolerance) * max(float(scale), 1e-12)
        near = np.isclose(got, expected, rtol=0, atol=room, equal_nan=True)
        wrong = np.argwhere(~near)
    if len(wrong) == 0:
        return None
    index = tuple(int(i) for i in wrong[0])
    where = f"{place or ' at '}{list(index)}" if index else place
    return (
        f"gives {shown(got[index])}{where}, where "
        f"{shown(expected[index])} is expected"
    )


def _number_differs(
    got: Any, expected: Any, tolerance: float, place: str
) -> str | None:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    if not _is_number(got):
        return f"gives {_kind(got)}{place}, where a number is expected"
    whole = isinstance(expected, int | np.integer)
    if whole and isinstance(got, float | np.floating) and got == expected:
        return (
            f"gives the float {shown(got)}{place}, where the whole number "
            f"{shown(expected)} is expected"
        )
    near = (
        got == expected
        if whole
        else bool(
            np.isclose(
                got, expected, rtol=tolerance, atol=1e-12, equal_nan=True
            )
        )
    )
    if near:
        return None
    return f"gives {shown(got)}{place}, where {shown(expected)} is expected"


def _sequence_differs(
    got: Any, expected: Sequence[Any], tolerance: float, place: str
) -> str | None:
    kind = type(expected)
    if not isinstance(got, kind):
        return f"gives {_kind(got)}{place}, where a {kind.__name__} is expected"
    if len(got) != len(expected):
        return (
            f"gives {len(got)} values{place}, where {len(expected)} "
            "are expected"
        )
    for index, (one, other) in enumerate(zip(got, expected, strict=True)):
        inside = f"{place or ' at '}[{index}]"
        found = _differs(one, other, tolerance, inside)
        if found is not None:
            return found
    return None


def _mapping_differs(
    got: Any, expected: Mapping[Any, Any], tolerance: float, place: str
) -> str | None:
    if not isinstance(got, Mapping):
        return f"gives {_kind(got)}{place}, where a dict is expected"
    if set(got) != set(expected):
        return (
            f"gives the keys {shown(sorted(got, key=str))}{place}, where "
            f"{shown(sorted(expected, key=str))} are expected"
        )
    for key, other in expected.items():
        inside = f"{place or ' at '}[{key!r}]"
        found = _differs(got[key], other, tolerance, inside)
        if found is not None:
            return found
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | complex | np.number) and not (
        isinstance(value, bool)
    )


def _room(dtype: np.dtype[Any], tolerance: float) -> float:
    return (
        tolerance if dtype.itemsize >= 8 else max(tolerance, FLOAT32_TOLERANCE)
    )


def _kind(value: Any) -> str:
    """`a list`, `an int`, `the blank ...`."""
    if value is Ellipsis:
        return "a blank `...`"
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "an array"
    if isinstance(value, np.number):
        return f"the number {shown(value)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
