"""A graph is what the tape and the chapter's scalars say, to the last edge."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels import Tensor, nn
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.page.widgets import GraphStep
from tutorial_kernels.page.widgets.graph import graph_of
from tutorial_kernels.page.widgets.graph_drawing import BOX, picture_of
from tutorial_kernels.page.widgets.graph_steps import steps_of

START = {"w": 0.8, "b": -0.4}


def neuron(values):
    """The first neuron of the chapter: loss and named tensors."""
    w, b = (
        Tensor(np.float64(values[n]), requires_grad=True) for n in ("w", "b")
    )
    y = F.tanh(w * Tensor(np.float64(1.5)) + b)
    error = y - Tensor(np.float64(0.5))
    return error * error, {"w": w, "b": b}


def chapter(root):
    """The names that two cells of the chapter define."""
    page = (root / "docs/chapters/backpropagation.md").read_text()
    cells = re.findall(
        r"^``` \{\.cell #(?:value|two-two-one)[^\n]*\n(.*?)^```$",
        page,
        re.MULTILINE | re.DOTALL,
    )
    namespace = {"step": 1e-5}
    for cell in cells:
        exec(cell, namespace)
    return namespace


def test_a_tape_becomes_nodes_with_the_gradients_of_backward():
    rng = np.random.default_rng(0)
    leaves = {
        name: Tensor(rng.normal(size=shape), requires_grad=True)
        for name, shape in {"x": (3, 4), "w": (2, 4), "b": (2,)}.items()
    }
    hidden = F.linear(leaves["x"], leaves["w"], leaves["b"])
    loss = (F.tanh(hidden) * hidden).mean()  # hidden is used twice
    graph = graph_of(loss, leaves)
    assert all(leaf.grad is None for leaf in leaves.values())
    loss.backward()  # the record is still whole
    named = {node.label: node for node in graph.nodes}
    for name, leaf in leaves.items():
        assert np.array_equal(named[name].grad, leaf.grad)
    assert [node.label for node in graph.nodes[3:]] == [
        "linear",
        "tanh",
        "×",
        "mean",
    ]
    fork = graph.out_of(3)
    assert len(fork) == 2
    total = sum(edge.grad for edge in fork)
    assert np.allclose(total, graph.nodes[3].grad, rtol=1e-15)


def test_the_chapters_network_is_read_as_its_own_backward_has_it(root):
    names = chapter(root)
    loss, parameters = names["network"](names["values"])
    graph = graph_of(loss)
    assert all(value.grad == 0 for value in loss.history())
    loss.backward()
    assert len(graph.nodes) == len(loss.history()) == 28
    for node, value in zip(graph.nodes, loss.history(), strict=True):
        assert node.value == value.data
        assert np.isclose(node.grad, value.grad, rtol=1e-14, atol=1e-17)
    assert {n.label for n in graph.nodes if n.is_leaf} >= set(parameters)


def test_steps_go_forward_once_and_back_once():
    loss, names = neuron(START)
    graph = graph_of(loss, names)
    steps = steps_of(graph)
    operations = graph.operations
    assert [s["way"] for s in steps] == (
        ["start"] + ["forward"] * 5 + ["backward"] * 6
    )
    assert [s["node"] for s in steps[1:6]] == operations
    assert [s["node"] for s in steps[7:]] == operations[::-1]
    assert steps[3]["text"] == "tanh(0.8000) = 0.6640"
    # 0.3281 comes back to tanh, whose slope is 1 - 0.6640 ** 2
    assert steps[9]["text"] == "to +: 0.3281 × 0.5591 = 0.1834"
    # error * error: two edges from one node, the second adds to the first
    assert steps[7]["text"].endswith(
        "to −: 1.0000 × 0.1640 = 0.1640, in all 0.3281"
    )
    reached = {n for step in steps for n, _ in step["grads"]}
    assert reached == {
        n for n, node in enumerate(graph.nodes) if node.grad is not None
    }


def test_changed_numbers_are_computed_anew():
    widget = GraphStep(neuron, START)
    before = widget["rows"]
    callbacks = widget.receive({"values": {"w": 0.5, "b": -0.4}})
    for callback in callbacks:
        callback(widget)
    loss, names = neuron({"w": 0.5, "b": -0.4})
    loss.backward()
    rows = {row[1]: row for row in widget["rows"]}
    assert rows["w"][2:] == [
        "0.5000",
        f"{names['w'].grad.item():.4f}".replace("-", "−"),
    ]
    assert widget["rows"] != before
    assert f"The loss is {loss.item():.4f}," in widget.summary()


@pytest.mark.parametrize(
    "values",
    [{"w": 1.0}, {"w": "1", "b": 0.0}, {"w": [1.0], "b": 0.0}, None, [1.0],
     {"w": float("nan"), "b": 0.0}, {"w": True, "b": 0.0}],
)  # fmt: skip
def test_a_link_with_other_numbers_is_set_back(values):
    widget = GraphStep(neuron, START)
    assert widget.receive({"values": values}) == []
    assert widget["values"] == START


def test_a_function_that_fails_is_told_and_the_graph_stays():
    def sometimes(values):
        if values["w"] > 1:
            raise ValueError("w is too large")
        return neuron(values)

    widget = GraphStep(sometimes, START)
    rows = widget["rows"]
    for w, error in ((2.0, "ValueError: w is too large"), (0.8, "")):
        for callback in widget.receive({"values": {**START, "w": w}}):
            callback(widget)
        assert widget["error"] == error
        assert widget["rows"] == rows


def test_what_cannot_be_drawn_gets_a_sentence():
    with pytest.raises(
        TypeError, match=r"must be a Tensor or a Value, got float"
    ):
        GraphStep(1.0)
    with pytest.raises(ValueError, match=r"a single number, got shape \(2,\)"):
        GraphStep(Tensor([1.0, 2.0], requires_grad=True) * 2)
    with pytest.raises(ValueError, match="not computed from any tensor"):
        GraphStep(Tensor(1.0))
    loss, _ = neuron(START)
    loss.backward()
    with pytest.raises(RuntimeError, match="used up by an earlier backward"):
        GraphStep(loss)
    long = Tensor(1.0, requires_grad=True)
    for _ in range(80):
        long = long * Tensor(1.0)
    with pytest.raises(ValueError, match="161 nodes, at most 150"):
        GraphStep(long)
    with pytest.raises(TypeError, match="w must be a number or nested lists"):
        GraphStep(neuron, {"w": "x"})


@pytest.mark.parametrize("downward", [True, False])
def test_no_two_nodes_overlap_and_edges_run_one_way(root, downward):
    names = chapter(root)
    block = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))
    x = Tensor(np.ones((2, 3), np.float32))
    residual = ((block(x) + x + block(x)) ** 2).mean()
    for loss in (names["network"](names["values"])[0], residual):
        graph = graph_of(loss)
        picture = picture_of(graph, downward)
        boxes = picture["nodes"]
        for n, a in enumerate(boxes):
            for b in boxes[:n]:
                apart_x = abs(a["x"] - b["x"]) >= (a["box"] + b["box"]) / 2
                assert apart_x or abs(a["y"] - b["y"]) >= BOX
            assert a["x"] - a["box"] / 2 >= 0
            assert a["x"] + a["box"] / 2 <= picture["width"]
            assert BOX / 2 <= a["y"] <= picture["height"]
        along = "y" if downward else "x"
        for edge in graph.edges:
            assert boxes[edge.source][along] < boxes[edge.target][along]


@pytest.mark.parametrize("downward", [True, False])
def test_the_numbers_of_branches_do_not_touch(root, downward):
    names = chapter(root)
    graph = graph_of(names["network"](names["values"])[0])
    edges = picture_of(graph, downward)["edges"]
    places = [
        (place["text_x"], place["text_y"])
        for edge, place in zip(graph.edges, edges, strict=True)
        if len(graph.out_of(edge.source)) > 1
    ]
    assert len(places) == 6  # x1 and x2 fork, and the error is squared
    for n, (x, y) in enumerate(places):
        for other_x, other_y in places[:n]:
            assert abs(x - other_x) >= 34 or abs(y - other_y) >= 9


def test_a_network_of_nine_parameters_fits_a_telephone(root):
    names = chapter(root)
    graph = graph_of(names["network"](names["values"])[0])
    assert picture_of(graph, downward=True)["width"] <= 340


def test_the_still_and_the_text_hold_every_number():
    widget = GraphStep(neuron, START)
    root = ElementTree.fromstring(widget.still())
    texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"w", "0.800", "0.275", "tanh", "0.664"} <= set(texts)
    lines = widget.text().splitlines()
    assert lines[1].split() == ["1", "w", "0.8000", "0.2751"]
    for one, other in pairwise(lines):
        assert len(one) == len(other)


def test_a_cell_that_ends_with_a_figure_shows_it_once(session, recorder):
    source = (
        "from tutorial_kernels import Tensor\n"
        "from tutorial_kernels.page import GraphStep\n"
        "GraphStep(Tensor(2.0, requires_grad=True) * Tensor(3.0))"
    )
    assert session.run(source, "cell").status == "ok"
    assert recorder.printed() == ""
    assert len({key for _, key in recorder.of("display")}) == 1
