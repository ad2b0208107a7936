"""A computational graph that the reader steps forward and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import numpy as np

from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.graph import Graph, graph_of
from tutorial_kernels.page.widgets.graph_drawing import picture_of, still_of
from tutorial_kernels.page.widgets.graph_steps import (
    label_of,
    rows_of,
    size_label,
    steps_of,
)

MOST_EDITABLE = 64

type Values = dict[str, Any]

TASK = (
    "Step forward to the loss and back to the leaves. Then change a number: "
    "which gradients change with it?"
)


class GraphStep(Widget):
    """Show how a loss was computed, and how its gradient goes back.

    Every edge carries a value forward and a gradient back; at a fork the
    gradients add up. Given a function and its numbers instead of a finished
    loss, the reader can change the numbers, and Python computes anew.

    Args:
        loss: A tensor of one element or a `Value` of the chapter
            Backpropagation; or a function that makes one of `values`. A
            function may give a dict of named tensors beside it.
        values: What the function is called with: numbers and small nested
            lists under their names. The reader can change them.
        names: Names for tensors, of a finished loss.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        TypeError: If `loss` is neither, or a value holds no numbers.
        ValueError: If it is no single number, or was computed from nothing
            that has gradients, or from more than can be drawn.
        RuntimeError: If an earlier backward has used up the record.
    """

    def __init__(
        self,
        loss: Any,
        values: Mapping[str, Any] | None = None,
        *,
        names: Mapping[str, Any] | None = None,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Compute the graph and show it."""
        self._compute = (
            loss if values is not None else (lambda _: (loss, names))
        )
        start = {key: _plain(key, v) for key, v in (values or {}).items()}
        if sum(np.size(value) for value in start.values()) > MOST_EDITABLE:
            raise ValueError(
                f"GraphStep: at most {MOST_EDITABLE} numbers can be changed, "
                f"values holds {sum(np.size(v) for v in start.values())}"
            )
        self.graph = _computed(self._compute, start)
        state = {
            **_shown(self.graph),
            "values": start,
            "step": len(steps_of(self.graph)) - 1,
            "error": "",
            "wide": picture_of(self.graph, downward=False),
            "tall": picture_of(self.graph, downward=True),
        }
        super().__init__(
            "graph-step",
            state,
            task=task,
            shared=("values", "step"),
            name=name,
        )
        self.on_change(self._recompute, "values")
        if self["values"] != start:
            self._recompute(self)

    def check(self, name: str, value: Any) -> Any:
        """Take a step that exists, and numbers of the same shapes."""
        if name == "step":
            if type(value) is not int or not 0 <= value < len(self["steps"]):
                raise ValueError(f"GraphStep: there is no step {value!r}")
        elif name == "values":
            return _same_shapes(self["values"], value)
        return value

    def summary(self) -> str:
        """The loss, and the leaf it depends on most."""
        leaves = [node for node in self.graph.nodes if node.is_leaf]
        loss = label_of(self.graph.nodes[-1].value, 4)
        text = (
            f"The loss is {loss}, from {len(leaves)} leaves by "
            f"{len(self.graph.operations)} operations."
        )
        slopes = [
            (float(np.abs(node.grad).max()), node)
            for node in leaves
            if node.grad is not None
        ]
        if not slopes:
            return text
        _, steepest = max(slopes, key=lambda pair: pair[0])
        slope = size_label(steepest.grad, 4)
        return f"{text} Its steepest slope is {slope}, in {steepest.label}."

    def still(self) -> str:
        """The graph after both passes."""
        return still_of(self.graph)

    def text(self) -> str:
        """The graph as the table of a terminal."""
        rows = [["#", "made by", "value", "gradient"], *rows_of(self.graph)]
        return "\n".join(
            f"{n:>3}  {made_by:18}{value:>10}{grad:>11}"
            for n, made_by, value, grad in rows
        )

    def _recompute(self, _widget: Widget) -> None:
        try:
            self.graph = _computed(self._compute, self["values"])
        except Exception as error:  # whatever the reader's function raises
            self.update(error=f"{type(error).__name__}: {error}")
            return
        self.update(**_shown(self.graph), error="")


def _computed(compute: Callable[[Values], Any], values: Values) -> Graph:
    made = compute({key: _copied(value) for key, value in values.items()})
    loss, names = made if isinstance(made, tuple) else (made, None)
    return graph_of(loss, names)


def _shown(graph: Graph) -> dict[str, Any]:
    """What the page draws."""
    nodes = [
        {"label": node.label, "leaf": node.is_leaf} for node in graph.nodes
    ]
    forks = [len(graph.out_of(edge.source)) > 1 for edge in graph.edges]
    ends = [[edge.source, edge.target] for edge in graph.edges]
    return {
        "nodes": nodes,
        "ends": ends,
        "forks": forks,
        "steps": steps_of(graph),
        "rows": rows_of(graph),
    }


def _plain(name: str, value: Any) -> Any:
    """A number or a small array as plain numbers and lists."""
    try:
        return np.asarray(value, dtype=np.float64).tolist()
    except (TypeError, ValueError):
        raise TypeError(
            f"GraphStep: {name} must be a number or nested lists of numbers, "
            f"got {type(value).__name__}"
        ) from None


def _copied(value: Any) -> Any:
    return [_copied(v) for v in value] if isinstance(value, list) else value


def _same_shapes(before: Any, value: Any) -> Any:
    """Numbers in the same places; else an error."""
    if isinstance(before, dict):
        if not isinstance(value, dict) or list(value) != list(before):
            raise ValueError(f"GraphStep: values must be {list(before)}")
        return {key: _same_shapes(before[key], value[key]) for key in before}
    if isinstance(before, list):
        if not isinstance(value, list) or len(value) != len(before):
            raise ValueError(f"GraphStep: expected {len(before)} numbers")
        pairs = zip(before, value, strict=True)
        return [_same_shapes(one, other) for one, other in pairs]
    if type(value) not in (int, float) or not isfinite(value):
        raise ValueError(f"GraphStep: expected a number, got {value!r}")
    return float(value)
