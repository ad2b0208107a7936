"""controls(): what each argument becomes, and what a page may set."""

import json

import numpy as np
import pytest

from tutorial_kernels.page import controls
from tutorial_kernels.page.sink import sink_in_use


@pytest.fixture
def panel(recorder):
    pressed = []
    with sink_in_use(recorder):
        made = controls(
            lr=(1e-4, 1, "log"), width=(1, 9), rate=(0.0, 0.5, 0.1),
            dropout=False, optimizer=["SGD", "Adam"],
            again=lambda: pressed.append(1),
        )  # fmt: skip
    made.pressed = pressed
    return made


def test_first_values(panel):
    assert panel.lr == pytest.approx(0.01)
    assert (panel.width, panel.rate, panel.dropout) == (5, 0.1, False)
    assert panel.optimizer == "SGD"
    assert panel.summary() == (
        "lr: 0.01, width: 5, rate: 0.1, dropout: off, optimizer: SGD."
    )
    assert panel.still().count("<text") == 5
    with pytest.raises(AttributeError, match="no control 'again'"):
        panel.again  # noqa: B018


def test_numpy_scalars_are_numbers(recorder):
    lag, choices = np.arange(1, 4), list(np.linspace(0, 1, 3))
    with sink_in_use(recorder):
        knobs = controls(
            lag=(1, lag.max(), lag[1]), rate=(np.float32(0), 1, np.float64(0.5)),
            lr=(np.float64(1e-4), np.int64(1), "log"), share=choices,
            on=np.bool_(True),
        )  # fmt: skip
    assert type(knobs.lag) is int
    assert knobs["fields"][0]["whole"]
    assert knobs.summary() == "lag: 2, rate: 0.5, lr: 0.01, share: 0, on: on."
    json.dumps(knobs["fields"])
    knobs.receive({"lag": 3, "share": 0.5})
    assert (knobs.lag, knobs.share) == (3, 0.5)


def test_the_page_sets_what_is_within_bounds(panel):
    heard = []
    panel.on_change(lambda knobs: heard.append(knobs.width), "width")
    for callback in panel.receive({"width": 7, "dropout": True}):
        callback(panel)
    assert (panel.width, panel.dropout, heard) == (7, True, [7])
    bad = {"width": 10, "lr": "1", "dropout": 1, "optimizer": "x", "fields": []}
    assert panel.receive(bad) == []
    assert (panel.width, panel.optimizer) == (7, "SGD")
    assert panel["fields"] != []


def test_a_button_calls_python(panel):
    for message in ({"press": "again"}, {"press": "lr"}, {"press": []}, "x"):
        for callback in panel.message_callbacks():
            callback(message, [])
    assert panel.pressed == [1]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, TypeError, "give at least one"),
        ({"a": 3}, TypeError, "a must be a bool, a list of choices"),
        ({"a": (1, 1)}, ValueError, r"\(low, high\) with low below high"),
        ({"a": (0, 1, "log")}, ValueError, "low above 0 for a logarithm, got 0"),
        ({"a": (0, 1, 2)}, ValueError, "a cannot be 2; it goes from 0 to 1"),
        ({"a": (0, 1, "2")}, ValueError, "a must hold finite .*, got '2'$"),
        ({"a": (0, np.nan)}, ValueError, "a must hold finite .*, got nan$"),
        ({"a": (0, np.ones(2))}, ValueError, "a must hold finite .*, got array"),
        ({"a": (0, True)}, ValueError, "a must hold finite .*, got True$"),
        ({"a": (0, 1, 1, 1)}, ValueError, r"got \(0, 1, 1, 1\)"),
        ({"a": ["x", np.ones(2)]}, ValueError, "different texts or numbers"),
        ({"a": []}, ValueError, "different texts or numbers"),
        ({"update": True}, ValueError, "the name 'update' is taken"),
        ({"fields": True}, ValueError, "the name 'fields' is taken"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(recorder, given, error, message):
    with sink_in_use(recorder), pytest.raises(error, match=message):
        controls(**given)
