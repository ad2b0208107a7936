"""Every cell is the dot product it is said to be."""

from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels.kernels import (
    conv2d_forward,
    matmul_forward,
    scaled_dot_product_attention_forward,
)
from tutorial_kernels.page.widgets import Matrix

KERNEL = [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]
rng = np.random.default_rng(0)
IMAGE = rng.normal(size=(9, 8))
Q, K, V = (rng.normal(size=shape) for shape in ((4, 6), (5, 6), (5, 3)))


def convolution():
    return Matrix.convolution(IMAGE, KERNEL, 0.5, stride=2, padding=1)


def test_a_convolution_is_the_kernels():
    widget = convolution()
    x, w, b = IMAGE[None, None], np.array(KERNEL)[None, None], np.array([0.5])
    expected, _ = conv2d_forward(x, w, b, 2, 1)
    assert np.allclose(widget["out"], expected[0, 0], atol=1e-6)
    for row in range(5):
        for column in range(4):
            widget.receive({"focus": [row, column]})
            left, right, end = widget.terms()
            total = np.dot(left, right) + 0.5
            assert np.isclose(total, widget["out"][row][column], atol=2e-5)
            assert end.startswith(" + 0.50 = ")


def test_a_changed_kernel_changes_the_output():
    widget = convolution()
    for callback in widget.receive(
        {"weight": [[0, 0, 0], [0, 3, 0], [0, 0, 0]]}
    ):
        callback(widget)
    padded = np.pad(IMAGE, 1)[1:-1:2, 1:-1:2]
    assert np.allclose(widget["out"], 3 * padded + 0.5, atol=1e-5)


def test_a_product_is_the_kernels():
    widget = Matrix.product(Q, K.T)
    assert np.allclose(widget["out"], matmul_forward(Q, K.T)[0], atol=1e-6)
    widget.receive({"focus": [3, 4]})
    left, right, _ = widget.terms()
    assert np.isclose(np.dot(left, right), widget["out"][3][4], atol=1e-5)


@pytest.mark.parametrize("is_causal", [False, True])
def test_attention_is_the_kernels(is_causal):
    keys, values = (K[:4], V[:4]) if is_causal else (K, V)
    widget = Matrix.attention(Q, keys, values, is_causal=is_causal)
    expected, _ = scaled_dot_product_attention_forward(
        Q, keys, values, is_causal=is_causal
    )
    assert np.allclose(widget["out"], expected, atol=1e-5)
    assert np.allclose(np.sum(widget["weights"], axis=1), 1, atol=1e-5)
    widget.receive({"focus": [0, 2]})
    left, right, end = widget.terms()
    score = np.dot(left, right) / np.sqrt(6)
    assert np.isclose(score, widget["scores"][0][2], atol=1e-5)
    assert ("hidden by the mask" in end) is is_causal


@pytest.mark.parametrize(
    "state",
    [{"focus": [9, 0]}, {"focus": [-1, 0]}, {"focus": "ab"}, {"focus": None},
     {"focus": [0]}, {"weight": [[1.0]]}, {"weight": "x"},
     {"weight": [[float("nan")] * 3] * 3}],
)  # fmt: skip
def test_a_link_with_another_cell_or_kernel_is_set_back(state):
    widget = convolution()
    before = widget.model()
    assert widget.receive(state) == []
    assert widget.model() == before


def test_what_cannot_be_shown_gets_a_sentence():
    with pytest.raises(
        ValueError, match=r"x must be a matrix, got shape \(3,\)"
    ):
        Matrix.convolution([1, 2, 3], KERNEL)
    with pytest.raises(ValueError, match="at most 64 by 64, got 65 by 2"):
        Matrix.product(np.ones((65, 2)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="kernel must be at most 5 by 5"):
        Matrix.convolution(IMAGE, np.ones((6, 2)))
    with pytest.raises(ValueError, match="not finite"):
        Matrix.product([[np.inf]], [[1.0]])
    with pytest.raises(ValueError, match="2 labels given for 5 keys"):
        Matrix.attention(Q, K, V, labels=["a", "b"])


def test_the_still_is_well_formed_and_marks_the_cell():
    for widget in (convolution(), Matrix.attention(Q, K, V)):
        still = widget.still()
        ElementTree.fromstring(still)
        assert still.count("heat-mark") >= 2
