"""A pass forward and a pass back, one step and one sentence at a time."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from tutorial_kernels.page.widgets.graph import Array, Edge, Graph
from tutorial_kernels.page.widgets.numbers import short

INFIX = {"+", "−", "×", "÷", "@", "^"}


class Step(TypedDict):
    """What one step shows.

    ``values`` and ``grads`` are pairs of a node and its new text, ``edges``
    of an edge and the text of what comes back along it.
    """

    node: int
    way: str
    text: str
    values: list[tuple[int, str]]
    grads: list[tuple[int, str]]
    edges: list[tuple[int, str]]


def steps_of(graph: Graph) -> list[Step]:
    """Every operation forward, the loss itself, every operation back."""
    leaves = [n for n, node in enumerate(graph.nodes) if node.is_leaf]
    start = _step(leaves[0], "start", "Only the leaves are known.")
    start["values"] = [(n, label_of(graph.nodes[n].value)) for n in leaves]
    operations = graph.operations
    forward = [_forward(graph, node) for node in operations]
    loss = operations[-1]
    seed = _step(loss, "backward", "The slope of the loss in itself is 1.")
    seed["grads"] = [(loss, label_of(np.ones(())))]
    arrived: dict[int, Array] = {}
    backward = [_backward(graph, n, arrived) for n in reversed(operations)]
    return [start, *forward, seed, *backward]


def label_of(value: Array | None, digits: int = 3) -> str:
    """A number in few letters; of an array, its shape."""
    if value is None:
        return "none"
    if value.size == 1:
        return short(float(value.item()), digits)
    return "×".join(str(size) for size in value.shape)


def size_label(grad: Array | None, digits: int = 3) -> str:
    """A gradient in few letters; of an array, its largest number."""
    if grad is None or grad.size <= 1:
        return label_of(grad, digits)
    return f"±{short(float(np.abs(grad).max()), digits)}"


def _step(node: int, way: str, text: str) -> Step:
    return {
        "node": node,
        "way": way,
        "text": text,
        "values": [],
        "grads": [],
        "edges": [],
    }


def _forward(graph: Graph, node: int) -> Step:
    label, result = graph.nodes[node].label, graph.nodes[node].value
    inputs = [edge.source for edge in graph.into(node)]
    names = [graph.nodes[n].label for n in inputs if graph.nodes[n].is_leaf]
    values = [label_of(graph.nodes[n].value, 4) for n in inputs]
    formula = _written(label, values)
    if names and len(names) == len(inputs):
        formula = f"{_written(label, names)} = {formula}"
    step = _step(node, "forward", f"{formula} = {label_of(result, 4)}")
    step["values"] = [(node, label_of(result))]
    return step


def _written(label: str, parts: list[str]) -> str:
    if label in INFIX and len(parts) == 2:
        return f"{parts[0]} {label} {parts[1]}"
    if label in INFIX and len(parts) == 1:
        return f"{parts[0]} {label} a number"
    return f"{label}({', '.join(parts)})"


def _backward(graph: Graph, node: int, arrived: dict[int, Array]) -> Step:
    """Hand on what came back; a source of several uses adds up."""
    step = _step(node, "backward", "")
    sentences = []
    for number, edge in enumerate(graph.edges):
        if edge.target != node or edge.grad is None:
            continue
        before = arrived.get(edge.source)
        total = edge.grad if before is None else before + edge.grad
        arrived[edge.source] = total
        sentences.append(_handed_on(graph, edge, before, total))
        step["grads"].append((edge.source, size_label(total)))
        step["edges"].append((number, size_label(edge.grad)))
    label = graph.nodes[node].label
    nothing = f"{label} has no input that wants a gradient"
    step["text"] = "; ".join(sentences) or nothing
    return step


def _handed_on(
    graph: Graph, edge: Edge, before: Array | None, total: Array
) -> str:
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    sent = size_label(edge.grad, 4)
    if edge.slope is not None and target.grad is not None:
        came = size_label(target.grad, 4)
        sent = f"{came} × {short(edge.slope, 4)} = {sent}"
    elif source.value.size > 1:
        sent = f"a gradient of shape {label_of(source.value)}, {sent}"
    text = f"to {source.label}: {sent}"
    if before is None:
        return text
    return f"{text}, in all {size_label(total, 4)}"


def rows_of(graph: Graph) -> list[list[str]]:
    """The graph as a table: number, made by, value, gradient."""
    rows = []
    for n, node in enumerate(graph.nodes):
        made_by = " ".join(
            [node.label, *(f"#{edge.source + 1}" for edge in graph.into(n))]
        )
        value, grad = label_of(node.value, 4), size_label(node.grad, 4)
        rows.append([str(n + 1), made_by, value, grad])
    return rows
