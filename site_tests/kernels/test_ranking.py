"""topk and cumsum beside torch: options, equals, nan, integers, no axes."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import Case, assert_as_torch
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor
from tutorial_kernels.kernels import (
    cumsum_backward,
    cumsum_forward,
    topk_backward,
    topk_forward,
)

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from(
    [(np.float64, 1e-10), (np.float32, 1e-5), (np.float16, 2e-3)]
)
examples = settings(deadline=None, max_examples=80, derandomize=True)


def topk_in_torch(x: torch.Tensor, **options: Any) -> Any:
    """With `sorted=False` torch promises no order: ours is that of True."""
    return torch.topk(x, **options | {"sorted": True})


@grid("topk")
@examples
@given(st.data())
def test_topk(data: st.DataObject) -> None:
    draw = data.draw
    shape = tuple(draw(st.lists(st.integers(1, 4), max_size=3)))
    axes = max(len(shape), 1)
    dim = draw(st.integers(-axes, axes - 1))
    most = shape[dim] if shape else 1
    options = {
        "k": draw(st.integers(0 if shape else 1, most)),
        "dim": dim,
        "largest": draw(st.booleans()),
        "sorted": draw(st.booleans()),
    }
    rng = np.random.default_rng(draw(seeds))
    dtype, relative = draw(dtypes)
    x = rng.permutation(int(np.prod(shape))).astype(dtype).reshape(shape)
    if draw(st.booleans()):  # one nan: of several, any may be the first
        x = np.asarray(np.where(x == x.max(), np.nan, x), dtype)
    case = Case("topk", lambda r: (), topk_in_torch)
    assert_as_torch(case, [x], options, relative)


@grid("cumsum")
@examples
@given(st.data())
def test_cumsum(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 5), max_size=3)))
    axes = max(len(shape), 1)
    dtype, relative = data.draw(dtypes)
    rng = np.random.default_rng(data.draw(seeds))
    x = np.asarray(rng.standard_normal(shape), dtype)
    case = Case("cumsum", lambda r: (), torch.cumsum)
    options = {"dim": data.draw(st.integers(-axes, axes - 1))}
    assert_as_torch(case, [x], options, relative)


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
