"""Activations, norms, dropout and embedding over their options."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import (
    Case,
    as_tuple,
    assert_as_torch,
    assert_close,
    torch_results,
)
from site_tests.kernels.cases_elements import (
    group_norm_in_torch,
    layer_norm_in_torch,
    rms_norm_in_torch,
)
from site_tests.kernels.differences import SEEN
from site_tests.kernels.grids import grid
from tutorial_kernels import kernels
from tutorial_kernels.kernels.error_function import END, NEAR, erf

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from(
    [(np.float64, 1e-10), (np.float32, 1e-5), (np.float16, 2e-3)]
)
sizes = st.integers(1, 4)
examples = settings(deadline=None, max_examples=120, derandomize=True)


@pytest.fixture(autouse=True)
def no_warnings() -> Any:
    """A reader must not meet a warning from inside the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def draw_arrays(data: st.DataObject, dtype: Any, *shapes: Any) -> list[Any]:
    rng = np.random.default_rng(data.draw(seeds))
    return [np.asarray(rng.standard_normal(s), dtype) for s in shapes]


def assert_norm_as_torch(
    case: Case, arrays: list[Any], options: dict[str, Any], relative: float
) -> None:
    """As `assert_as_torch`, with what rounding means for a norm.

    Numbers that lie close together, far from zero, lose digits when their mean
    is subtracted; and almost all of a gradient can cancel. The differences are
    therefore relative to the largest number before anything cancels.
    """
    x, weight = arrays[0], arrays[1] if len(arrays) > 1 else np.ones(1)
    theirs, grad_out, torch_grads = torch_results(
        case.reference, arrays, options
    )
    out, cache = case.forward(*arrays, **options)
    rate = np.abs(cache[1]).max(initial=0).astype(float)
    grown = max(1.0, rate * np.abs(x).max(initial=0).astype(float))
    difference = assert_close(out, theirs, relative * grown)
    SEEN.count(case.pair, theirs.dtype)
    SEEN.note(case.pair, theirs.dtype, "values", difference / grown)
    grads = as_tuple(case.backward(grad_out, cache))
    before = rate * np.abs(grad_out).max(initial=0) * np.abs(weight).max()
    for array, ours, torch_grad in zip(
        arrays, grads, torch_grads, strict=False
    ):
        assert ours.shape == array.shape
        assert ours.dtype == torch_grad.dtype
        scale = before if array is x else np.abs(grad_out).max(initial=0)
        scale = max(scale, np.abs(torch_grad).max(initial=1e-3).astype(float))
        difference = np.abs(ours - torch_grad).max(initial=0)
        assert difference <= relative * grown * scale, (difference, scale)
        least = difference / (grown * scale)
        SEEN.note(case.pair, torch_grad.dtype, "gradients", least)


numbers = st.floats(-3, 3)
ELEMENTWISE: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "leaky_relu": {"negative_slope": numbers},
    "elu": {"alpha": numbers},
    "selu": {},
    "hardtanh": {"min_val": st.floats(-3, 0), "max_val": st.floats(0, 3)},
    "relu6": {},
    "gelu": {"approximate": st.sampled_from(["none", "tanh"])},
    "silu": {},
    "mish": {},
    "sigmoid": {},
    "tanh": {},
    "softplus": {"beta": st.floats(0.1, 5), "threshold": st.floats(-5, 30)},
}


@grid(*ELEMENTWISE)
@settings(examples, max_examples=600)
@given(st.data(), st.sampled_from(sorted(ELEMENTWISE)))
def test_activations(data: st.DataObject, name: str) -> None:
    options = {
        key: data.draw(values) for key, values in ELEMENTWISE[name].items()
    }
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=3)))
    dtype, relative = data.draw(dtypes)
    (x,) = draw_arrays(data, np.float64, shape)
    scale = data.draw(st.sampled_from([1, 10, 1e4]))
    x = np.asarray((x * scale).round(data.draw(st.integers(0, 6))), dtype)
    case = Case(name, lambda r: (), getattr(F, name))
    assert_as_torch(case, [x], options, relative)


EXTREME = [0.0, -0.0, 1e-30, -1e-30, 40.0, -40.0, 1e4, -1e4, np.nan]
INFINITE = [np.inf, -np.inf]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_activations_of_extreme_numbers(name: str, dtype: Any) -> None:
    # torch's gelu of infinity is nan or inf, as its vectors fall: left out
    values = EXTREME if name == "gelu" else EXTREME + INFINITE
    # each sixteen times: what is left over of a vector takes another way
    # through torch, and there the slope of nan is sometimes no nan
    x = np.repeat(np.array(values, dtype), 16)
    tensor = torch.tensor(x, requires_grad=True)
    expected = getattr(F, name)(tensor)
    out, cache = getattr(kernels, f"{name}_forward")(x)
    relative = 3e-6 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(
        out, expected.detach().numpy(), rtol=relative, atol=1e-37
    )
    grad = np.linspace(1, 2, len(x), dtype=dtype)
    expected.backward(torch.tensor(grad))
    np.testing.assert_allclose(
        getattr(kernels, f"{name}_backward")(grad, cache),
        tensor.grad.numpy(),
        rtol=relative,
        atol=1e-37,
    )


def test_gelu_of_infinity() -> None:
    for approximate in ("none", "tanh"):
        out, _ = kernels.gelu_forward(np.array(INFINITE), approximate)
        np.testing.assert_array_equal(out, [np.inf, np.nan])


def test_hardtanh_and_relu6_take_integers() -> None:
    x = np.array([-7, 0, 3, 9])
    for name, options in (
        ("hardtanh", {"min_val": -2, "max_val": 4}),
        ("relu6", {}),
    ):
        out, _ = getattr(kernels, f"{name}_forward")(x, **options)
        theirs = getattr(F, name)(torch.tensor(x), **options).numpy()
        assert_close(out, theirs, 0)


@grid("softmin", "softmax", "log_softmax")
@examples
@given(st.data(), st.sampled_from(["softmin", "softmax", "log_softmax"]))
def test_softmin_and_its_relatives(data: st.DataObject, name: str) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=3)))
    size = max(len(shape), 1)
    dtype, relative = data.draw(dtypes)
    (x,) = draw_arrays(data, dtype, shape)
    x = np.asarray(x * data.draw(st.sampled_from([1, 100, 1e4])), dtype)
    kinds = [None] if dtype == np.float16 else [None, dtype]
    options = {
        "dim": data.draw(st.integers(-size, size - 1)),
        "dtype": data.draw(st.sampled_from(kinds)),
    }

    def reference(x: torch.Tensor, dim: int, dtype: Any) -> torch.Tensor:
        named = None if dtype is None else getattr(torch, dtype.__name__)
        return getattr(F, name)(x, dim=dim, dtype=named)

    case = Case(name, lambda r: (), reference)
    assert_as_torch(case, [x], options, relative)


def test_the_error_function_is_good_to_its_last_digits() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [
            np.linspace(-END - 1, END + 1, 40_001),
            10 ** rng.uniform(-300, 1, 10_000),
            [NEAR, np.nextafter(NEAR, 0), np.nextafter(NEAR, 1), END, 1e4],
        ]
    )
    for expected in (
        np.array([math.erf(value) for value in x]),
        torch.erf(torch.tensor(x)).numpy(),
    ):
        np.testing.assert_allclose(erf(x), expected, rtol=1e-15, atol=0)
    single = x.astype(np.float32)
    expected = torch.erf(torch.tensor(single)).numpy()
    assert erf(single).dtype == np.float32
    np.testing.assert_allclose(erf(single), expected, rtol=1e-6, atol=1e-44)
    special = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0])
    np.testing.assert_array_equal(erf(special), [1, -1, np.nan, 0, 0])
    assert np.signbit(erf(special)[4])


@grid("batch_norm")
@examples
@given(st.data())
def test_batch_norm(data: st.DataObject) -> None:
    draw = data.draw
    shape = (
        draw(st.integers(0, 4)),
        draw(sizes),
        *draw(st.lists(sizes, max_size=3)),
    )
    training = draw(st.booleans())
    if math.prod(shape) == shape[1]:  # one number per channel
        training = False
    dtype, relative = draw(dtypes)
    channels = shape[1:2]
    x, weight, bias, mean, var = draw_arrays(
        data, dtype, shape, *[channels] * 4
    )
    x = np.asarray(x * draw(st.sampled_from([1, 100])) + 1, dtype)
    var = np.abs(var) + dtype(0.1)
    scales = draw(st.integers(0, 2))
    given_running = not training or draw(st.booleans())
    momentum = draw(st.sampled_from([0.0, 0.1, 0.7, 1.0]))
    options = {
        "training": training,
        "momentum": momentum,
        "eps": draw(st.sampled_from([1e-5, 0.1])),
    }
    moved: list[torch.Tensor | None] = [None, None]

    class BatchNorm(Case):
        @property
        def forward(self) -> Any:
            def run(x: Any, *scales: Any, **options: Any) -> Any:
                both = (mean, var) if given_running else (None, None)
                return kernels.batch_norm_forward(x, *both, *scales, **options)

            return run

        @property
        def backward(self) -> Any:
            def run(grad_out: Any, cache: Any) -> Any:
                grads = kernels.batch_norm_backward(grad_out, cache)
                assert grads[1:3] == (None, None)
                return (grads[0], *grads[3:])

            return run

    def theirs(x: torch.Tensor, *scales: Any, **options: Any) -> torch.Tensor:
        if given_running:
            moved[:] = torch.tensor(mean), torch.tensor(var)
        return F.batch_norm(x, *moved, *scales, **options)

    case = BatchNorm("batch_norm", lambda r: (), theirs)
    assert_norm_as_torch(
        case, [x, weight, bias][: scales + 1], options, relative
    )
    if given_running and training:
        new = kernels.batch_norm_statistics(x, mean, var, momentum)
        for ours, expected in zip(new, moved, strict=True):
            assert_close(ours, expected.numpy(), relative)


@grid("layer_norm", "rms_norm")
@examples
@given(st.data(), st.sampled_from(["layer_norm", "rms_norm"]))
def test_layer_norm_and_rms_norm(data: st.DataObject, name: str) -> None:
    draw = data.draw
    leading = draw(st.lists(st.integers(0, 3), max_size=2))
    last = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    dtype, relative = draw(dtypes)
    x, weight, bias = draw_arrays(data, dtype, (*leading, *last), last, last)
    x = np.asarray(x * draw(st.sampled_from([1, 1e4])), dtype)
    scales = draw(st.integers(0, 2 if name == "layer_norm" else 1))
    options: dict[str, Any] = {"normalized_shape": tuple(last)}
    default = 1e-5 if name == "layer_norm" else None
    options["eps"] = draw(st.sampled_from([default, 1e-3]))
    reference = {
        "layer_norm": layer_norm_in_torch,
        "rms_norm": rms_norm_in_torch,
    }
    case = Case(name, lambda r: (), reference[name])
    assert_norm_as_torch(
        case, [x, weight, bias][: scales + 1], options, relative
    )


@grid("group_norm")
@examples
@given(st.data())
def test_group_norm(data: st.DataObject) -> None:
    draw = data.draw
    groups, members = draw(sizes), draw(sizes)
    rest = draw(st.lists(st.integers(1, 3), max_size=3))
    shape = (draw(st.integers(0, 3)), groups * members, *rest)
    if math.prod(shape) == groups:  # one number per group
        shape = (2, *shape[1:])
    dtype, relative = draw(dtypes)
    arrays = draw_arrays(data, dtype, shape, shape[1:2], shape[1:2])
    options = {"num_groups": groups, "eps": draw(st.sampled_from([1e-5, 1e-3]))}
    case = Case("group_norm", lambda r: (), group_norm_in_torch)
    arrays = arrays[: draw(st.integers(1, 3))]
    assert_norm_as_torch(case, arrays, options, relative)


@grid("dropout")
@examples
@given(st.data())
def test_dropout_with_the_mask_that_torch_drew(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), max_size=3)))
    dtype, relative = data.draw(dtypes)
    p = data.draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
    (x,) = draw_arrays(data, dtype, shape)
    seed = data.draw(st.integers(0, 10_000))
    torch.manual_seed(seed)
    theirs = F.dropout(torch.tensor(x), p)
    mask = np.asarray((theirs != 0).numpy())

    def again(x: torch.Tensor, mask: torch.Tensor, p: float) -> torch.Tensor:
        torch.manual_seed(seed)  # the mask comes from the same draw
        return F.dropout(x, p)

    case = Case("dropout", lambda r: (), again)
    assert_as_torch(case, [x, mask], {"p": p}, relative)


def test_dropout_of_everything_is_zero_whatever_the_mask_says() -> None:
    x, mask = np.array([1.0, -2.0]), np.array([True, False])
    out, cache = kernels.dropout_forward(x, mask, 1.0)
    np.testing.assert_array_equal(out, [0, 0])
    np.testing.assert_array_equal(kernels.dropout_backward(x, cache)[0], [0, 0])


@grid("embedding")
@examples
@given(st.data())
def test_embedding(data: st.DataObject) -> None:
    draw = data.draw
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(0, 4))
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    dtype, relative = draw(dtypes)
    (weight,) = draw_arrays(data, dtype, (rows, columns))
    rng = np.random.default_rng(draw(seeds))
    kind = draw(st.sampled_from(["i4", "i8"]))
    x = np.asarray(rng.integers(0, rows, shape), kind)
    options = {
        "padding_idx": draw(st.none() | st.integers(-rows, rows - 1)),
        "norm_type": draw(st.sampled_from([1.0, 2.0])),  # of no effect
        "scale_grad_by_freq": draw(st.booleans()),
    }
    case = Case("embedding", lambda r: (), F.embedding)
    if dtype == np.float16:
        relative = 1e-2  # torch adds up in float16, which loses digits
    assert_as_torch(case, [x, weight], options, relative)


def test_embedding_takes_a_list_and_any_integers() -> None:
    weight = np.arange(12.0).reshape(4, 3)
    for x in ([3, 0], np.array([3, 0], np.uint64), np.array([3, 0], np.int8)):
        out, cache = kernels.embedding_forward(x, weight)
        np.testing.assert_array_equal(out, weight[[3, 0]])
        _, grad = kernels.embedding_backward(out, cache)
        np.testing.assert_array_equal(grad[[3, 0, 1]], [*out, np.zeros(3)])
