"""A signal to draw: what Python gets of it, and what a page may put there."""

from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels.data import mnist1d, shuffled_positions
from tutorial_kernels.page import Signal
from tutorial_kernels.page import widget as widgets
from tutorial_kernels.page.sink import sink_in_use
from tutorial_kernels.page.widget_host import NoHost

rng = np.random.default_rng(0)
waves = rng.uniform(-1.9, 2.6, size=(3, 8))


def halves(signal):
    """Two classes: what lies in the left half, and what in the right."""
    sizes = np.abs(signal).reshape(2, -1).sum(axis=1)
    return sizes / sizes.sum()


def both(signal):
    """Two networks; the second has the classes the other way round."""
    return {"ahead": halves(signal), "behind": halves(signal)[None, ::-1]}


def reach(widget, **state):
    """The reader draws, and Python hears of it."""
    for callback in widget.receive(state):
        callback(widget)


def test_it_begins_with_the_first_example_and_follows_the_reader():
    heard = []
    widget = Signal(waves, both, labels=[1, 0, 1], names=["left", "right"])
    widget.on_change(lambda w: heard.append(w.values), "values")
    assert (widget.values.shape, widget.values.dtype) == ((8,), np.float32)
    assert np.abs(widget.values - waves[0]).max() <= 0.5e-3 + 1e-6
    assert (widget["low"], widget["high"]) == (-2, 3)
    assert widget["networks"] == ["ahead", "behind"]
    drawn = [2, -2, 1, 1, 0.5, 0, 0.5, 1]
    reach(widget, values=drawn, shift=-3, shuffled=True, example=1)
    assert heard[0].tolist() == drawn
    assert widget["shares"] == [[0.75, 0.25], [0.25, 0.75]]
    assert widget.summary() == (
        "8 values from −2.00 to 2.00, begun as left, shuffled, shifted by −3. "
        "ahead left, 75%; behind right, 75%."
    )
    assert widget.model()["initial"] == {
        "values": waves[0].round(3).tolist(),
        "example": 0,
        "shift": 0,
        "shuffled": False,
    }


def test_one_network_alone_and_none_at_all(recorder):
    with sink_in_use(recorder):
        widget = Signal(waves[0], halves)
    assert (widget["networks"], widget["names"]) == (["network"], ["0", "1"])
    widget.redraw(np.r_[np.ones(4), np.zeros(4)])
    assert widget["shares"] == [[1, 0]]
    plain = Signal(waves)
    assert plain.summary().startswith("8 values from ")
    assert ";" not in plain.summary()
    assert len(plain.text()) == 8
    with pytest.raises(ValueError, match="a list of 8 values was expected"):
        plain.redraw(np.ones(9))


def test_a_link_is_answered_before_it_is_shown(monkeypatch):
    class Remembering(NoHost):
        def kept(self, name):
            return {"values": [1] * 4 + [0] * 4, "shift": 2, "example": 99}

    monkeypatch.setattr(widgets, "_host", Remembering())
    widget = Signal(waves, both)
    assert widget["shares"] == [[1, 0], [0, 1]]
    assert (widget["shift"], widget["example"]) == (2, 0)


def test_the_order_is_that_of_the_shuffled_race():
    _, held = mnist1d()
    widget = Signal(held.signals[:1])
    again = held.signals[:, widget["order"]]
    assert np.array_equal(again, shuffled_positions(held).signals)


@pytest.mark.parametrize(
    "state",
    [
        {"values": [0] * 7},
        {"values": [0] * 7 + [9]},
        {"values": [0] * 7 + [float("nan")]},
        {"values": [0] * 7 + [True]},
        {"values": "00000000"},
        {"values": None},
        {"shift": 8},
        {"shift": 1.0},
        {"shift": True},
        {"shuffled": 1},
        {"example": 3},
        {"example": -1},
        {"example": False},
        {"order": [0] * 8},
        {"shares": [[1, 0]]},
    ],
    ids=str,
)
def test_what_cannot_be_is_set_back(state):
    widget = Signal(waves, both)
    before = widget.model()
    assert widget.receive(state) == []
    assert widget.model() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((waves[:, :3],), "4 to 256 values, got 3"),
        ((waves[None],), r"1 to 50 signals, \(n, T\), got shape \(1, 3, 8\)"),
        ((waves[:0],), r"got shape \(0, 8\)"),
        ((waves * np.nan,), "must be finite"),
        ((waves, lambda _: {}), "1 to 8 networks, got 0"),
        ((waves, lambda x: x * 9), "logits become them by softmax"),
        ((waves, lambda x: x[:1] * 0), "2 to 20 probabilities"),
        (
            (waves, lambda _: {"a": [0.5, 0.5], "b": [0, 0, 1]}),
            r"the same classes, got \[2, 3\] of them",
        ),
    ],
)
def test_what_does_not_fit_gets_a_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        Signal(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"names": "abc"}, "3 names given for 2 classes"),
        ({"labels": [0, 1]}, "labels must be 3 whole numbers"),
        ({"labels": [0, 1, 2]}, "labels must be from 0 to 1, got 0 to 2"),
        ({"limits": (0, 1)}, "limits must hold the examples"),
    ],
)
def test_an_option_that_does_not_fit_gets_a_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        Signal(waves, both, **options)


def test_limits_of_a_flat_signal_leave_room():
    widget = Signal(np.zeros(4))
    assert widget["low"] < widget["high"]
    assert Signal(waves, limits=(-4.5, 4))["low"] == -4.5


def test_a_terminal_gets_the_curve_and_the_table():
    widget = Signal(np.arange(8.0), both, names=["left", "right"])
    curve, *table = widget.text().splitlines()
    assert curve == "▁▂▃▄▅▆▇█"
    assert [line.split() for line in table] == [
        ["in", "%", "left", "right"],
        ["ahead", "21", "79"],
        ["behind", "79", "21"],
    ]


def test_the_still_shows_the_curve_and_every_answer():
    still = Signal(waves, both, names=["<a>", "b"]).still()
    root = ElementTree.fromstring(still)
    texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[-9:-6] == ["in %", "<a>", "b"]
    assert {"ahead", "behind"} < set(texts)
    assert still.count("draw-best") == 2
    ElementTree.fromstring(Signal(waves).still())
