"""The sheet and the trained networks answer to every knob, from end to end."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from site_tests.pages.figures import names_after, turn

NEEDED = (
    "rank-of-the-features",
    "fold",
    "cascade",
    "histograms",
    "gain",
    "six-on-clothing",
    "look-inside",
)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the cells leave behind."""
    plot = "from tutorial_kernels.page import plot"
    return names_after("activation_functions", NEEDED, plot)


def test_every_layer_of_every_network_is_drawn(names: dict[str, Any]) -> None:
    for activation, layer in product(names["runs"], range(1, 5)):
        shown = turn(names["peek"], activation=activation, layer=layer)
        kept = names["runs"][activation]["layers"][layer - 1]
        ((title, curves),) = shown.figures.items()
        assert title.startswith(f"{activation}, layer {layer}: ")
        curve = curves[activation]
        assert curve["y"] == kept["shares"]
        low, high = kept["ends"]
        assert low < curve["x"][0] < curve["x"][-1] < high
        width = (high - low) / len(curve["x"])
        assert np.diff(curve["x"]) == pytest.approx(width)


def test_the_gradient_of_every_layer_is_a_histogram(
    names: dict[str, Any],
) -> None:
    powers = names["powers"]
    for activation, gain, depth in (("tanh", 1.0, 1), ("sigmoid", 0.5, 20)):
        shown = turn(
            names["knobs"], activation=activation, gain=gain, depth=depth
        )
        (words,) = shown.words
        assert words.startswith(f"A heat map of {depth + 1} rows (layers")
        grads = names["chosen"]()
        shares = np.array([names["by_size"](grad) for grad in grads])
        assert shares.shape == (depth + 1, len(powers))
        # Every number is counted, also one beyond the ends of the map.
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        heaviest = powers[shares.argmax(axis=1)]
        assert abs(heaviest[-1]) <= 0.5
        assert heaviest[0] == (-10 if depth == 20 else heaviest[-1] - 0.5)
    # The gain alone moves the cloud, and leaves its shape.
    narrow, wide = (names["gradients"]("relu", gain)[0] for gain in (1, 2))
    np.testing.assert_allclose(wide, 2**10 * narrow)


def test_only_relu_folds_the_sheet(names: dict[str, Any]) -> None:
    for activation, layers in product(names["bends"], (0, 4)):
        shown = turn(names["press"], activation=activation, layers=layers)
        (words,) = shown.words
        assert f"{activation}, {layers} layers" in words
        whole = "100% of the sheet" in words
        assert whole == (activation != "relu" or layers == 0)


def test_the_sheet_lies_where_its_layers_put_it(names: dict[str, Any]) -> None:
    flat = names["drawn"](names["sheet"], 240)
    assert flat.shape == (3, 240, 240)
    assert np.all(flat[:, 120, 100] < 1)  # no paper is left white
    half = names["sheet"] * [1, 0.5]
    assert np.all(names["drawn"](half, 240)[:, :50] == 1)  # but beside it
    assert names["face_up"](half) == 1
    assert names["face_up"](half * [-1, 1]) == 0
