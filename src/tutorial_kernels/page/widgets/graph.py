"""A computation as a graph: values forward, gradients back, on every edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from tutorial_kernels.arrivals import at_output
from tutorial_kernels.autograd import Call, Tensor

type Array = np.ndarray[Any, np.dtype[Any]]

MOST_NODES = 150

SYMBOLS = {
    "add": "+",
    "subtract": "−",
    "multiply": "×",
    "*": "×",
    "divide": "÷",
    "matmul": "@",
    "power": "^",
}


class Scalar(Protocol):
    """A number of the chapter Backpropagation that knows how it was made."""

    data: Any
    name: str
    number: int
    parents: tuple[Scalar, ...]
    slopes: tuple[float, ...]


@dataclass(eq=False)
class Node:
    """A leaf, or an operation with its result.

    Attributes:
        label: Its name, or the operation's symbol.
        is_leaf: Whether nothing made it.
        value: What it holds.
        grad: What came back in all; None where nothing was asked for.
    """

    label: str
    is_leaf: bool
    value: Array
    grad: Array | None = None

    @property
    def is_number(self) -> bool:
        """Whether the value is a single number."""
        return self.value.size == 1


@dataclass(eq=False)
class Edge:
    """One use of a node's value by an operation.

    Attributes:
        source: The node that is used.
        target: The operation.
        grad: What came back along this edge.
        slope: How much the result changes with this input, where both are
            single numbers.
    """

    source: int
    target: int
    grad: Array | None = None
    slope: float | None = None


@dataclass
class Graph:
    """Nodes in the order they were computed, and the edges between them."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def into(self, node: int) -> list[Edge]:
        """The edges that lead to an operation, in its arguments' order."""
        return [edge for edge in self.edges if edge.target == node]

    def out_of(self, node: int) -> list[Edge]:
        """The uses of a node."""
        return [edge for edge in self.edges if edge.source == node]

    @property
    def operations(self) -> list[int]:
        """The nodes that were computed."""
        return [n for n, node in enumerate(self.nodes) if not node.is_leaf]


def graph_of(loss: Any, names: dict[str, Any] | None = None) -> Graph:
    """Read how a single number was computed, and send its gradient back.

    Nothing is changed: no `.grad` is written, no record used up.

    Args:
        loss: A tensor of one element, or a scalar of the chapter
            Backpropagation.
        names: Names for leaves and results.

    Raises:
        TypeError: If `loss` is neither.
        ValueError: If it is no single number, was computed from nothing that
            has gradients, or from more than can be drawn.
        RuntimeError: If an earlier backward has used up the record.
    """
    by_identity = {id(value): name for name, value in (names or {}).items()}
    if isinstance(loss, Tensor):
        graph = _graph_of_tensor(loss, by_identity)
    elif all(hasattr(loss, name) for name in ("data", "parents", "slopes")):
        graph = _graph_of_scalar(loss, by_identity)
    else:
        raise TypeError(
            "GraphStep: the loss must be a Tensor or a Value, "
            f"got {type(loss).__name__}"
        )
    if len(graph.nodes) > MOST_NODES:
        raise ValueError(
            f"GraphStep: the graph has {len(graph.nodes)} nodes, "
            f"at most {MOST_NODES} can be drawn"
        )
    return graph


def _graph_of_scalar(loss: Scalar, names: dict[int, str]) -> Graph:
    """Walk the parents; later numbers were made later."""
    found: dict[int, Scalar] = {}
    waiting = [loss]
    while waiting:
        value = waiting.pop()
        if id(value) not in found:
            found[id(value)] = value
            waiting += value.parents
    history = sorted(found.values(), key=lambda value: value.number)
    place = {id(value): n for n, value in enumerate(history)}
    graph = Graph()
    for value in history:
        made_by = SYMBOLS.get(value.name, value.name)
        label = made_by if value.parents else names.get(id(value), made_by)
        data = np.asarray(float(value.data))
        graph.nodes.append(Node(label, not value.parents, data, np.zeros(())))
        for parent, slope in zip(value.parents, value.slopes, strict=True):
            source, target = place[id(parent)], place[id(value)]
            graph.edges.append(Edge(source, target, slope=float(slope)))
    graph.nodes[-1].grad = np.ones(())
    for target in reversed(range(len(graph.nodes))):
        arrived = graph.nodes[target].grad
        for edge in graph.into(target):
            assert arrived is not None
            assert edge.slope is not None
            edge.grad = np.asarray(arrived * edge.slope)
            node = graph.nodes[edge.source]
            node.grad = np.asarray(node.grad + edge.grad)
    return graph


def _graph_of_tensor(loss: Tensor, names: dict[int, str]) -> Graph:
    """Walk the tape; it refers to inputs, so these tell the values."""
    if loss.data.size != 1:
        raise ValueError(
            "GraphStep: the loss must be a single number, "
            f"got shape {loss.shape}"
        )
    if loss.call is None:
        raise ValueError(
            "GraphStep: the loss was not computed from any tensor that "
            "requires gradients"
        )
    leaves, results = _reached(loss)
    graph, place = Graph(), _Places()
    for leaf in leaves:
        place.of[id(leaf)] = len(graph.nodes)
        label = names.get(id(leaf), "input" if not leaf.requires_grad else "w")
        graph.nodes.append(Node(label, True, leaf.data))
    for call in sorted(results, key=lambda call: call.number):
        place.of[id(call)] = len(graph.nodes)
        label = SYMBOLS.get(call.pair.name, call.pair.name)
        graph.nodes.append(Node(label, False, results[call].data))
        for x in call.inputs:
            if x is not None:
                edge = Edge(place.source(x), place.of[id(call)])
                graph.edges.append(edge)
    _send_back(graph, results, place)
    return graph


class _Places:
    """Which node a leaf or a recorded call has become."""

    def __init__(self) -> None:
        self.of: dict[int, int] = {}

    def source(self, x: Tensor) -> int:
        return self.of[id(x if x.call is None else x.call)]


def _reached(loss: Tensor) -> tuple[list[Tensor], dict[Call, Tensor]]:
    """The leaves in the order of their first use, and each call's result."""
    assert loss.call is not None
    results: dict[Call, Tensor] = {loss.call: loss}
    waiting = [loss.call]
    while waiting:
        call = waiting.pop()
        if call.cache is None:
            raise RuntimeError(
                "GraphStep: the record was used up by an earlier backward; "
                "draw the graph before it, or give it retain_graph=True"
            )
        for x in call.inputs:
            if x is not None and x.call is not None and x.call not in results:
                results[x.call] = x
                waiting.append(x.call)
    leaves: dict[int, Tensor] = {}
    for call in sorted(results, key=lambda call: call.number):
        for x in call.inputs:
            if x is not None and x.call is None:
                leaves.setdefault(id(x), x)
    return list(leaves.values()), results


def _send_back(
    graph: Graph, results: dict[Call, Tensor], place: _Places
) -> None:
    """Run the backwards, the latest first, and note what goes where."""
    arrived: dict[Call, Any] = {
        call: [None] * len(call.several) or None for call in results
    }
    last = max(results, key=lambda call: call.number)
    _arrive(arrived, last, results[last], np.ones_like(results[last].data))
    for call in sorted(results, key=lambda call: -call.number):
        node = graph.nodes[place.of[id(call)]]
        here = arrived[call]
        node.grad = here[results[call].index] if call.several else here
        gradients = call.gradients(here)
        slopes = _slopes(call, node)
        inputs = [
            (x, grad, slope)
            for x, grad, slope in zip(
                call.inputs, gradients, slopes, strict=False
            )
            if x is not None
        ]
        edges = graph.into(place.of[id(call)])
        for edge, (x, grad, slope) in zip(edges, inputs, strict=False):
            if x.requires_grad and grad is not None:
                edge.grad, edge.slope = np.asarray(grad), slope
                _add(arrived, graph.nodes[edge.source], x, edge.grad)


def _slopes(call: Call, node: Node) -> list[float | None]:
    """What each input gets when 1 comes back: its slope, of numbers."""
    if not node.is_number or call.several:
        return [None] * len(call.inputs)
    ones = call.gradients(np.ones_like(node.value))
    return [
        float(np.asarray(grad).item())
        if grad is not None and np.size(grad) == 1
        else None
        for grad in ones
    ]


def _add(arrived: dict[Call, Any], node: Node, x: Tensor, grad: Array) -> None:
    if x.call is None:
        node.grad = grad if node.grad is None else node.grad + grad
    else:
        _arrive(arrived, x.call, x, grad)


def _arrive(
    arrived: dict[Call, Any], call: Call, x: Tensor, grad: Array
) -> None:
    arrived[call] = at_output(call.several, arrived[call], x.index, grad)
