"""A signal that the reader draws, and what several networks say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, isfinite
from typing import Any

import numpy as np

from tutorial_kernels.page.tables import aligned
from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.numbers import fixed
from tutorial_kernels.page.widgets.shares import (
    checked_shares,
    names_of_classes,
)
from tutorial_kernels.page.widgets.signal_drawing import still_of

SHORTEST, LONGEST = 4, 256
MOST_EXAMPLES, MOST_NETWORKS = 50, 8
DECIMALS = 3
HEIGHTS = "▁▂▃▄▅▆▇█"  # of a terminal
TASK = "Draw a signal. What does the network take it for?"

type Array = np.ndarray[Any, np.dtype[Any]]
type Answer = Mapping[str, Any]
type Classify = Callable[[Array], Any]


class Signal(Widget):
    """Let the reader draw a signal over a few that are there to begin with.

    Pen, finger and mouse bend it; by keyboard the arrow keys choose a
    position and move its value. A slider shifts all values along, those that
    leave at one end come in at the other, and a switch puts them into another
    order, that of `shuffled_positions`. `values` is the signal, and
    `on_change` calls a function while it is drawn.

    Args:
        examples: The signals to begin with, (n, T) or (T,).
        classify: Turns a signal of shape (T,) into a probability for each
            class, or into a dict of such answers by the networks' names; it
            is called while the reader draws.
        labels: The right class of each example, (n,), from 0.
        names: The names of the classes.
        limits: The lowest and the highest value that can be drawn; those of
            the examples if left out.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        ValueError: If a size, a signal or an answer does not fit.
    """

    def __init__(
        self,
        examples: Any,
        classify: Classify | None = None,
        *,
        labels: Any = None,
        names: Sequence[object] | None = None,
        limits: tuple[float, float] | None = None,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Show the first example, and what the networks say of it."""
        rows = _checked_examples(examples)
        self._classify, self._names = classify, names
        low, high = _checked_limits(rows, limits)
        state = {
            "examples": rows.tolist(),
            "labels": _checked_labels(labels, len(rows)),
            "order": _order_of(rows.shape[1]),
            "low": low,
            "high": high,
            "values": rows[0].tolist(),
            "example": 0,
            "shift": 0,
            "shuffled": False,
            "networks": [],
            "names": [],
            "shares": [],
        }
        state |= self._answer(rows[0])
        _check_classes(state["labels"], state["names"])
        super().__init__(
            "signal",
            state,
            task=task,
            shared=("values", "example", "shift", "shuffled"),
            name=name,
        )
        self.on_change(lambda _: self._follow(), "values")
        if self["values"] != state["values"]:
            self._follow()

    @property
    def values(self) -> Array:
        """The signal as the reader sees it, float32, (T,)."""
        return np.array(self["values"], np.float32)

    def redraw(self, signal: Any) -> None:
        """Put another signal in place, as long as the first.

        Raises:
            ValueError: If it is of another length, or beyond the limits.
        """
        row = np.asarray(as_array(signal), dtype=np.float64).round(DECIMALS)
        values = self.check("values", row.tolist())
        self.update(values=values, **self._answer(row))

    def check(self, name: str, value: Any) -> Any:
        """Take a signal of this length, and what the reader did to it."""
        count = len(self["values"])
        if name == "values":
            return self._checked_values(value, count)
        if name == "shuffled":
            fits = type(value) is bool
        elif name == "shift":
            fits = type(value) is int and abs(value) < count
        elif name == "example":
            fits = type(value) is int and 0 <= value < len(self["examples"])
        else:
            raise ValueError(f"Signal: {name} is not for the reader to set")
        if not fits:
            raise ValueError(f"Signal: {name} cannot be {value!r}")
        return value

    def summary(self) -> str:
        """How it began, what was done to it, and what each network sees."""
        values = self["values"]
        words = (
            f"{len(values)} values from {fixed(min(values))} to "
            f"{fixed(max(values))}"
        )
        if self["labels"] and self["names"]:
            right = self["names"][self["labels"][self["example"]]]
            words += f", begun as {right}"
        if self["shuffled"]:
            words += ", shuffled"
        if self["shift"]:
            words += f", shifted by {fixed(self['shift'], 0)}"
        seen = [
            f"{network} {self['names'][best]}, {share:.0%}"
            for network, best, share in self._best()
        ]
        return f"{words}. {'; '.join(seen)}{'.' if seen else ''}".rstrip()

    def text(self) -> str:
        """The curve in letters and the answers as a table, for a terminal."""
        span = (self.values - self["low"]) / (self["high"] - self["low"])
        steps = np.clip((span * len(HEIGHTS)).astype(int), 0, len(HEIGHTS) - 1)
        curve = "".join(HEIGHTS[step] for step in steps)
        if not self["shares"]:
            return curve
        rows = [("in %", *self["names"])]
        rows += [
            (network, *(f"{100 * share:.0f}" for share in shares))
            for network, shares in zip(
                self["networks"], self["shares"], strict=True
            )
        ]
        return "\n".join([curve, *aligned(rows)])

    def still(self) -> str:
        """The first signal, and the answers below it."""
        return still_of(self)

    def _best(self) -> list[tuple[str, int, float]]:
        """Each network, the class it thinks likeliest, and how likely."""
        return [
            (network, int(np.argmax(shares)), max(shares))
            for network, shares in zip(
                self["networks"], self["shares"], strict=True
            )
        ]

    def _checked_values(self, value: Any, count: int) -> list[float]:
        low, high = self["low"], self["high"]
        if not isinstance(value, list) or len(value) != count:
            raise ValueError(f"Signal: a list of {count} values was expected")
        if not all(
            isinstance(one, int | float)
            and not isinstance(one, bool)
            and isfinite(one)
            and low <= one <= high
            for one in value
        ):
            raise ValueError(
                f"Signal: values must be numbers from {low:g} to {high:g}"
            )
        return [float(one) for one in value]

    def _follow(self) -> None:
        self.update(**self._answer(self.values))

    def _answer(self, values: Array) -> dict[str, Any]:
        """What every network says of a signal."""
        if self._classify is None:
            return {}
        answer = self._classify(values.astype(np.float32))
        if not isinstance(answer, Mapping):
            answer = {"network": answer}
        if not 1 <= len(answer) <= MOST_NETWORKS:
            raise ValueError(
                f"Signal: classify must answer for 1 to {MOST_NETWORKS} "
                f"networks, got {len(answer)}"
            )
        shares = [checked_shares("Signal", part) for part in answer.values()]
        counts = {len(part) for part in shares}
        if len(counts) > 1:
            raise ValueError(
                "Signal: the networks must have the same classes, got "
                f"{sorted(counts)} of them"
            )
        return {
            "networks": [str(network) for network in answer],
            "names": names_of_classes("Signal", self._names, counts.pop()),
            "shares": shares,
        }


def _checked_examples(examples: Any) -> Array:
    """Signals as float64, (n, T), rounded so that an address can hold one."""
    rows = np.asarray(as_array(examples), dtype=np.float64)
    rows = rows[None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or not 1 <= len(rows) <= MOST_EXAMPLES:
        raise ValueError(
            f"Signal: examples must be 1 to {MOST_EXAMPLES} signals, (n, T), "
            f"got shape {rows.shape}"
        )
    if not SHORTEST <= rows.shape[1] <= LONGEST:
        raise ValueError(
            f"Signal: a signal must have {SHORTEST} to {LONGEST} values, "
            f"got {rows.shape[1]}"
        )
    if not np.isfinite(rows).all():
        raise ValueError("Signal: the values of examples must be finite")
    return rows.round(DECIMALS)


def _checked_limits(
    rows: Array, limits: tuple[float, float] | None
) -> tuple[float, float]:
    low, high = float(rows.min()), float(rows.max())
    if limits is None:
        low, high = floor(low), ceil(high)
        return float(low), float(max(high, low + 1))
    if not limits[0] <= low <= high <= limits[1] or limits[0] == limits[1]:
        raise ValueError(
            f"Signal: limits must hold the examples, {low:g} to {high:g}, "
            f"got {limits}"
        )
    return float(limits[0]), float(limits[1])


def _checked_labels(labels: Any, count: int) -> list[int]:
    if labels is None:
        return []
    kinds = np.asarray(as_array(labels))
    if kinds.shape != (count,) or kinds.dtype.kind not in "iu":
        raise ValueError(
            f"Signal: labels must be {count} whole numbers, got "
            f"{kinds.dtype} of shape {kinds.shape}"
        )
    return [int(kind) for kind in kinds]


def _check_classes(labels: list[int], names: list[str]) -> None:
    if names and not all(0 <= kind < len(names) for kind in labels):
        raise ValueError(
            f"Signal: labels must be from 0 to {len(names) - 1}, got "
            f"{min(labels)} to {max(labels)}"
        )


def _order_of(count: int) -> list[int]:
    """The order that `shuffled_positions` puts the positions into."""
    order = np.random.default_rng(0).permutation(count)
    return [int(place) for place in order]
