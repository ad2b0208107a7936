"""The layers of a model as a table: shapes, parameters, work, memory."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tutorial_kernels.nn import Module
from tutorial_kernels.page.tables import aligned
from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.layer_costs import (
    LayerCost,
    ModelCost,
    costs_of,
)
from tutorial_kernels.page.widgets.ledger_drawing import still_of

MOST_NUMBERS = 4_000_000  # of one input
COLUMNS = ("parameters", "multiply_adds", "bytes", "steps")
HEADS = (
    "Layer",
    "Output",
    "Parameters",
    "Multiply-adds",
    "Output bytes",
    "Steps",
)
TASK = (
    "Change the shape of the input. Which columns change, and which sizes "
    "does the model refuse?"
)


class Ledger(Widget):
    """List what each layer of a model holds and does, for a given input.

    A row shows a layer's output shape, its parameters, its multiply-adds
    (of matrix products, convolutions, recurrent layers and attention), the
    bytes of its output and its steps: how many operations wait for one
    another, one for each step in time in a recurrent layer. What runs between
    the layers stands in parentheses. The model runs as in evaluation and is
    left as it was.

    Args:
        model: The model.
        *inputs: For each input an array, or its shape as a tuple.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        TypeError: If `model` is not a module, or there is no input.
        ValueError: If an input is too large.
    """

    def __init__(
        self, model: Module, *inputs: Any, task: str = TASK, name: str = ""
    ) -> None:
        """Run the model once and show the table."""
        shapes = self._take(model, inputs)
        state = {"shapes": shapes, "column": "parameters", **self._shown()}
        super().__init__(
            "ledger", state, task=task, shared=("shapes", "column"), name=name
        )
        self.on_change(self._recompute, "shapes")
        if self["shapes"] != shapes:
            self._recompute(self)

    def redraw(self, model: Module, *inputs: Any) -> None:
        """Show another model, or the same for other inputs.

        Reset goes back to these from now on.

        Raises:
            TypeError: If `model` is not a module, or there is no input.
            ValueError: If an input is too large.
        """
        shapes = self._take(model, inputs)
        self.begin_anew(shapes=shapes)
        self.update(**self._shown())

    def check(self, name: str, value: Any) -> Any:
        """Take shapes with as many axes, and a column that exists."""
        if name == "column" and value not in COLUMNS:
            raise ValueError(f"Ledger: there is no column {value!r}")
        if name == "shapes":
            _check_sizes(value)
            axes = [array.ndim for array in self._arrays]
            if [len(shape) for shape in value] != axes:
                raise ValueError(f"Ledger: the inputs have {axes} axes")
        return value

    def summary(self) -> str:
        """The totals, and the layer with the most parameters."""
        layers = self.cost.layers
        parameters, work, memory, steps = _totals(self.cost)
        text = (
            f"{len(layers)} rows, {_counted(parameters, 'parameter')}, "
            f"{_counted(work, 'multiply-add')}, {memory:,} bytes of outputs, "
            f"{_counted(steps, 'step')} one after another."
        )
        if layers and parameters:
            most = max(layers, key=lambda layer: layer.parameters)
            share = most.parameters / parameters
            text += f" {_title(most)} holds {share:.1%} of the parameters."
        if self.cost.failure:
            text += f" The pass ended early: {self.cost.failure}."
        return text

    def text(self) -> str:
        """The table of a terminal."""
        rows: list[tuple[str, ...]] = [HEADS]
        rows += [
            (
                f"{row['name']} {row['kind']}".rstrip(),
                row["shape"],
                *(f"{row[column]:,}" for column in COLUMNS),
            )
            for row in self["rows"]
        ]
        rows.append(("Total", "", *(f"{n:,}" for n in _totals(self.cost))))
        lines = aligned(rows, left=2)
        return "\n".join([*lines, *filter(None, [self.cost.failure])])

    def still(self) -> str:
        """The table, with a bar for each layer's share of the parameters."""
        return still_of(self)

    def _take(self, model: Module, inputs: tuple[Any, ...]) -> list[list[int]]:
        """Run a model for these inputs; their shapes."""
        if not inputs:
            raise TypeError("Ledger: give the shape of an input, or an array")
        arrays = [_array_of(x) for x in inputs]
        shapes = [list(array.shape) for array in arrays]
        _check_sizes(shapes)
        self.cost = costs_of(model, *arrays)
        self._model, self._arrays = model, arrays
        return shapes

    def _shown(self) -> dict[str, Any]:
        """What the page draws."""
        return {
            "rows": [
                {
                    "name": _title(layer),
                    "kind": layer.kind if layer.name else "",
                    "shape": _shape_text(layer.shape),
                    "parameters": layer.parameters,
                    "multiply_adds": layer.multiply_adds,
                    "bytes": layer.bytes,
                    "steps": layer.steps,
                }
                for layer in self.cost.layers
            ],
            "totals": dict(zip(COLUMNS, _totals(self.cost), strict=True)),
            "failure": self.cost.failure,
        }

    def _recompute(self, _widget: Widget) -> None:
        inputs = [
            np.resize(array, shape)  # the same numbers, again if need be
            for array, shape in zip(self._arrays, self["shapes"], strict=True)
        ]
        self.cost = costs_of(self._model, *inputs)
        self.update(**self._shown())


def _array_of(value: Any) -> Any:
    """An array as it is; a shape as zeros."""
    if isinstance(value, tuple) and all(type(size) is int for size in value):
        _check_sizes([list(value)])
        return np.zeros(value, np.float32)
    return as_array(value)


def _check_sizes(shapes: Any) -> None:
    for shape in shapes:
        if not isinstance(shape, list) or not all(
            type(size) is int and size > 0 for size in shape
        ):
            raise ValueError(
                f"Ledger: a shape must be positive whole numbers, got {shape}"
            )
        if prod(shape) > MOST_NUMBERS:
            raise ValueError(
                f"Ledger: an input of {prod(shape):,} numbers is too large, "
                f"at most {MOST_NUMBERS:,}"
            )


def _totals(cost: ModelCost) -> tuple[int, int, int, int]:
    """Parameters of the whole model; work, bytes and steps of what ran."""
    return (
        cost.parameters,
        sum(layer.multiply_adds for layer in cost.layers),
        sum(layer.bytes for layer in cost.layers),
        cost.steps,
    )


def _title(layer: LayerCost) -> str:
    return layer.name or layer.kind


def _shape_text(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if shape else "refused"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
