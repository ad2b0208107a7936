"""Attention beside torch, options drawn by hypothesis; and its mistakes."""

import re
import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import Case, assert_as_torch, assert_close
from site_tests.kernels.cases_attention import (
    PAIR,
    added,
    attention_in_torch,
    blind,
    qkv,
)
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor, functional, kernels, manual_seed
from tutorial_kernels.randomness import generator

forward = kernels.scaled_dot_product_attention_forward
backward = kernels.scaled_dot_product_attention_backward
CASE = Case(PAIR, lambda r: (), attention_in_torch)

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 4)
dtypes = st.sampled_from([(np.float64, 1e-10), (np.float32, 1e-4)])
small = settings(deadline=None, max_examples=100, derandomize=True)


@pytest.fixture(autouse=True)
def no_warnings() -> Any:
    """A reader must not meet a warning from inside the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def stretched(data: st.DataObject, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that can be stretched over `shape`."""
    kept = [n if data.draw(st.booleans()) else 1 for n in shape]
    return tuple(kept[data.draw(st.integers(0, len(kept))) :])


def mask_for(
    data: st.DataObject,
    rng: Any,
    shape: tuple[int, ...],
    dtype: Any,
    kinds: tuple[str, ...] = ("none", "bool", "numbers", "-inf"),
) -> np.ndarray | None:
    """No mask, booleans, numbers, or numbers with -inf among them."""
    kind = data.draw(st.sampled_from(kinds))
    if kind == "none":
        return None
    last = stretched(data, shape[-2:])
    last = (1,) * (2 - len(last)) + last  # torch wants both, for heads
    if kind != "bool":  # one number for all keys changes nothing
        last = (last[0], shape[-1])
    shape = (*stretched(data, shape[:-2]), *last)
    keep = np.asarray(rng.random(shape) < data.draw(st.floats(0, 1)))
    if kind == "bool":
        return keep
    numbers = np.asarray(rng.standard_normal(shape), dtype)
    if kind == "-inf":
        numbers = np.where(keep, numbers, dtype(-np.inf))
    return np.asarray(numbers, np.float32 if data.draw(st.booleans()) else None)


@grid(PAIR, draws=["attn_mask", "is_causal", "scale"])
@small
@given(st.data())
def test_options(data: st.DataObject) -> None:
    draw = data.draw
    dtype, relative = draw(dtypes)
    rng = np.random.default_rng(draw(seeds))
    leading = tuple(draw(st.lists(st.integers(1, 3), max_size=3)))
    queries, keys, size, value_size = (draw(sizes) for _ in range(4))
    arrays: list[Any] = [
        np.asarray(rng.standard_normal((*lead, *last)), dtype)
        for lead, last in [
            (stretched(data, leading), (queries, size)),
            (stretched(data, leading), (keys, size)),
            (leading, (keys, value_size)),
        ]
    ]
    shape = (
        *np.broadcast_shapes(arrays[0].shape[:-2], arrays[1].shape[:-2]),
        *(queries, keys),
    )
    options: dict[str, Any] = {
        "scale": draw(st.sampled_from([None, 0.0, -0.7, 2.0]))
    }
    mask = mask_for(data, rng, shape, dtype)
    if mask is None:
        options["is_causal"] = draw(st.booleans())
    else:
        arrays.append(mask)
    assert_as_torch(CASE, arrays, options, relative)


@small
@given(st.data())
def test_nothing_in_it(data: st.DataObject) -> None:
    """Of an empty call, torch stretches nothing and forgets the mask."""
    draw = data.draw
    rng = np.random.default_rng(draw(seeds))
    leading = tuple(draw(st.lists(st.integers(0, 2), max_size=2)))
    queries, keys, size, value_size = (
        draw(st.integers(0, 2)) for _ in range(4)
    )
    arrays: list[Any] = [
        rng.standard_normal((*leading, *last))
        for last in ((queries, size), (keys, size), (keys, value_size))
    ]
    shape = (*leading, queries, keys)
    mask = mask_for(data, rng, shape, np.float64, ("none", "bool"))
    arrays += [] if mask is None else [mask]
    assert_as_torch(CASE, arrays, {}, 1e-10)


@grid(PAIR, draws=["enable_gqa"])
@small
@given(st.data())
def test_shared_heads(data: st.DataObject) -> None:
    draw = data.draw
    dtype, relative = draw(dtypes)
    rng = np.random.default_rng(draw(seeds))
    leading = draw(st.sampled_from([(), (2,), (2, 1)]))
    heads = draw(st.integers(1, 6))
    divisors = [n for n in range(1, heads + 1) if heads % n == 0]
    key_heads, value_heads = (draw(st.sampled_from(divisors)) for _ in "kv")
    shape = (*leading, heads, 3, 5)
    arrays = [
        np.asarray(rng.standard_normal(s), dtype)
        for s in (
            (*leading, heads, 3, 4),
            (*leading, key_heads, 5, 4),
            (*leading, value_heads, 5, 2),
        )
    ]
    mask = mask_for(data, rng, shape, dtype)
    arrays += [] if mask is None else [mask]
    shared = min(key_heads, value_heads) < heads
    options = {"enable_gqa": shared or draw(st.booleans())}
    assert_as_torch(CASE, arrays, options, relative)


@grid(PAIR, draws=["dropout_mask", "dropout_p"])
@small
@given(st.data())
def test_dropout(data: st.DataObject) -> None:
    draw = data.draw
    dtype, relative = draw(dtypes)
    rng = np.random.default_rng(draw(seeds))
    leading = tuple(draw(st.lists(st.integers(0, 3), max_size=2)))
    p = draw(st.sampled_from([0.0, 0.3, 0.9, 1.0]))
    numbers = (*qkv(rng, *leading), rng.standard_normal((3, 5)))
    arrays = [np.asarray(a, dtype) for a in numbers]
    if p or 0 in leading or draw(st.booleans()):
        arrays.append(rng.random((*leading, 3, 5)) >= p)
    assert_as_torch(CASE, arrays, {"dropout_p": p}, relative)


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)], ids=str)
@pytest.mark.parametrize("kind", ["bool", "numbers", "learned"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_query_that_may_look_nowhere_gets_zeros(
    leading: Any, kind: str, dtype: Any
) -> None:
    rng = np.random.default_rng(0)
    arrays: list[Any] = [np.asarray(a, dtype) for a in qkv(rng, *leading)]
    mask = blind(rng) if kind == "bool" else added(blind(rng)).astype(dtype)
    out, cache = forward(*arrays, mask)
    np.testing.assert_array_equal(out[..., 0, :], 0)
    grads = backward(rng.standard_normal(out.shape).astype(dtype), cache)
    np.testing.assert_array_equal(grads[0][..., 0, :], 0)
    assert all(grad is None or np.isfinite(grad).all() for grad in grads)
    if kind == "learned":
        assert_as_torch(CASE, [*arrays, mask], {}, 1e-5)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("leading", [(), (2, 3)], ids=str)
@pytest.mark.parametrize("size", [1e-30, 1e4])
def test_very_large_and_very_small(
    leading: Any, dtype: Any, size: float
) -> None:
    rng = np.random.default_rng(0)
    arrays = [np.asarray(size * a, dtype) for a in qkv(rng, *leading)]
    assert_as_torch(CASE, arrays, {"is_causal": True}, 1e-5)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_inf_come_through(place: int, bad: float) -> None:
    rng = np.random.default_rng(0)
    arrays = [*qkv(rng, 2), rng.standard_normal((3, 5))]
    arrays[place][..., 1, 1] = bad
    theirs = F.scaled_dot_product_attention(*map(torch.tensor, arrays))
    out, _ = forward(*arrays)
    np.testing.assert_allclose(out, theirs.numpy(), rtol=1e-12)


@pytest.mark.parametrize("leading", [(2,), (2, 3)], ids=str)
def test_half_precision(leading: tuple[int, ...]) -> None:
    """float16 goes in and out; between, it is float32."""
    rng = np.random.default_rng(0)
    arrays = [np.float16(a) for a in (*qkv(rng, *leading), added(blind(rng)))]
    assert_as_torch(CASE, arrays, {}, 5e-3)
    wide = [np.float32(a) for a in arrays]
    out, _ = forward(*arrays)
    assert_close(out, forward(*wide)[0].astype(np.float16), 0)


def test_the_function_of_tensors_is_torchs() -> None:
    rng = np.random.default_rng(0)
    arrays = [np.float32(a) for a in qkv(rng, 2, 3)]
    grad = rng.standard_normal((2, 3, 3, 2)).astype(np.float32)
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    for function, tensors, start in (
        (functional.scaled_dot_product_attention, ours, grad),
        (F.scaled_dot_product_attention, theirs, torch.tensor(grad)),
    ):
        out: Any = function(*tensors, is_causal=True, scale=0.3)
        out.backward(start)
    for one, other in zip(ours, theirs, strict=True):
        assert_close(one.grad, other.grad.numpy(), 1e-5)


def test_the_function_of_tensors_draws_what_it_drops() -> None:
    attend = functional.scaled_dot_product_attention
    arrays = [np.float32(a) for a in qkv(np.random.default_rng(0), 4, 1)]
    manual_seed(3)
    out = attend(*map(Tensor, arrays), dropout_p=0.5)
    manual_seed(3)
    keep = generator.random((4, 1, 3, 5)) >= 0.5
    expected, _ = forward(*arrays, None, keep, 0.5)
    np.testing.assert_array_equal(out.data, expected)
    nothing = attend(*map(Tensor, arrays), dropout_p=1.0)
    np.testing.assert_array_equal(nothing.data, 0)


def zeros(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return np.zeros(shape, dtype)


Q, K, V = zeros(2, 3, 4), zeros(2, 5, 4), zeros(2, 5, 4)
TRUE = np.ones((3, 5), bool)
MISTAKES: list[tuple[tuple[Any, ...], dict[str, Any], type, str]] = [
    ((zeros(4), K, V), {}, ValueError,
     "query needs at least two dimensions, got shape (4,)"),
    ((Q, K, zeros(5)), {}, ValueError,
     "value needs at least two dimensions, got shape (5,)"),
    ((Q, K.astype(int), V), {}, TypeError,
     "key must be floating point, got int64"),
    ((Q, K, V.astype(np.float32)), {}, TypeError,
     "value is float32, query is float64"),
    ((Q, zeros(2, 5, 3), V), {}, ValueError,
     "query has vectors of size 4, key of size 3"),
    ((Q, K, zeros(2, 6, 4)), {}, ValueError,
     "there are 5 keys and 6 values"),
    ((Q, zeros(3, 5, 4), V), {}, ValueError,
     "shapes (2,) and (3,) cannot be broadcast together"),
    ((Q, K, zeros(3, 5, 4)), {}, ValueError,
     "shapes (2,) and (3,) cannot be broadcast together"),
    ((Q, K, V, TRUE), {"is_causal": True}, ValueError,
     "attn_mask must be None when is_causal is True"),
    ((Q, K, V, TRUE.astype(int)), {}, TypeError,
     "attn_mask must be bool, float32 or of the type of query, float64, "
     "got int64"),
    ((Q.astype(np.float32), K.astype(np.float32), V.astype(np.float32),
      zeros(3, 5)), {}, TypeError,
     "attn_mask must be bool, float32 or of the type of query, float32, "
     "got float64"),
    ((Q, K, V, TRUE.T), {}, ValueError,
     "attn_mask of shape (5, 3) cannot be stretched over the weights of "
     "shape (2, 3, 5)"),
    ((Q, K, V, zeros(1, 2, 3, 5)), {}, ValueError,
     "attn_mask of shape (1, 2, 3, 5) cannot be stretched over the weights "
     "of shape (2, 3, 5)"),
    ((Q, K, V, None, TRUE), {}, ValueError,
     "dropout_mask must have shape (2, 3, 5), got (3, 5)"),
    ((Q, K, V, None, zeros(2, 3, 5)), {}, TypeError,
     "dropout_mask must be boolean, got float64"),
    ((Q, K, V), {"dropout_p": 0.5}, ValueError,
     "dropout_p is 0.5, but there is no dropout_mask"),
    ((Q, K, V), {"dropout_p": 1.5}, ValueError,
     "p must be from 0 to 1, got 1.5"),
    ((zeros(3, 4), K, V), {"enable_gqa": True}, ValueError,
     "with enable_gqa, query needs an axis of heads"),
    ((zeros(4, 3, 4), zeros(3, 5, 4), zeros(3, 5, 4)), {"enable_gqa": True},
     ValueError, "the 4 heads of query cannot share the 3 heads of key"),
    ((zeros(4, 3, 4), K, zeros(0, 5, 4)), {"enable_gqa": True},
     ValueError, "the 4 heads of query cannot share the 0 heads of value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arrays", "options", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    arrays: Any, options: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        forward(*arrays, **options)
    assert str(caught.value) == f"{PAIR}: {sentence}"


def test_torch_refuses_as_well() -> None:
    """Or it should: with four axes, it forgets that a mask came twice."""
    q, k, v = map(torch.tensor, (Q, K, V))
    with pytest.raises(RuntimeError, match="attn_mask should not be set"):
        F.scaled_dot_product_attention(
            q, k, v, torch.tensor(TRUE), is_causal=True
        )
