"""The contract of a pair, held against every pair there is."""

import inspect
from typing import Any

import numpy as np
import pytest

from site_tests.kernels.cases import CASES, Case, as_tuple, assert_as_torch
from tutorial_kernels import kernels
from tutorial_kernels.gradcheck import check_kernel

every_pair = pytest.mark.parametrize("case", CASES, ids=str)


def test_every_pair_is_complete_and_has_a_case() -> None:
    forwards = {
        n.removesuffix("_forward")
        for n in kernels.__all__
        if n.endswith("_forward")
    }
    backwards = {
        n.removesuffix("_backward")
        for n in kernels.__all__
        if n.endswith("_backward")
    }
    assert forwards == backwards == {case.pair for case in CASES}
    for name in forwards:
        forward = getattr(kernels, f"{name}_forward")
        backward = getattr(kernels, f"{name}_backward")
        assert (
            inspect.unwrap(forward).__module__
            == inspect.unwrap(backward).__module__
        )
        grads_out, after = arguments_of(backward)
        assert after in ({}, {"needs_grad_x": True})
        assert grads_out == ["grad_out"] or (
            len(grads_out) == outputs_of(name)
            and all(grad.startswith("grad_") for grad in grads_out)
        )


def arguments_of(backward: Any) -> tuple[list[str], dict[str, Any]]:
    """What stands before the cache, and the options after it."""
    parameters = inspect.signature(backward).parameters
    names = list(parameters)
    place = names.index("cache")
    options = {n: parameters[n].default for n in names[place + 1 :]}
    return names[:place], options


@every_pair
def test_only_the_gradient_of_data_is_left_out(case: Case) -> None:
    if not arguments_of(case.backward)[1]:
        with pytest.raises(TypeError, match="needs_grad_x"):
            case.backward(needs_grad_x=False)
        return
    out, cache = case.forward(*case.arrays(), **case.options)
    grads_out = random_like(out)
    _, *expected = case.backward(*grads_out, cache)
    grad_x, *others = case.backward(*grads_out, cache, needs_grad_x=False)
    assert grad_x is None
    for one, other in zip(others, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)


def outputs_of(pair: str) -> int:
    """How many outputs the first case of a pair has."""
    case = next(case for case in CASES if case.pair == pair)
    return len(as_tuple(case.forward(*case.arrays(), **case.options)[0]))


def random_like(out: Any) -> list[np.ndarray]:
    """A random gradient for each output that is no integer."""
    rng = np.random.default_rng(1)
    return [
        np.asarray(rng.standard_normal(o.shape))
        for o in as_tuple(out)
        if o.dtype.kind == "f"
    ]


@every_pair
def test_backward_is_the_derivative_of_forward(case: Case) -> None:
    check = check_kernel(
        case.forward, case.backward, *case.arrays(), **case.options
    )
    floating = [a for a in case.arrays() if a.dtype.kind == "f"]
    assert len(check.dot) == len(floating)
    assert len(check.elements) == sum(a.size <= 200 for a in floating)
    assert check.largest < 1e-6


@every_pair
@pytest.mark.parametrize(
    ("dtype", "relative"), [(np.float64, 1e-10), (np.float32, 1e-5)]
)
def test_values_and_gradients_are_torchs(
    case: Case, dtype: Any, relative: float
) -> None:
    for seed in range(3):
        assert_as_torch(case, case.arrays(dtype, seed), case.options, relative)


@every_pair
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(case: Case, dtype: Any) -> None:
    arrays = case.arrays(dtype)
    out, cache = case.forward(*arrays, **case.options)
    outs = [np.asarray(o) for o in as_tuple(out) if o.dtype.kind != "i"]
    assert all(o.dtype == dtype for o in outs)
    for grads_out in ([np.ones(o.shape, dtype) for o in outs], outs):
        for grad in as_tuple(case.backward(*grads_out, cache)):
            assert grad is None or grad.dtype == dtype


@every_pair
def test_nothing_is_written_into_inputs_or_cache(case: Case) -> None:
    arrays = case.arrays()
    before = [a.copy() for a in arrays]
    for array in arrays:
        array.flags.writeable = False
    out, cache = case.forward(*arrays, **case.options)
    kept = _freeze([cache, [np.asarray(o) for o in as_tuple(out)]])
    grads_out = random_like(out)
    _freeze(grads_out)
    first = as_tuple(case.backward(*grads_out, cache))
    second = as_tuple(case.backward(*grads_out, cache))
    for array, copy in [*zip(arrays, before, strict=True), *kept]:
        np.testing.assert_array_equal(array, copy)
    for one, other in zip(first, second, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)
            # the tape hands gradients on: whoever has one may change it
            for array in (*arrays, *(array for array, _ in kept)):
                assert not np.may_share_memory(one, array)


def _freeze(value: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make every array in it read-only, and keep a copy beside it."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
        return [(value, value.copy())]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [pair for inner in value for pair in _freeze(inner)]
    return []


@every_pair
def test_strides_do_not_matter(case: Case) -> None:
    plain = case.arrays()
    strided = []
    for array in plain:
        wide = np.zeros(tuple(2 * n for n in array.shape)[::-1], array.dtype)
        view = wide.T[(*(slice(None, None, 2) for _ in array.shape), ...)]
        view[...] = array
        strided.append(view)
    out, cache = case.forward(*plain, **case.options)
    other_out, other_cache = case.forward(*strided, **case.options)
    for one, other in zip(as_tuple(out), as_tuple(other_out), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-14)
    grads = random_like(out)
    turned = [np.asfortranarray(grad).reshape(grad.shape) for grad in grads]
    for one, other in zip(
        as_tuple(case.backward(*grads, cache)),
        as_tuple(case.backward(*turned, other_cache)),
        strict=True,
    ):
        if one is not None:
            np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-13)
