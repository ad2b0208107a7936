"""Masks and axes of size 1 beside torch: options, mistakes, methods."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import Case, assert_as_torch
from site_tests.kernels.cases_shaping import expanded_in_torch
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor, kernels

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float16, np.float32, np.float64])
small = settings(deadline=None, max_examples=60, derandomize=True)


def drawn(data: st.DataObject, shape: Any, dtype: Any = np.float64) -> Any:
    rng = np.random.default_rng(data.draw(seeds))
    return np.asarray(rng.standard_normal(shape), dtype)


@grid("squeeze", "unsqueeze")
@small
@given(st.data())
def test_squeeze_and_unsqueeze(data: st.DataObject) -> None:
    draw = data.draw
    shape = draw(st.lists(st.integers(0, 2), max_size=4))
    x = drawn(data, shape, draw(dtypes))
    dims = st.integers(-len(shape), len(shape) - 1)
    for options in (
        {},
        {"dim": draw(dims)} if shape else {},
        {"dim": tuple(draw(st.sets(st.integers(0, len(shape) - 1))))}
        if shape
        else {},
    ):
        assert_as_torch(
            Case("squeeze", lambda r: (), torch.squeeze), [x], options, 0
        )
    place = draw(st.integers(-len(shape) - 1, len(shape)))
    case = Case("unsqueeze", lambda r: (), torch.unsqueeze)
    assert_as_torch(case, [x], {"dim": place}, 0)


@grid("expand", "unflatten")
@small
@given(st.data())
def test_expand_and_unflatten(data: st.DataObject) -> None:
    draw = data.draw
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    dtype = draw(dtypes)
    x = drawn(data, shape, dtype)
    grown = [n if n != 1 else draw(st.integers(0, 3)) for n in shape]
    sizes = [draw(st.sampled_from([n, n, -1])) if n else n for n in grown]
    sizes = draw(st.lists(st.integers(0, 2), max_size=2)) + sizes
    case = Case("expand", lambda r: (), expanded_in_torch)
    assert_as_torch(case, [x], {"sizes": tuple(sizes)}, 2e-3)

    parts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    before = draw(st.lists(st.integers(0, 2), max_size=1))
    y = drawn(data, (*before, int(np.prod(parts)), 2), dtype)
    if draw(st.booleans()):
        parts[draw(st.integers(0, len(parts) - 1))] = -1
    case = Case("unflatten", lambda r: (), torch.unflatten)
    dim = draw(st.sampled_from([-2, len(before)]))
    assert_as_torch(case, [y], {"dim": dim, "sizes": tuple(parts)}, 0)


@grid("masked_fill", "where")
@small
@given(st.data())
def test_masked_fill_and_where(data: st.DataObject) -> None:
    draw = data.draw
    dtype = draw(dtypes)
    full = draw(st.lists(st.integers(0, 3), max_size=3))

    def shape() -> list[int]:
        kept = [n if draw(st.booleans()) else 1 for n in full]
        return kept[draw(st.integers(0, len(kept))) :]

    x, mask = drawn(data, shape(), dtype), drawn(data, shape()) > 0
    value = draw(st.sampled_from([0, 2.5, -np.inf]))
    case = Case("masked_fill", lambda r: (), torch.masked_fill)
    relative = 1e-3 if dtype == np.float16 else 1e-6
    mask = np.asarray(mask)
    assert_as_torch(case, [x, mask], {"value": value}, relative)
    y = drawn(data, shape(), draw(st.sampled_from([dtype, np.float32])))
    case = Case("where", lambda r: (), torch.where)
    assert_as_torch(case, [mask, x, y], {}, relative)


@pytest.mark.parametrize(
    "split_size", [1, 2, 4, 5, 9, [2, 3], [0, 5, 0], (1, 1, 3)], ids=str
)
@pytest.mark.parametrize("dim", [0, -2])
def test_split(split_size: Any, dim: int) -> None:
    x = np.arange(40.0).reshape(5, 2, 4)[:, 0]
    x = np.ascontiguousarray(x)
    ours = Tensor(x, requires_grad=True).split(split_size, dim)
    if isinstance(split_size, tuple):
        split_size = list(split_size)
    theirs = torch.tensor(x).split(split_size, dim)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.data, other.numpy())
        assert one.requires_grad
    assert [t.shape for t in Tensor(np.zeros((0, 2))).split(0)] == [(0, 2)]
    assert [t.shape for t in Tensor(np.zeros((0, 2))).split(3)] == [(0, 2)]


def test_attention_by_hand_as_one_writes_it_in_torch() -> None:
    """The methods of a tensor, and their gradients, in one expression."""
    x = np.random.default_rng(0).standard_normal((2, 3, 12))
    hidden = np.triu(np.ones((3, 3), bool), 1)
    weight = np.random.default_rng(1).standard_normal((2, 3, 4))

    def attend(x: Any, hidden: Any, where: Any) -> Any:
        q, k, v = (
            part.unflatten(-1, (2, 2)).transpose(1, 2)
            for part in x.split(4, -1)
        )
        scores = q @ k.transpose(-2, -1) / 2**0.5
        scores = scores.masked_fill(hidden, float("-inf"))
        weights = scores.softmax(-1)
        weights = where(weights)
        out = (weights @ v).transpose(1, 2).reshape(2, 3, 4)
        return (out + out.mean(1).unsqueeze(1).expand(-1, 3, -1)).squeeze()

    ours = Tensor(x, requires_grad=True)
    attend(ours, hidden, lambda w: w.where(w > 0.2, w * 0.5)).backward(weight)
    theirs = torch.tensor(x, requires_grad=True)
    attend(
        theirs, torch.tensor(hidden), lambda w: torch.where(w > 0.2, w, w * 0.5)
    ).backward(torch.tensor(weight))
    np.testing.assert_allclose(ours.grad, theirs.grad, rtol=1e-12, atol=1e-15)


X = np.zeros((2, 3))
MASK = X == 0
MISTAKES: list[tuple[str, tuple[Any, ...], type, str]] = [
    ("squeeze", (X, 2), ValueError,
     "squeeze: dim must be from -2 to 1 for an array of 2 dimensions, got 2"),
    ("squeeze", (X, (0, -2)), ValueError,
     "squeeze: dim (0, -2) names an axis twice"),
    ("unsqueeze", (X, 3), ValueError,
     "unsqueeze: dim must be from -3 to 2 for an array of 3 dimensions, got 3"),
    ("unflatten", (X, 1, (2, -1)), ValueError,
     "unflatten: sizes (2, -1) do not multiply to the size 3 of dim 1"),
    ("unflatten", (X, 1, (2, 2)), ValueError,
     "unflatten: sizes (2, 2) do not multiply to the size 3 of dim 1"),
    ("unflatten", (X, 1, (-3, -1)), ValueError,
     "unflatten: sizes (-3, -1) do not multiply to the size 3 of dim 1"),
    ("unflatten", (X, 1, ()), ValueError,
     "unflatten: sizes () do not multiply to the size 3 of dim 1"),
    ("unflatten", (X, 1, (-1, -1)), ValueError,
     "unflatten: only one of the sizes (-1, -1) may be -1"),
    ("expand", (X, (3,)), ValueError,
     "expand: shape (2, 3) cannot be stretched to (3,)"),
    ("expand", (X, (4, 3)), ValueError,
     "expand: shape (2, 3) cannot be stretched to (4, 3)"),
    ("expand", (X, (-1, 2, 3)), ValueError,
     "expand: shape (2, 3) cannot be stretched to (-1, 2, 3)"),
    ("masked_fill", (X, MASK.astype(int), 0.0), TypeError,
     "masked_fill: mask must be a boolean array, got int64"),
    ("masked_fill", (X, True, 0.0), TypeError,
     "masked_fill: mask must be a boolean array, got bool"),
    ("masked_fill", (X, MASK.T, 0.0), ValueError,
     "masked_fill: shapes (2, 3) and (3, 2) cannot be broadcast together"),
    ("masked_fill", (X, MASK, X), ValueError,
     "masked_fill: value must be a single number, got shape (2, 3)"),
    ("masked_fill", (X.astype(int), MASK, -np.inf), TypeError,
     "masked_fill: x holds int64, value is floating point"),
    ("where", (X, X, X), TypeError,
     "where: condition must be a boolean array, got float64"),
    ("where", (MASK, X, X.T), ValueError,
     "where: shapes (2, 3) and (3, 2) cannot be broadcast together"),
    ("where", (MASK.T, X, X), ValueError,
     "where: shapes (3, 2) and (2, 3) cannot be broadcast together"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "arrays", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    pair: str, arrays: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        getattr(kernels, f"{pair}_forward")(*arrays)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("split_size", [0, -1, [2, 2], [6, -1], []], ids=str)
def test_split_refuses_what_does_not_fill_the_axis(split_size: Any) -> None:
    sentence = f"split: {split_size} is no way to cut dim 0 of shape (5, 2)"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Tensor(np.zeros((5, 2))).split(split_size)
