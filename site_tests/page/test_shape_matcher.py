"""NumPy decides what is legal, and the kernel's numbers what is right."""

from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels.kernels import linear_backward, linear_forward
from tutorial_kernels.page import ShapeMatcher

PIECES = {"G": ("B", "out"), "X": ("B", "in"), "W": ("out", "in")}
SIZES = {"B": 5, "in": 4, "out": 3}
ANSWERS = {"grad_W": ["G.T", "X"], "grad_X": ["G", "W"], "grad_b": ["G", "0"]}


def linear(G, X, W):  # noqa: N803
    _, cache = linear_forward(X, W, np.zeros(len(W)))
    grad_x, grad_weight, grad_bias = linear_backward(G, cache)
    return {"grad_W": grad_weight, "grad_X": grad_x, "grad_b": grad_bias}


def matcher(**sizes):
    return ShapeMatcher(linear, PIECES, SIZES | sizes)


def rule_of(widget, name):
    (rule,) = (rule for rule in widget["rules"] if rule["name"] == name)
    return rule


def verdict(widget, name, *places):
    widget.place(name, *places)
    rule = rule_of(widget, name)
    return rule["state"], rule["words"]


@pytest.mark.parametrize("name", ["grad_W", "grad_X"])
def test_of_all_products_one_is_right_and_no_other_fits(name):
    widget = matcher()
    names = [piece["name"] for piece in widget["pieces"]]
    wanted = {"grad_W": (3, 4), "grad_X": (5, 4)}[name]
    shapes = {p["name"]: p["shape"] for p in widget["pieces"]}
    states = {}
    for left, right in product(names, repeat=2):
        state, _ = verdict(widget, name, left, right)
        states[left, right] = state
        (rows, inner), (other, columns) = shapes[left], shapes[right]
        assert (state == "illegal") == (inner != other)
        if state != "illegal":
            assert rule_of(widget, name)["got"] == [rows, columns]
            assert (state == "shape") == ((rows, columns) != wanted)
    assert [pair for pair in states if states[pair] == "right"] == [
        tuple(ANSWERS[name])
    ]
    assert "numbers" not in states.values()


def test_a_verdict_names_the_mistake():
    widget = matcher()
    assert verdict(widget, "grad_X", "G", "X") == (
        "illegal",
        "G @ X is not legal: the inner sizes differ, 3 and 5.",
    )
    assert verdict(widget, "grad_W", "X.T", "G") == (
        "shape",
        "X.T @ G is legal, but its shape is (4, 3). grad_W needs (3, 4), the "
        "shape of W.",
    )
    state, words = verdict(widget, "grad_b", "W", "1")
    assert state == "numbers"
    assert words.endswith("off by up to 3.7: here shapes do not decide.")
    off = np.abs(
        widget._pieces["W"].sum(axis=1) - widget._gradients["grad_b"]
    ).max()
    assert f"{off:.2g}" == "3.7"


@pytest.mark.parametrize(
    ("name", "places", "words"),
    [
        ("grad_W", ("", ""), "grad_W needs (3, 4), the shape of W."),
        ("grad_W", ("G.T", ""), "G.T has 5 columns: behind it, 5 rows fit."),
        ("grad_W", ("", "W"), "W has 3 rows: before it, 3 columns fit."),
        ("grad_b", ("W", ""), "Over which axis of W: its 3 or its 4?"),
        ("grad_b", ("", "0"), "Axis 0 of which matrix?"),
    ],
)
def test_what_is_missing_is_said(name, places, words):
    widget = matcher()
    assert verdict(widget, name, *places) == ("open", words)


@pytest.mark.parametrize("sizes", [{}, {"B": 1}, {"B": 4}, {"in": 9, "out": 9}])
def test_all_right_stands_beside_the_kernels_numbers(sizes):
    widget = matcher(**sizes)
    for name, places in ANSWERS.items():
        assert widget["proof"] == []
        widget.place(name, *places)
    widget.place("grad_b", "G.T", "1")  # the same sum
    assert [rule["state"] for rule in widget["rules"]] == ["right"] * 3
    assert widget.summary().endswith("3 of 3 right.")
    for (name, _, ours, kernels, difference), gradient in zip(
        widget["proof"], widget._gradients.values(), strict=True
    ):
        assert ours == kernels
        assert float(kernels.replace("−", "-")) == pytest.approx(
            gradient.flat[-1], abs=1e-12
        )
        assert float(difference.replace("−", "-")) < 1e-14
        assert name in widget.text()


def test_equal_sizes_hide_a_mistake_from_the_shapes():
    widget = matcher()
    assert verdict(widget, "grad_W", "G.T", "X.T")[0] == "illegal"
    for callback in widget.receive({"sizes": {**SIZES, "B": 4}}):
        callback(widget)
    assert rule_of(widget, "grad_W")["state"] == "numbers"
    assert [p["shape"] for p in widget["pieces"][:2]] == [[4, 3], [3, 4]]


@pytest.mark.parametrize(
    "state",
    [
        {"placed": {**ANSWERS, "grad_W": ["G.T", "0"]}},
        {"placed": {**ANSWERS, "grad_b": ["0", "G"]}},
        {"placed": {**ANSWERS, "grad_b": ["G", "2"]}},
        {"placed": {**ANSWERS, "grad_W": ["G.T"]}},
        {"placed": {**ANSWERS, "grad_W": "GX"}},
        {"placed": {"grad_W": ["G.T", "X"]}},
        {"placed": []},
        {"sizes": {**SIZES, "B": 0}},
        {"sizes": {**SIZES, "B": 10}},
        {"sizes": {**SIZES, "B": 2.0}},
        {"sizes": {"B": 5}},
        {"sizes": None},
    ],
)
def test_a_link_that_cannot_be_is_set_back(state):
    widget = matcher()
    assert widget.receive(state) == []
    assert widget["placed"] == {name: ["", ""] for name in ANSWERS}
    assert widget["sizes"] == SIZES


def test_what_cannot_be_matched_gets_a_sentence():
    with pytest.raises(ValueError, match="X must have 2 axes, got 1"):
        ShapeMatcher(linear, PIECES | {"X": ("B",)}, SIZES)
    with pytest.raises(ValueError, match="no size for the axis 'out' of G"):
        ShapeMatcher(linear, PIECES, {"B": 5, "in": 4})
    with pytest.raises(ValueError, match="size of B must be 1 to 9, got 10"):
        matcher(B=10)
    with pytest.raises(TypeError, match="must give a dict of gradients, got"):
        ShapeMatcher(lambda **_: (1, 2), PIECES, SIZES)
    with pytest.raises(ValueError, match="grad_c must have 1 or 2 axes, got 0"):
        ShapeMatcher(lambda **_: {"grad_c": 1.0}, PIECES, SIZES)
    with pytest.raises(ValueError, match="grad_W cannot take 'Y', only G,"):
        matcher().place("grad_W", "Y", "X")
    with pytest.raises(
        ValueError, match="gradients are grad_W, grad_X, grad_b"
    ):
        matcher().place("grad_Y", "G", "X")


def test_the_still_shows_what_is_placed():
    widget = matcher()
    widget.place("grad_W", "G.T", "X")
    widget.place("grad_X", "G", "X")
    picture = ElementTree.fromstring(widget.still())
    words = " ".join(picture.itertext())
    assert words.count("✓") == words.count("✗") == 1
    assert "grad_b =" in words
    empty = picture.findall(".//{*}rect[@class='shapes-slot shapes-empty']")
    assert len(empty) == 2
