"""Functions of one array and its axes, drawn by hypothesis, beside torch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import Case, assert_as_torch
from site_tests.kernels.grids import grid
from tutorial_kernels import kernels

examples = settings(deadline=None, max_examples=60, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from(
    [(np.float64, 1e-10), (np.float32, 1e-5), (np.float16, 4e-3)]
)
type Shape = tuple[int, ...]


def drawn(data: st.DataObject, shape: Shape) -> tuple[np.ndarray, float]:
    """Numbers with many equals, some of them 0, and what they may differ."""
    rng = np.random.default_rng(data.draw(seeds))
    dtype, relative = data.draw(dtypes)
    return np.asarray(rng.standard_normal(shape).round(1), dtype), relative


@grid("exp", "log", "sqrt", "negative", "relu")
@examples
@given(st.data(), st.sampled_from(["exp", "log", "sqrt", "negative", "relu"]))
def test_elementwise(data: st.DataObject, name: str) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=3)))
    x, relative = drawn(data, shape)
    reference = {"negative": torch.neg}.get(name) or getattr(torch, name)
    assert_as_torch(Case(name, lambda r: (), reference), [x], {}, relative)


def several_axes(shape: Shape) -> st.SearchStrategy[Any]:
    """One axis or several, counted from the front or from the end."""
    size = max(len(shape), 1)
    axes = st.integers(-size, size - 1)
    many = st.lists(axes, min_size=1, unique_by=lambda a: a % size)
    return axes | many.map(tuple)


@grid("amax", "amin")
@examples
@given(st.data(), st.sampled_from(["amax", "amin"]))
def test_extremes_along_axes(data: st.DataObject, name: str) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 4), max_size=3)))
    x, relative = drawn(data, shape)
    if data.draw(st.booleans()):
        x = np.asarray(np.where(x > 0.9, np.nan, x).astype(x.dtype))
    options = {
        "dim": data.draw(st.just(()) | several_axes(shape)),
        "keepdim": data.draw(st.booleans()),
    }
    case = Case(name, lambda r: (), getattr(torch, name))
    assert_as_torch(case, [x], options, relative)


def new_shapes(draw: Callable[..., Any], shape: Shape) -> dict[str, Any]:
    """The sizes in another order, one of them perhaps to be found out."""
    sizes = list(draw(st.permutations(shape)))
    if sizes and 0 not in sizes and draw(st.booleans()):
        sizes[draw(st.integers(0, len(sizes) - 1))] = -1
    return {"shape": tuple(draw(st.sampled_from([sizes, [1, *sizes]])))}


def axes_to_join(draw: Callable[..., Any], shape: Shape) -> dict[str, Any]:
    size = max(len(shape), 1)
    start = draw(st.integers(0, size - 1))
    end = draw(st.integers(start, size - 1))
    back = draw(st.sampled_from([0, size]))
    return {"start_dim": start - back, "end_dim": end - back}


def axes_to_swap(draw: Callable[..., Any], shape: Shape) -> dict[str, Any]:
    size = max(len(shape), 1)
    axes = st.integers(-size, size - 1)
    return {"dim0": draw(axes), "dim1": draw(axes)}


def order_of_axes(draw: Callable[..., Any], shape: Shape) -> dict[str, Any]:
    order = draw(st.permutations(range(len(shape))))
    back = draw(st.sampled_from([0, len(shape)]))
    return {"dims": tuple(axis - back for axis in order)}


SHAPING = {
    "reshape": new_shapes,
    "flatten": axes_to_join,
    "transpose": axes_to_swap,
    "permute": order_of_axes,
}


@grid(*SHAPING)
@settings(examples, max_examples=160)
@given(st.data(), st.sampled_from(sorted(SHAPING)))
def test_shaping(data: st.DataObject, name: str) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=4)))
    x, _ = drawn(data, shape)
    options = SHAPING[name](data.draw, shape)
    case = Case(name, lambda r: (), getattr(torch, name))
    assert_as_torch(case, [x], options, 0)


@grid("cat", "stack")
@examples
@given(st.data(), st.sampled_from(["cat", "stack"]))
def test_joining(data: st.DataObject, name: str) -> None:
    draw = data.draw
    shape = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    dim = draw(st.integers(-len(shape), len(shape) - 1))
    arrays = []
    for _ in range(draw(st.integers(1, 4))):
        if name == "cat":
            shape[dim] = draw(st.integers(0, 3))
        arrays.append(drawn(data, tuple(shape))[0])
    if name == "cat" and draw(st.booleans()):  # it goes with any shape
        arrays.insert(draw(st.integers(0, len(arrays))), np.zeros(0))

    def reference(*tensors: torch.Tensor, dim: int) -> torch.Tensor:
        return getattr(torch, name)(tensors, dim=dim)

    case = Case(name, lambda r: (), reference)
    assert_as_torch(case, arrays, {"dim": dim}, 1e-3)


INTEGERS = ["uint8", "int8", "int32", "int64"]


@pytest.mark.parametrize("base", INTEGERS)
@pytest.mark.parametrize("exponent", ["int8", "int64"])
def test_powers_of_integers(base: str, exponent: str) -> None:
    x = np.arange(-3, 4).astype(base)[:, np.newaxis]
    y = np.arange(-3, 4).astype(exponent)

    out, _ = kernels.power_forward(x, y)
    expected = torch.tensor(x) ** torch.tensor(y)
    assert str(expected.dtype) == f"torch.{out.dtype}"
    np.testing.assert_array_equal(out, expected.numpy())


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS])
def test_sums_of_integers(dtype: str) -> None:

    x = np.arange(6).reshape(2, 3).astype(dtype)
    out, _ = kernels.sum_forward(x, dim=0)
    assert out.dtype == np.int64
    np.testing.assert_array_equal(out, torch.tensor(x).sum(dim=0).numpy())


def test_sums_of_halves_are_exact_to_the_last_digit() -> None:
    x = np.full((1, 4096), 0.1, np.float16)

    _, cache = kernels.multiply_forward(x, np.ones((), np.float16))
    _, grad = kernels.multiply_backward(np.ones_like(x), cache)
    assert grad is not None
    assert math.isclose(float(grad), float(x.astype(float).sum()), rel_tol=1e-3)
