"""Pieces of a backward rule, put into the only product that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tutorial_kernels.page.tables import aligned
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.shape_drawing import still_of
from tutorial_kernels.page.widgets.shape_rules import (
    AXES,
    Array,
    Rule,
    expression,
    judged,
    kind_of,
    proof_of,
)

LEAST, MOST = 1, 9  # of a size
HEADS = ("gradient", "yours", "last number", "the kernel's", "difference")
TASK = "Put the pieces together: which products have the shapes they need?"


class ShapeMatcher(Widget):
    """Let the reader find each gradient of a kernel by its shape.

    The pieces are random matrices; each is offered as it is and transposed.
    A gradient with two axes is a product of two of them, one with a single
    axis the sum of one over an axis. NumPy computes what the reader puts
    together, so a verdict tells apart a product that is not legal, a wrong
    shape and wrong numbers. The reader may change the sizes, too: where two
    are equal, shapes decide less.

    Args:
        kernel: Called with the pieces by their names; the gradients by
            theirs. One called ``grad_W`` needs the shape of ``W``, it is said.
        pieces: For each matrix the names of its two axes.
        sizes: The size of each axis, 1 to 9.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        TypeError: If `kernel` gives no dict of arrays.
        ValueError: If a piece has not two axes, an axis no size, a size is
            out of range, or a gradient is neither a matrix nor a vector.
    """

    def __init__(
        self,
        kernel: Callable[..., Mapping[str, Array]],
        pieces: Mapping[str, Sequence[str]],
        sizes: Mapping[str, int],
        *,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Offer the pieces, and a place for each factor."""
        self._kernel = kernel
        self._axes = {piece: tuple(axes) for piece, axes in pieces.items()}
        _check_axes(self._axes, sizes)
        _check_sizes(dict(sizes))
        self._compute(sizes)
        placed = {rule: ["", ""] for rule in self._gradients}
        state = {"placed": placed, "sizes": dict(sizes)}
        super().__init__(
            "shape-matcher",
            {**state, **self._judged(placed)},
            task=task,
            shared=("placed", "sizes"),
            name=name,
        )
        self.on_change(self._judge_again, "placed", "sizes")
        if (self["placed"], self["sizes"]) != (placed, dict(sizes)):
            self._judge_again(self)

    def place(self, gradient: str, first: str, second: str) -> None:
        """Put two pieces, or a piece and an axis, where a gradient is made.

        Args:
            gradient: Its name.
            first: The left factor, or the matrix to be summed.
            second: The right factor, or the axis, ``"0"`` or ``"1"``.

        Raises:
            ValueError: There is no such gradient, piece or axis.
        """
        placed = {**self["placed"], gradient: [first, second]}
        self.update(placed=self.check("placed", placed))
        self._judge_again(self)

    def check(self, name: str, value: Any) -> Any:
        """Take pieces that there are, and sizes within the bounds."""
        if name == "sizes":
            value = _of_all("axes", value, self["sizes"])
            _check_sizes(value)
        if name == "placed":
            value = _of_all("gradients", value, self._gradients)
            for gradient, places in value.items():
                self._check_places(gradient, places)
        return value

    def summary(self) -> str:
        """The pieces, what is put together, and what is right of it."""
        rules: list[Rule] = self["rules"]
        right = sum(rule["state"] == "right" for rule in rules)
        shapes = (f"{n} {self._pieces[n].shape}" for n in self._axes)
        made = (
            f"{rule['name']} = {expression(rule['kind'], rule['placed'])}"
            for rule in rules
        )
        return (
            f"Pieces: {', '.join(shapes)}. {', '.join(made)}. "
            f"{right} of {len(rules)} right."
        )

    def text(self) -> str:
        """The verdicts, in a terminal; in the end, the numbers compared."""
        verdicts = [
            (
                rule["name"],
                expression(rule["kind"], rule["placed"]),
                rule["words"],
            )
            for rule in self["rules"]
        ]
        lines = aligned(verdicts, left=3)
        if self["proof"]:
            lines += ["", *aligned([HEADS, *self["proof"]], left=2)]
        return "\n".join(lines)

    def still(self) -> str:
        """The pieces with their shapes, and the places for them."""
        return still_of(self)

    def _compute(self, sizes: Mapping[str, int]) -> None:
        """Random pieces of these sizes, and what the kernel makes of them."""
        rng = np.random.default_rng(0)
        given = {
            piece: rng.normal(size=[sizes[axis] for axis in axes])
            for piece, axes in self._axes.items()
        }
        self._pieces: dict[str, Array] = {}
        for piece, array in given.items():
            self._pieces |= {piece: array, f"{piece}.T": array.T}
        gradients = self._kernel(**given)
        if not isinstance(gradients, Mapping):
            raise TypeError(
                "ShapeMatcher: kernel must give a dict of gradients, got "
                f"{type(gradients).__name__}"
            )
        self._gradients = {n: np.asarray(g) for n, g in gradients.items()}
        for gradient, array in self._gradients.items():
            if array.ndim not in (1, 2):
                raise ValueError(
                    f"ShapeMatcher: {gradient} must have 1 or 2 axes, got "
                    f"{array.ndim}"
                )

    def _judged(self, placed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What the page draws."""
        rules = [
            judged(name, gradient, placed[name], self._pieces)
            for name, gradient in self._gradients.items()
        ]
        is_done = all(rule["state"] == "right" for rule in rules)
        return {
            "pieces": [
                {"name": name, "shape": [*array.shape], "axes": self._of(name)}
                for name, array in self._pieces.items()
            ],
            "rules": rules,
            "proof": [
                proof_of(rule, self._gradients[rule["name"]], self._pieces)
                for rule in rules
                if is_done
            ],
        }

    def _of(self, piece: str) -> list[str]:
        """The names of a piece's axes."""
        name = piece.removesuffix(".T")
        axes = self._axes[name]
        return [*(axes if piece == name else reversed(axes))]

    def _judge_again(self, _widget: Widget) -> None:
        self._compute(self["sizes"])
        self.update(**self._judged(self["placed"]))
        self.flush()

    def _check_places(self, gradient: str, places: Any) -> None:
        is_sum = kind_of(self._gradients[gradient]) == "sum"
        known = ([*self._pieces], [*(AXES if is_sum else self._pieces)])
        if not isinstance(places, list) or len(places) != len(known):
            raise ValueError(f"ShapeMatcher: {gradient} has two places")
        for place, names in zip(places, known, strict=True):
            if place not in ("", *names):
                raise ValueError(
                    f"ShapeMatcher: {gradient} cannot take {place!r}, only "
                    f"{', '.join(names)}"
                )


def _of_all(what: str, value: Any, names: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody gives for each of these names, in their order."""
    if not isinstance(value, dict) or {*value} != {*names}:
        raise ValueError(f"ShapeMatcher: the {what} are {', '.join(names)}")
    return {name: value[name] for name in names}


def _check_axes(
    pieces: Mapping[str, Sequence[str]], sizes: Mapping[str, int]
) -> None:
    for piece, axes in pieces.items():
        if len(axes) != 2:
            raise ValueError(
                f"ShapeMatcher: {piece} must have 2 axes, got {len(axes)}"
            )
        for axis in axes:
            if axis not in sizes:
                raise ValueError(
                    f"ShapeMatcher: there is no size for the axis {axis!r} "
                    f"of {piece}"
                )


def _check_sizes(sizes: Mapping[str, Any]) -> None:
    for axis, size in sizes.items():
        if type(size) is not int or not LEAST <= size <= MOST:
            raise ValueError(
                f"ShapeMatcher: the size of {axis} must be {LEAST} to {MOST}, "
                f"got {size!r}"
            )
