"""What NumPy says of a product or a sum that is to be a gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from tutorial_kernels.page.widgets.numbers import fixed

type Array = np.ndarray[Any, np.dtype[Any]]

DIGITS = 12  # of the numbers shown side by side
AXES = ("0", "1")


class Rule(TypedDict):
    """How a gradient is to be made, and what is to be said of it.

    Attributes:
        name: The gradient's name.
        kind: ``"product"`` of two matrices, or ``"sum"`` of one over an axis.
        wanted: Its shape.
        placed: What stands in its two places, ``""`` for nothing.
        got: The shape of what stands there; empty while there is none.
        state: ``"open"``, ``"illegal"``, ``"shape"`` and ``"numbers"`` for
            what is wrong, or ``"right"``.
        words: The verdict in a sentence.
    """

    name: str
    kind: str
    wanted: list[int]
    placed: list[str]
    got: list[int]
    state: str
    words: str


def kind_of(gradient: Array) -> str:
    """A matrix is a product, a vector a sum."""
    return "product" if gradient.ndim == 2 else "sum"


def expression(kind: str, placed: Sequence[str]) -> str:
    """What stands in the two places, as Python; `?` where nothing does."""
    first, second = (part or "?" for part in placed)
    if kind == "product":
        return f"{first} @ {second}"
    return f"{first}.sum(axis={second})"


def value_of(
    kind: str, placed: Sequence[str], pieces: Mapping[str, Array]
) -> Array:
    """What NumPy makes of it.

    Raises:
        ValueError: NumPy refuses the product.
    """
    first, second = placed
    if kind == "sum":
        return np.asarray(pieces[first].sum(axis=int(second)))
    return np.asarray(pieces[first] @ pieces[second])


def judged(
    name: str,
    gradient: Array,
    placed: Sequence[str],
    pieces: Mapping[str, Array],
) -> Rule:
    """Compute what stands in the two places and compare it.

    Args:
        name: The gradient's name.
        gradient: What is wanted.
        placed: The names of two pieces, or of a piece and an axis.
        pieces: The matrices by their names.
    """
    kind = kind_of(gradient)
    rule: Rule = {
        "name": name,
        "kind": kind,
        "wanted": [*gradient.shape],
        "placed": [*placed],
        "got": [],
        "state": "open",
        "words": "",
    }
    owner = name.removeprefix("grad_")
    needs = f"{name} needs {_shape(gradient)}"
    needs += "." if owner == name else f", the shape of {owner}."
    if not all(placed):
        rule["words"] = _what_is_missing(kind, placed, pieces) or needs
        return rule
    said = expression(kind, placed)
    try:
        made = value_of(kind, placed, pieces)
    except ValueError:
        inner = pieces[placed[0]].shape[1], pieces[placed[1]].shape[0]
        rule["state"] = "illegal"
        rule["words"] = (
            f"{said} is not legal: the inner sizes differ, "
            f"{inner[0]} and {inner[1]}."
        )
        return rule
    rule["got"] = [*made.shape]
    rule["state"], rule["words"] = _compared(said, made, gradient, needs)
    return rule


def proof_of(
    rule: Rule, gradient: Array, pieces: Mapping[str, Array]
) -> list[str]:
    """A right rule beside the kernel: a row of a table.

    Returns:
        The name, the expression, the last number of both and the largest
        difference of any two.
    """
    made = value_of(rule["kind"], rule["placed"], pieces)
    return [
        rule["name"],
        expression(rule["kind"], rule["placed"]),
        fixed(float(made.flat[-1]), DIGITS),
        fixed(float(gradient.flat[-1]), DIGITS),
        _distance(made, gradient),
    ]


def _what_is_missing(
    kind: str, placed: Sequence[str], pieces: Mapping[str, Array]
) -> str:
    """What the other place needs, once one is filled."""
    first, second = placed
    if kind == "sum":
        if first:
            rows, columns = pieces[first].shape
            return f"Over which axis of {first}: its {rows} or its {columns}?"
        return f"Axis {second} of which matrix?" if second else ""
    if first:
        size = pieces[first].shape[1]
        return f"{first} has {_counted(size, 'column')}: behind it, {size} " + (
            "row fits." if size == 1 else "rows fit."
        )
    if second:
        size = pieces[second].shape[0]
        return f"{second} has {_counted(size, 'row')}: before it, {size} " + (
            "column fits." if size == 1 else "columns fit."
        )
    return ""


def _compared(
    said: str, made: Array, gradient: Array, needs: str
) -> tuple[str, str]:
    """The state and the verdict of what NumPy has computed."""
    if made.shape != gradient.shape:
        words = f"{said} is legal, but its shape is {_shape(made)}. {needs}"
        return "shape", words
    distance = _distance(made, gradient)
    if np.allclose(made, gradient, rtol=1e-9, atol=1e-12):
        words = (
            f"{said} has the shape {_shape(made)} and the kernel's numbers: "
            f"the largest difference is {distance}."
        )
        return "right", words
    words = (
        f"{said} has the shape {_shape(made)}, but other numbers than the "
        f"kernel's, off by up to {distance}: here shapes do not decide."
    )
    return "numbers", words


def _distance(made: Array, gradient: Array) -> str:
    largest = float(np.abs(made - gradient).max())
    return f"{largest:.2g}".replace("e-", "e−")


def _shape(array: Array) -> str:
    return f"({', '.join(map(str, array.shape))}{',' * (array.ndim == 1)})"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
