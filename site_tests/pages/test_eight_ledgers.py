"""What the eight ledgers of the chapter Architecture say of length."""

from __future__ import annotations

from typing import Any

import pytest

from site_tests.pages.figures import names_after

GIVEN = """
from tutorial_kernels import nn
from tutorial_kernels.models.cnn import SignalCNN
from tutorial_kernels.models.fnn import MLP
from tutorial_kernels.page import Ledger, controls
"""
RECURRENT = ("RNN", "LSTM", "GRU")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the cell leaves behind."""
    return names_after("architecture", ["eight-ledgers"], GIVEN)


def turned(names: dict[str, Any], **knobs: Any) -> Any:
    """The ledger after the reader has set these knobs."""
    for callback in names["knobs"].receive(knobs):
        callback(names["knobs"])
    return names["costs"]


def test_the_select_and_every_slider_are_followed(
    names: dict[str, Any],
) -> None:
    for kind in names["eight"]:
        seen = []
        for batch, length, width in ((1, 40, 32), (6, 36, 32), (1, 40, 9)):
            ledger = turned(
                names,
                architecture=kind,
                batch=batch,
                length=length,
                width=width,
            )
            assert ledger["failure"] == "", kind
            assert ledger["shapes"][0][0] == batch
            seen.append(ledger["totals"])
        first, wider_batch, narrow = seen
        assert narrow["parameters"] < first["parameters"]
        assert wider_batch["multiply_adds"] > first["multiply_adds"]


def test_what_doubles_with_the_length(names: dict[str, Any]) -> None:
    for kind in names["eight"]:
        short, long = (
            dict(
                turned(names, architecture=kind, batch=1, length=n, width=32)[
                    "totals"
                ]
            )
            for n in (40, 80)
        )
        if kind == "CNN":  # its last layer counts on 40 values
            assert "linear: weight has" in names["costs"]["failure"]
            continue
        assert names["costs"]["failure"] == ""
        same = kind in (*RECURRENT, "Transformer")
        assert (short["parameters"] == long["parameters"]) is same
        last = 1  # the linear layer behind the last step in time
        expected = (40 + last, 80 + last) if kind in RECURRENT else None
        steps = short["steps"], long["steps"]
        assert steps == (expected or (short["steps"],) * 2)
        ratio = long["multiply_adds"] / short["multiply_adds"]
        assert (ratio > 2) is (kind == "Transformer")
