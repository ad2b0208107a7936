"""What a control is: its kind, its bounds and its first value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, sqrt
from typing import Any

import numpy as np

type Field = dict[str, Any]


def field_of(name: str, given: object) -> Field:
    """The field that an argument of ``controls`` stands for.

    Args:
        name: The control's name.
        given: ``True`` or ``False``, a list of choices, a function, or a tuple
            ``(low, high)`` with an initial value, ``"log"`` or both behind;
            NumPy's scalars are numbers, too.

    Raises:
        TypeError: It is none of these.
        ValueError: Bounds or choices make no sense.
    """
    given = _plain(given)
    if isinstance(given, bool):
        return {"name": name, "kind": "switch", "value": given}
    if callable(given):
        return {"name": name, "kind": "button"}
    if isinstance(given, tuple):
        return _slider(name, given)
    if isinstance(given, list):
        return _select(name, given)
    raise TypeError(
        f"controls: {name} must be a bool, a list of choices, a function or "
        f"a tuple (low, high), got {type(given).__name__}"
    )


def checked(field: Field, value: Any) -> Any:
    """A value from the page, if the field can have it.

    Raises:
        ValueError: It cannot.
    """
    kind, name = field["kind"], field["name"]
    if kind == "switch" and isinstance(value, bool):
        return value
    if kind == "select" and value in field["choices"]:
        return field["choices"][field["choices"].index(value)]
    real = kind == "slider" and type(value) in (int, float)
    if real and field["low"] <= value <= field["high"]:
        return round(value) if field["whole"] else float(value)
    within = f"; it goes from {field['low']} to {field['high']}" if real else ""
    raise ValueError(f"controls: {name} cannot be {value!r}{within}")


def words_of(field: Field, value: Any) -> str:
    """A field's value as a reader sees it."""
    if field["kind"] == "switch":
        return "on" if value else "off"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _slider(name: str, given: tuple[Any, ...]) -> Field:
    parts = [_plain(part) for part in given]
    numbers = [part for part in parts if not _is_log(part)]
    log = len(numbers) < len(parts)
    for value in numbers:
        if type(value) not in (int, float) or not isfinite(value):
            raise ValueError(
                f"controls: {name} must hold finite numbers, and perhaps "
                f'"log", got {value!r}'
            )
    if len(numbers) not in (2, 3) or numbers[0] >= numbers[1]:
        raise ValueError(
            f"controls: {name} must be (low, high) with low below high, and "
            f'perhaps an initial value and "log" behind, got {tuple(parts)!r}'
        )
    low, high = numbers[:2]
    if log and low <= 0:
        raise ValueError(
            f"controls: {name} needs a low above 0 for a logarithm, got {low}"
        )
    whole = all(type(n) is int for n in numbers) and not log
    middle = sqrt(low * high) if log else (low + high) / 2
    field = {
        "name": name,
        "kind": "slider",
        "low": low,
        "high": high,
        "log": log,
        "whole": whole,
    }
    value = numbers[2] if len(numbers) == 3 else middle
    return {**field, "value": checked(field, value)}


def _select(name: str, given: Sequence[Any]) -> Field:
    choices = [_plain(choice) for choice in given]
    plain = all(type(choice) in (str, int, float) for choice in choices)
    if not choices or not plain or len(set(choices)) != len(choices):
        raise ValueError(
            f"controls: {name} must list different texts or numbers, "
            f"got {given!r}"
        )
    return {
        "name": name,
        "kind": "select",
        "choices": choices,
        "value": choices[0],
    }


def _plain(given: Any) -> Any:
    """A scalar of NumPy as Python's own; anything else as it came."""
    return given.item() if isinstance(given, np.generic) else given


def _is_log(part: Any) -> bool:
    # An array would compare each of its elements.
    return isinstance(part, str) and part == "log"


def initial_values(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The first value of every field that has one."""
    return {
        name: field["value"]
        for name, field in fields.items()
        if "value" in field
    }
