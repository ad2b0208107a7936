"""Extremes, indexing and cutting over their options, beside torch."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.counts import COUNTS, GENERATED
from site_tests.kernels.case import Case, assert_as_torch, assert_close
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor, kernels
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.gradcheck import check_gradients, check_kernel

small = settings(deadline=None, max_examples=100, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float16, np.float32, np.float64])


def drawn(data: st.DataObject, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(data.draw(seeds))
    return np.asarray(rng.standard_normal(shape), data.draw(dtypes))


@grid("max", "min")
@small
@given(st.data(), st.sampled_from(["max", "min"]), st.booleans())
def test_extremes_of_all_and_along_an_axis(
    data: st.DataObject, name: str, keepdim: bool
) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 4), max_size=3)))
    size = max(len(shape), 1)
    dim = data.draw(st.none() | st.integers(-size, size - 1))
    x = np.round(drawn(data, shape))  # many ties: equals share the gradient
    if dim is not None and len(shape) > 1 and data.draw(st.booleans()):
        empty = data.draw(st.integers(0, len(shape) - 1))
        if empty != dim % size:
            x = x[(slice(None),) * empty + (slice(0, 0),)]
    if data.draw(st.booleans()):
        x = np.where(drawn(data, x.shape) > 1, np.nan, x).astype(x.dtype)
    options = {} if dim is None else {"dim": dim, "keepdim": keepdim}
    case = Case(name, lambda r: (), getattr(torch, name))
    relative = 1e-3 if x.itemsize == 2 else 1e-6
    assert_as_torch(case, [np.asarray(x)], options, relative)


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("dim", [0, -1])
def test_extremes_along_an_axis_are_derivatives(name: str, dim: int) -> None:
    forward = getattr(kernels, f"{name}_forward")

    def values(x: np.ndarray) -> Any:
        (out, _), cache = forward(x, dim)
        return out, cache

    x = np.random.default_rng(0).standard_normal((3, 4))
    check = check_kernel(values, getattr(kernels, f"{name}_backward"), x)
    assert 0 < check.largest < 1e-6


def keys(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    """Keys that both NumPy and torch understand, in torch's meaning."""

    def of_axis(size: int) -> st.SearchStrategy[Any]:
        cut = st.slices(size).filter(lambda s: (s.step or 1) > 0)
        return cut | st.integers(-size, size - 1) if size else cut

    parts = st.tuples(*[of_axis(size) for size in shape])
    return st.tuples(parts, st.integers(0, len(shape))).map(
        lambda drawn: drawn[0][: drawn[1]]
    )


@grid("index")
@small
@given(st.data())
def test_integers_and_slices(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=4)))
    key = data.draw(keys(shape))
    at = data.draw(st.integers(0, len(key)))
    new = data.draw(st.sampled_from([(), (None,), (None, None)]))
    key = (*key[:at], *new, *key[at:])
    if data.draw(st.booleans()) and len(key) < 4:
        key = (*key, ...)
    case = Case("index", lambda r: (), lambda x, key: x[key])
    assert_as_torch(case, [drawn(data, shape)], {"key": key}, 1e-6)


@grid("index")
@small
@given(st.data())
def test_arrays_among_integers_and_slices(data: st.DataObject) -> None:
    shape = tuple(
        data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    )
    rng = np.random.default_rng(data.draw(seeds))
    length = data.draw(st.integers(0, 5))
    key: list[Any] = []
    for size in shape:
        kind = data.draw(
            st.sampled_from(["array", "column", "slice", "integer"])
        )
        if kind == "slice":
            key.append(slice(data.draw(st.integers(0, size)), None))
        elif kind == "integer":
            key.append(data.draw(st.integers(-size, size - 1)))
        else:
            places = rng.integers(-size, size, length)
            key.append(
                places if kind == "array" else rng.integers(0, size, (2, 1))
            )
    x = drawn(data, shape)
    x = x.astype(np.float32 if x.itemsize == 2 else x.dtype)
    case = Case("index", lambda r: (), lambda x, key: x[in_torch(key)])
    assert_as_torch(case, [x], {"key": tuple(key)}, 1e-6)


def in_torch(key: Any) -> Any:
    return tuple(
        torch.tensor(part) if isinstance(part, np.ndarray) else part
        for part in key
    )


MASK = np.arange(12).reshape(3, 4) % 5 < 2


@pytest.mark.parametrize(
    "key",
    [MASK, (MASK[:, 0],), (slice(1, 3), MASK[0]), (1, MASK[0]), (..., MASK[0]),
     [2, 0, 2], ([0, 1], [3, 3]), np.zeros((3, 4), bool)],
    ids=str,
)  # fmt: skip
def test_masks_and_lists(key: Any) -> None:
    x = np.random.default_rng(0).standard_normal((3, 4))

    def reference(x: torch.Tensor, key: Any) -> torch.Tensor:
        if isinstance(key, np.ndarray):
            return x[torch.tensor(key)]
        return x[in_torch(key) if isinstance(key, tuple) else key]

    assert_as_torch(
        Case("index", lambda r: (), reference), [x], {"key": key}, 0
    )


@small
@given(st.data())
def test_chunk(data: st.DataObject) -> None:
    shape = tuple(
        data.draw(st.lists(st.integers(0, 7), min_size=1, max_size=3))
    )
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    chunks = data.draw(st.integers(1, 8))
    x = drawn(data, shape)
    leaf, tensor = Tensor(x, True), torch.tensor(x, requires_grad=True)
    ours, theirs = leaf.chunk(chunks, dim), torch.chunk(tensor, chunks, dim)
    assert len(ours) == len(theirs)
    assert [o.shape for o in F.chunk(leaf, chunks, dim)] == [
        o.shape for o in ours
    ]
    for one, other in zip(ours, theirs, strict=True):
        assert_close(one.data, other.detach().numpy(), 0)
    picked = data.draw(st.integers(0, len(ours) - 1))  # the others get zeros
    grad = np.asarray(
        np.random.default_rng(1).standard_normal(ours[picked].shape)
    )
    grad = grad.astype(x.dtype)
    ours[picked].backward(grad)
    theirs[picked].backward(torch.tensor(grad))
    assert_close(leaf.grad, tensor.grad.numpy(), 0)
    COUNTS[GENERATED] += 1


def test_the_tape_goes_through_all_of_them() -> None:
    x = np.random.default_rng(0).standard_normal((4, 6))
    places = Tensor(np.array([0, 2, 2]))

    def function(x: Tensor) -> Tensor:
        first, second, _ = x.chunk(3, dim=1)
        best, _ = (first * second).max(dim=0)
        return x[places, 1:3] * best + x.min() * x[..., -1:].max()

    assert 0 < check_gradients(function, x).largest < 1e-6


def test_a_tensor_is_a_sequence_of_its_rows() -> None:
    x = Tensor(np.arange(6.0).reshape(3, 2), True)
    rows = list(x)
    assert [row.shape for row in rows] == [(2,)] * 3
    (rows[0] * rows[2]).backward(np.array([1.0, 10.0]))
    np.testing.assert_array_equal(x.grad, [[4, 50], [0, 0], [0, 10]])
    np.testing.assert_array_equal(np.asarray(x), x.data)
    assert np.asarray(x, dtype=np.float32).dtype == np.float32


def test_comparisons_and_argmax_are_plain_arrays() -> None:
    values = np.array([[1.0, np.nan, 3.0], [3.0, 2.0, 3.0]])
    x, tensor = Tensor(values, True), torch.tensor(values)
    for ours, theirs in [
        (x < 3, tensor < 3), (x <= 3, tensor <= 3), (x > 2.5, tensor > 2.5),
        (x >= x, tensor >= tensor), (np.float64(3) > x, tensor < 3),
        (np.full(3, 3.0) >= x, torch.full((3,), 3.0).double() >= tensor),
        (x.argmax(), tensor.argmax()), (x.argmax(0), tensor.argmax(0)),
        (x.argmax(-1, keepdim=True), tensor.argmax(-1, keepdim=True)),
    ]:  # fmt: skip
        assert type(ours) is np.ndarray
        assert ours.dtype == theirs.numpy().dtype
        np.testing.assert_array_equal(ours, theirs.numpy())


X = Tensor(np.zeros((2, 3)))
MISTAKES: list[tuple[Any, type[Exception], str]] = [
    (lambda: X[2], IndexError,
     "index: index 2 is out of bounds for axis 0 with size 2; x has shape (2, 3)"),
    (lambda: X[0, 0, 0], IndexError,
     "index: too many indices for array: array is 2-dimensional, but 3 were indexed; x has shape (2, 3)"),
    (lambda: X[:, np.array([3])], IndexError,
     "index: index 3 is out of bounds for axis 1 with size 3; x has shape (2, 3)"),
    (lambda: X[::-1], ValueError, "index: a slice must go forward, got a step of -1"),
    (lambda: X.max(2), ValueError, "max: dim must be from -2 to 1 for an array of 2 dimensions, got 2"),
    (lambda: X[:0].max(), ValueError, "max: there is nothing to choose from in an array of shape (0, 3)"),
    (lambda: X[:0].min(0), ValueError, "min: there is nothing to choose from in an array of shape (0, 3)"),
    (lambda: X.chunk(0), ValueError,
     "chunk: needs an axis to cut and at least one part, got shape (2, 3) and 0 parts"),
    (lambda: X.sum().chunk(2), ValueError,
     "chunk: needs an axis to cut and at least one part, got shape () and 2 parts"),
    (lambda: X.chunk(2, 2), ValueError, "chunk: dim must be from -2 to 1 for an array of 2 dimensions, got 2"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "sentence"), MISTAKES)
def test_mistakes(call: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value) == sentence
