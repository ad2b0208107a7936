"""The checks catch backwards that are wrong, one mistake at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from site_tests.kernels.cases import CASES, Case, as_tuple
from tutorial_kernels import Tensor, nn
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels import kernels as k
from tutorial_kernels.gradcheck import (
    GradientError,
    check_gradients,
    check_kernel,
)


def example(pair: str, note: str = "") -> Case:
    return next(c for c in CASES if c.pair == pair and c.note == note)


def replaced(pair: str, index: int, change: Callable[[Any, Any], Any]) -> Any:
    """The right backward with one gradient changed."""

    def backward(grad_out: Any, cache: Any) -> Any:
        right = getattr(k, f"{pair}_backward")(grad_out, cache)
        grads = list(as_tuple(right))
        grads[index] = change(grads[index], cache)
        return tuple(grads) if isinstance(right, tuple) else grads[0]

    return backward


MUTANTS = {
    "softmax returns zeros": ("softmax", 0, lambda g, c: g * 0),
    "softmax forgets the shared term": ("softmax", None, lambda g, c: g * c[0]),
    "log_softmax forgets the sum": ("log_softmax", None, lambda g, c: g),
    "relu lets everything through": ("relu", None, lambda g, c: g),
    "sigmoid forgets 1 - out": ("sigmoid", None, lambda g, c: g * c[0]),
    "tanh slope of the input": ("tanh", None, lambda g, c: g * (1 - c[0])),
    "linear adds grad_x of another sign": ("linear", 0, lambda g, c: -g),
    "linear weight without transpose": (
        "linear",
        1,
        lambda g, c: g.T.reshape(g.shape),
    ),
    "linear weight not summed": ("linear", 1, lambda g, c: g / 2),
    "linear bias of the mean": ("linear", 2, lambda g, c: g / 2),
    "linear without grad_bias": ("linear", 2, lambda g, c: None),
    "conv2d flipped kernel": (
        "conv2d",
        1,
        lambda g, c: g[:, :, ::-1, ::-1].copy(),
    ),
    "conv2d loses a border": (
        "conv2d",
        0,
        lambda g, c: np.where(np.arange(g.shape[3]) > 0, g, 0),
    ),
    "conv2d bias of one image": ("conv2d", 2, lambda g, c: g * 0.5),
    "max_pool2d to all": (
        "max_pool2d",
        None,
        lambda g, c: np.repeat(np.repeat(g, 2, 2), 2, 3),
    ),
    "cross_entropy without / N": ("cross_entropy", 0, lambda g, c: g * len(g)),
    "cross_entropy forgets the label": (
        "cross_entropy",
        0,
        lambda g, c: g + c[1] / len(g),
    ),
    "mse_loss without the 2": ("mse_loss", 0, lambda g, c: g / 2),
    "mse_loss sign of target": ("mse_loss", 1, lambda g, c: -g),
    "mean without / N": ("mean", 0, lambda g, c: g * g.size),
    "divide forgets the quotient rule": ("divide", 1, lambda g, c: -g),
    "matmul wrong side": ("matmul", 0, lambda g, c: g[::-1].copy()),
    "exp of a constant": ("exp", None, lambda g, c: g),
    "a slightly wrong factor": ("multiply", 0, lambda g, c: g * 1.00001),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_backward_is_caught(name: str) -> None:
    pair, index, change = MUTANTS[name]
    note = "mean" if pair == "mse_loss" else ""
    case = example(pair, note)
    wrong = change if index is None else replaced(pair, index, change)
    with pytest.raises(GradientError, match=rf"^{pair}: "):
        check_kernel(case.forward, wrong, *case.arrays(), **case.options)
    check_kernel(case.forward, case.backward, *case.arrays(), **case.options)


def test_zeros_for_softmax_would_pass_with_ones() -> None:
    """Why the weights are random: the mistake is invisible to a sum."""
    x = np.random.default_rng(0).standard_normal((3, 4))
    _, cache = k.softmax_forward(x, 1)
    np.testing.assert_allclose(
        k.softmax_backward(np.ones((3, 4)), cache), 0, atol=1e-15
    )


def test_the_message_names_argument_test_and_difference() -> None:
    case = example("linear")
    wrong = replaced("linear", 1, lambda g, c: g * 2)
    with pytest.raises(GradientError) as caught:
        check_kernel(case.forward, wrong, *case.arrays())
    assert str(caught.value).startswith(
        "linear: the gradient of weight is wrong: the dot test finds a relative difference of 0."
    )
    wrong = replaced("linear", 0, lambda g, c: g.T)
    with pytest.raises(
        GradientError,
        match=r"linear: the gradient of x has shape \(4, 2\), x has shape \(2, 4\)",
    ):
        check_kernel(case.forward, wrong, *case.arrays())
    wrong = replaced("linear", 2, lambda g, c: None)
    with pytest.raises(
        GradientError,
        match="linear: bias has no gradient, but the output depends on it",
    ):
        check_kernel(case.forward, wrong, *case.arrays())


def test_nan_is_no_pass() -> None:
    with pytest.raises(GradientError):
        check_kernel(k.exp_forward, lambda g, c: g * np.nan, np.ones(3))


def test_the_inputs_come_back_unchanged() -> None:
    x = np.linspace(-1, 1, 5)
    before = x.copy()
    check_kernel(k.tanh_forward, k.tanh_backward, x)
    np.testing.assert_array_equal(x, before)


def test_check_gradients_of_a_model_leaves_it_alone() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    before = model.state_dict()
    check = check_gradients(model, np.ones((2, 3), np.float32))
    assert set(check.dot) == {
        "0.weight",
        "0.bias",
        "2.weight",
        "2.bias",
        "input 0",
    }
    assert 0 < check.largest < 1e-6
    for key, array in model.state_dict().items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, before[key])
    assert all(p.grad is None for p in model.parameters())


def test_check_gradients_of_a_function() -> None:
    labels = np.array([0, 2])

    def loss(x: Tensor, weight: Tensor, labels: Any) -> Tensor:
        return F.cross_entropy((x @ weight).exp() * x.sum(), labels)

    check = check_gradients(loss, np.ones((2, 3)), np.eye(3), labels)
    assert set(check.dot) == {"input 0", "input 1"}

    def forgetful(x: Tensor) -> Tensor:
        return x * x.detach()

    with pytest.raises(
        GradientError, match="forgetful: the gradient of input 0 is wrong"
    ):
        check_gradients(forgetful, np.ones(3))
