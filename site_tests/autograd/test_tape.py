"""The tape: what it records, in which order it goes back, what it frees."""

import gc
import re
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, explain, no_grad
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import differentiable
from tutorial_kernels.kernels import linear_backward, linear_forward


def leaf(*values: float) -> Tensor:
    return Tensor(np.array(values, dtype=float), requires_grad=True)


@pytest.fixture
def without_gc() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def expression(x: Any, w: Any, exp: Any) -> Any:
    """One of everything; `x` is (3, 2), `w` is (2, 4), both positive."""
    h = (x @ w + 1.5) * 0.5 - x.sum(1).reshape(3, 1)
    h = h / (w.mean(0) + 2) - (-h) * 0.1
    h = exp(h * 0.1) ** 1.5 + (x.flatten().log().mean() + 3).sqrt()
    h = 2 - h + 1 / (h * h + 1) + 2 ** (h * 0.1)
    return h.transpose(0, 1).permute(1, 0).T.reshape(-1, 2).view(2, 6).T


def test_every_operator_is_torchs() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.uniform(0.5, 2, (3, 2)), rng.uniform(0.5, 2, (2, 4))
    ours = [Tensor(x, requires_grad=True), Tensor(w, requires_grad=True)]
    theirs = [
        torch.tensor(x, requires_grad=True),
        torch.tensor(w, requires_grad=True),
    ]
    out = expression(*ours, lambda t: t.exp())
    expected = expression(*theirs, torch.exp)
    np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-12)
    gradient = rng.standard_normal(out.shape)
    out.backward(gradient)
    expected.backward(torch.tensor(gradient))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.grad, other.grad.numpy(), rtol=1e-11)


def test_arrays_and_numbers_on_the_left_ask_the_tensor() -> None:
    x = leaf(1, 2)
    row = np.array([3.0, 4.0])
    for out in (row + x, row - x, row * x, row / x, row**x, row @ x):
        assert isinstance(out, Tensor)
        assert out.requires_grad
    np.testing.assert_array_equal((row - x).data, [2, 2])
    np.testing.assert_array_equal((1 - x).data, [0, -1])
    np.testing.assert_array_equal((row @ x).data, 11)
    with pytest.raises(TypeError):
        np.exp(x)


def test_float32_stays_float32() -> None:
    x = Tensor(np.ones((2, 3), np.float32), requires_grad=True)
    out = ((2.0 * x + 1) ** 2 / 3).mean() * np.sqrt(2.0) + np.float64(1)
    assert out.dtype == np.float32
    out.backward()
    assert x.grad.dtype == np.float32


def test_a_tensor_used_twice_gets_both_gradients() -> None:
    x = leaf(2)
    y = x * x
    z = y * y + y + x
    z.backward()
    np.testing.assert_allclose(x.grad, [4 * 8 + 4 + 1])


def test_order_is_by_number_and_not_by_depth() -> None:
    """A diamond with arms of different length: y must wait for both."""
    x = leaf(0.5)
    y = x * 2
    long = y
    for _ in range(5):
        long = long * 1.5
    (y + long).backward()
    np.testing.assert_allclose(x.grad, [2 * (1 + 1.5**5)])


def test_gradients_add_up_until_zeroed() -> None:
    x = leaf(1, 2)
    for times in (1, 2, 3):
        (x * 3).sum().backward()
        np.testing.assert_array_equal(x.grad, [3.0 * times] * 2)
    x.grad = None
    (x * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])


def test_two_leaves_never_share_one_gradient_array() -> None:
    x, y = leaf(1, 2), leaf(3, 4)
    gradient = np.ones(2)
    (x + y).backward(gradient)
    x.grad *= 5
    np.testing.assert_array_equal(y.grad, [1, 1])
    np.testing.assert_array_equal(gradient, [1, 1])
    x.sum().backward()
    assert x.grad.flags.writeable


def test_gradients_are_arrays_also_of_single_numbers() -> None:
    x = Tensor(2.0, requires_grad=True)
    for _ in range(2):
        (x * x).backward()
    assert isinstance(x.grad, np.ndarray)
    assert x.grad.shape == ()
    assert x.grad.dtype == np.float32
    assert x.grad == 8


def test_no_grad_records_nothing_and_comes_back_after_an_error() -> None:
    x = leaf(1)
    with no_grad():
        assert not (x * 2).requires_grad
        with no_grad():
            pass
        assert (x * 2).call is None
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0  # noqa: B018

    @no_grad()
    def double(t: Tensor) -> Tensor:
        return t * 2

    assert not double(x).requires_grad
    assert (x * 2).requires_grad


def test_detach_stops_the_way_back() -> None:
    x = leaf(3)
    y = (x * 2).detach()
    assert not y.requires_grad
    (x * y).backward()
    np.testing.assert_array_equal(x.grad, [6])


def test_inputs_without_requires_grad_get_none() -> None:
    x, data = leaf(1, 2), Tensor(np.array([3.0, 4.0]))
    (x * data).sum().backward()
    assert data.grad is None
    np.testing.assert_array_equal(x.grad, [3, 4])


def test_integer_tensors_pass_by() -> None:
    logits = Tensor(np.zeros((2, 3)), requires_grad=True)
    F.cross_entropy(logits, Tensor([0, 1])).backward()
    once = logits.grad
    F.cross_entropy(logits, [0, 1]).backward()
    np.testing.assert_allclose(logits.grad, 2 * once)
    mask = Tensor(np.array([[True, False, True]]))
    assert (logits * mask).dtype == np.float64


@pytest.mark.usefixtures("without_gc")
def test_memory_is_freed_without_the_garbage_collector() -> None:
    weight = Tensor(np.ones((10, 10)), requires_grad=True)
    seen = []
    for backward in (True, False):
        h = Tensor(np.ones((5, 10)))
        for _ in range(50):
            h = F.tanh(h @ weight)
            seen.append(weakref.ref(h))
        loss = h.mean()
        seen.append(weakref.ref(loss.call))
        if backward:
            loss.backward()
        del h, loss
    assert [ref() for ref in seen if ref() is not None] == []


@pytest.mark.usefixtures("without_gc")
def test_backward_lets_go_of_the_activations_at_once() -> None:
    x = Tensor(np.ones((5, 10)), requires_grad=True)
    hidden = F.tanh(x * 2)
    array = weakref.ref(hidden.data)
    loss = (hidden * 3).sum()
    del hidden
    assert array() is not None
    loss.backward()
    assert array() is None


def test_a_second_backward_says_what_to_do() -> None:
    x = leaf(1, 2)
    loss = (x * x).sum()
    loss.backward()
    with pytest.raises(
        RuntimeError, match=r"used up by an earlier backward.*retain_graph=True"
    ):
        loss.backward()
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    np.testing.assert_array_equal(x.grad, [6, 12])


def test_a_long_chain_needs_no_recursion() -> None:
    x = leaf(1)
    y = x
    for _ in range(20_000):
        y = y + 0.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [1])
    y = x
    for _ in range(20_000):
        y = y + 0.0
    del y  # freed one by one, too


def minmax_forward(x: Any) -> Any:
    return (x.min(), x.max()), (x,)


def minmax_backward(grad_min: Any, grad_max: Any, cache: Any) -> Any:
    (x,) = cache
    return grad_min * (x == x.min()) + grad_max * (x == x.max())


def test_a_pair_with_several_outputs() -> None:
    minmax = differentiable(minmax_forward, minmax_backward)
    x = leaf(3, 1, 2)
    low, high = minmax(x)
    (low * 10 + high).backward()
    np.testing.assert_array_equal(x.grad, [1, 10, 0])
    x.grad = None
    minmax(x)[1].backward()  # nothing arrives at the other output
    np.testing.assert_array_equal(x.grad, [1, 0, 0])


def test_a_lifted_pair_takes_tensors_by_name_too() -> None:
    linear = differentiable(linear_forward, linear_backward)
    assert linear.__name__ == "linear"
    assert linear.__doc__ == linear_forward.__doc__
    x, w, b = (
        Tensor(np.ones(s), requires_grad=True) for s in ((2, 3), (4, 3), 4)
    )
    linear(x, bias=b, weight=w).sum().backward()
    assert [t.grad.shape for t in (x, w, b)] == [(2, 3), (4, 3), (4,)]
    with pytest.raises(
        TypeError, match="missing a required argument: 'weight'"
    ):
        linear(x)


def test_a_backward_of_the_wrong_shape_is_named() -> None:
    def turned(grad_out: Any, cache: Any) -> Any:
        grads = linear_backward(grad_out, cache)
        return grads[0], grads[1].T, grads[2]

    linear = differentiable(linear_forward, turned)
    out = linear(
        Tensor(np.ones((2, 3))), Tensor(np.ones((4, 3)), requires_grad=True)
    )
    sentence = "backward: linear gave a gradient of shape (3, 4) for an input of shape (4, 3)"
    with pytest.raises(RuntimeError, match=re.escape(sentence)):
        out.sum().backward()


@pytest.mark.parametrize("slope", [2.0, [2.0, 3.0]], ids=str)
def test_a_backward_may_give_plain_numbers(slope: Any) -> None:
    def scale_forward(x: Any) -> Any:
        return (x * np.asarray(slope)).sum(), ()

    scale = differentiable(scale_forward, lambda grad, cache: (slope,))
    x = Tensor(np.ones_like(slope), requires_grad=True)
    scale(x).backward()
    np.testing.assert_array_equal(x.grad, slope)


COMPLAINTS = [
    (lambda: Tensor(np.ones(3), requires_grad=True).backward(),
     "backward: only a single number can do without a gradient, this tensor has shape (3,)"),
    (lambda: Tensor(1.0).backward(),
     "backward: this tensor was not computed from any tensor that requires gradients"),
    (lambda: Tensor(np.ones(3), requires_grad=True).backward(np.ones(2)),
     "backward: the gradient must have shape (3,), got (2,)"),
    (lambda: Tensor([1, 2], requires_grad=True),
     "Tensor: only floating-point data can require gradients, got int64"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), COMPLAINTS)
def test_complaints(call: Any, sentence: str) -> None:
    with pytest.raises(RuntimeError) as caught:
        call()
    assert str(caught.value) == sentence


def test_data_types_of_new_tensors() -> None:
    assert Tensor([1.0, 2.0]).dtype == np.float32
    assert Tensor(0.5).dtype == np.float32
    assert Tensor(np.array([1.0])).dtype == np.float64
    assert Tensor(np.float64(1)).dtype == np.float64
    assert Tensor([1, 2]).dtype.kind == "i"
    assert Tensor([True]).dtype == np.bool_
    assert Tensor(Tensor([1.0])).shape == (1,)


def test_data_is_shared_unless_it_is_to_be_trained() -> None:
    array = np.ones(3)
    assert Tensor(array).data is array
    assert not np.shares_memory(Tensor(array, requires_grad=True).data, array)


def test_small_things() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3))
    assert (x.shape, x.ndim, len(x), x.size(), x.size(1)) == (
        (2, 3),
        2,
        2,
        (2, 3),
        3,
    )
    assert x.numpy() is x.data
    assert Tensor(2.5).item() == float(Tensor(2.5)) == 2.5
    assert f"{Tensor(2.5):.3f}" == "2.500"
    assert f"{Tensor([2.5])}" == "Tensor([2.5])"
    with pytest.raises(ValueError, match="size 1"):
        x.item()


def test_printed_form() -> None:
    x = leaf(1, 2)
    assert repr(x) == "Tensor([1., 2.], dtype=float64, requires_grad=True)"
    assert repr(Tensor([1.0]) * 2) == "Tensor([2.])"
    assert repr(x * 2) == "Tensor([2., 4.], dtype=float64, from=multiply)"


def test_explain_lists_the_calls_in_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    x = Tensor(np.ones((2, 4)))
    weight = Tensor(np.ones((3, 4)), requires_grad=True)
    hidden = F.relu(F.linear(x, weight))
    explain((hidden + hidden * 2).sum())
    assert capsys.readouterr().out.splitlines() == [
        "#1 linear(data (2, 4), leaf (3, 4)) -> (2, 3)",
        "#2 relu(#1) -> (2, 3)",
        "#3 multiply(#2) -> (2, 3)",
        "#4 add(#2, #3) -> (2, 3)",
        "#5 sum(#4) -> ()",
    ]
    explain(x)
    assert capsys.readouterr().out == ""


def test_softmax_without_a_dim_guesses_aloud() -> None:
    x = Tensor(np.zeros((2, 3, 4)))
    with pytest.warns(UserWarning, match="softmax: no dim given, taking dim=0"):
        assert F.softmax(x).data[0, 0, 0] == 0.5
    with pytest.warns(
        UserWarning, match="log_softmax: no dim given, taking dim=1"
    ):
        F.log_softmax(Tensor(np.zeros((2, 3))))


def test_a_first_layer_is_spared_the_gradient_of_its_data() -> None:
    """And its parameters get theirs, bit for bit."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 2, 6, 6))
    weight = rng.standard_normal((4, 2, 3, 3))
    grads: list[Any] = []
    for is_data in (True, False):
        images = Tensor(x, requires_grad=not is_data)
        weights = Tensor(weight, requires_grad=True)
        out = F.conv2d(images, weights)
        out.backward(np.cos(np.arange(out.data.size)).reshape(out.shape))
        assert (images.grad is None) == is_data
        grads.append(weights.grad)
    assert np.array_equal(*grads)
