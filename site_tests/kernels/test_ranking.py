"""topk and cumsum beside torch: options, equals, nan, integers, no axes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorial_kernels import Tensor
from tutorial_kernels.kernels import (
    cumsum_backward,
    cumsum_forward,
    topk_backward,
    topk_forward,
)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_topk_with_any_options(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(1, 4), min_size=0, max_size=3))
    dim = data.draw(st.integers(-max(len(shape), 1), max(len(shape), 1) - 1))
    k = data.draw(st.integers(0 if shape else 1, shape[dim] if shape else 1))
    largest = data.draw(st.booleans())
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = rng.permutation(int(np.prod(shape))).astype(np.float64).reshape(shape)
    if data.draw(st.booleans()) and x.size:
        x[x == x.max()] = np.nan
    tensor = torch.tensor(x, requires_grad=True)
    expected = torch.topk(tensor, k, dim, largest)
    (values, places), cache = topk_forward(x, k, dim, largest)
    np.testing.assert_array_equal(values, expected.values.detach())
    np.testing.assert_array_equal(places, expected.indices)
    grad = np.asarray(rng.standard_normal(values.shape))
    expected.values.backward(torch.tensor(grad))
    np.testing.assert_array_equal(
        topk_backward(grad, cache), np.asarray(tensor.grad)
    )


def test_of_equals_the_first_comes_first() -> None:
    x = np.array([1, 3, 3, 2, 3])
    for largest, expected in ((True, [1, 2, 4]), (False, [0, 3, 1])):
        (_, places), cache = topk_forward(x, 3, largest=largest)
        assert places.tolist() == expected
        assert topk_backward(np.ones(3), cache) is None


@pytest.mark.parametrize(
    ("shape", "k", "dim"), [((3,), 4, 0), ((3,), -1, 0), ((3,), 1, 1)]
)
def test_topk_refuses_what_is_not_there(
    shape: tuple[int, ...], k: int, dim: int
) -> None:
    with pytest.raises(ValueError, match=r"topk: (k|dim) must be from"):
        topk_forward(np.zeros(shape), k, dim)


@pytest.mark.parametrize("dtype", ["f2", "i4", "i8", "u1", "?"])
@pytest.mark.parametrize("shape", [(), (5,), (2, 0), (3, 4)])
def test_cumsum_of_every_type(dtype: str, shape: tuple[int, ...]) -> None:
    x = (np.arange(np.prod(shape)).reshape(shape) % 3).astype(dtype)
    out, cache = cumsum_forward(x, -1)
    expected = torch.cumsum(torch.tensor(x), -1).numpy()
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out, expected)
    grad = cumsum_backward(out, cache)
    assert (grad is None) == (dtype != "f2")
    assert grad is None or grad.dtype == x.dtype


def test_cumsum_refuses_an_axis_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="cumsum: dim must be from -2 to 1"):
        cumsum_forward(np.zeros((2, 2)), 2)


def test_both_on_the_tape() -> None:
    x = Tensor(np.array([1.0, 4.0, 2.0]), requires_grad=True)
    values, places = x.topk(2)
    assert places.data.tolist() == [1, 2]
    (values.cumsum(0) * np.array([1.0, 10.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 11, 10])
