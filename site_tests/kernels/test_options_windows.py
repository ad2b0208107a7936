"""Windows beside torch: options drawn by hypothesis, indices, extremes."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import Case, assert_as_torch, assert_close
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor, functional, kernels
from tutorial_kernels.gradcheck import check_kernel

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([(np.float64, 1e-10), (np.float32, 3e-5)])
batches = st.sampled_from([(), (0,), (1,), (3,)])
small = settings(deadline=None, max_examples=120, derandomize=True)
axes = st.sampled_from([1, 2])


def normal(data: st.DataObject, *shape: int, dtype: Any) -> np.ndarray:
    rng = np.random.default_rng(data.draw(seeds))
    return np.asarray(rng.standard_normal(shape), dtype)


def each(values: st.SearchStrategy[Any], axes: int) -> st.SearchStrategy[Any]:
    """One number for all axes, or one for each."""
    return values | st.tuples(*[values] * axes)


def as_tuple(value: Any, axes: int) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,) * axes


def compare(name: str, arrays: Any, options: Any, relative: float) -> None:
    case = Case(name, lambda r: (), getattr(F, name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch pads "same"
        assert_as_torch(case, arrays, options, relative)


@grid("conv1d")
@small
@given(st.data())
def test_conv1d(data: st.DataObject) -> None:
    draw = data.draw
    groups, channels = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    out_channels = groups * draw(st.integers(1, 2))
    kernel, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, 3) | st.sampled_from(["same", "valid"]))
    stride = 1 if padding == "same" else draw(st.integers(1, 3))
    frame = 0 if isinstance(padding, str) else padding
    reach = dilation * (kernel - 1) + 1
    length = max(1, reach - 2 * frame) + draw(st.integers(0, 5))
    dtype, relative = draw(dtypes)
    arrays = [
        normal(data, *draw(batches), groups * channels, length, dtype=dtype),
        normal(data, out_channels, channels, kernel, dtype=dtype),
        normal(data, out_channels, dtype=dtype),
    ][: draw(st.integers(2, 3))]
    alone = draw(st.booleans())
    options = {
        "stride": stride if alone else (stride,),
        "padding": padding if alone or padding != frame else (padding,),
        "dilation": dilation if alone else (dilation,),
        "groups": groups,
    }
    compare("conv1d", arrays, options, relative)


@grid("conv_transpose1d", "conv_transpose2d")
@small
@given(st.data(), axes)
def test_conv_transpose(data: st.DataObject, axes: int) -> None:
    draw = data.draw
    groups, channels = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    out_channels = draw(st.integers(1, 2))
    kernel = draw(st.tuples(*[st.integers(1, 4)] * axes))
    stride = draw(each(st.integers(1, 3), axes))
    dilation = draw(each(st.integers(1, 3), axes))
    padding = draw(each(st.integers(0, 2), axes))
    output_padding, size = [], []
    for k, s, d, p in zip(
        kernel,
        as_tuple(stride, axes),
        as_tuple(dilation, axes),
        as_tuple(padding, axes),
        strict=True,
    ):
        output_padding.append(draw(st.integers(0, max(s, d) - 1)))
        room = 2 * p - d * (k - 1)  # one pixel must be left
        size.append(max(1, -(-room // s) + 1) + draw(st.integers(0, 3)))
    dtype, relative = draw(dtypes)
    arrays = [
        normal(data, *draw(batches), groups * channels, *size, dtype=dtype),
        normal(data, groups * channels, out_channels, *kernel, dtype=dtype),
        normal(data, out_channels * groups, dtype=dtype),
    ][: draw(st.integers(2, 3))]
    options = {
        "stride": stride,
        "padding": padding,
        "output_padding": tuple(output_padding),
        "groups": groups,
        "dilation": dilation,
    }
    compare(f"conv_transpose{axes}d", arrays, options, relative)


def draw_windows(
    data: st.DataObject, axes: int, dilations: st.SearchStrategy[int]
) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Options of a pooling, and a size of image they fit.

    An image smaller than the dilation can fall between the places of a
    window; torch then writes outside its memory and aborts the process.
    """
    draw = data.draw
    kernel = draw(each(st.integers(1, 4), axes))
    dilation = draw(each(dilations, axes))
    padding = draw(
        st.tuples(*[st.integers(0, k // 2) for k in as_tuple(kernel, axes)])
    )
    size = tuple(
        max(d, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 6))
        for k, d, p in zip(
            as_tuple(kernel, axes),
            as_tuple(dilation, axes),
            padding,
            strict=True,
        )
    )
    options = {
        "kernel_size": kernel,
        "stride": draw(st.none() | each(st.integers(1, 5), axes)),
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": draw(st.booleans()),
    }
    return options, size


def tensors_of(x: np.ndarray) -> tuple[Tensor, torch.Tensor]:
    return Tensor(x, True), torch.tensor(x, requires_grad=True)


def compare_indices(name: str, x: np.ndarray, **options: Any) -> None:
    """Through the tape: indices are outputs that have no gradient."""
    ours, theirs = tensors_of(x)
    out, indices = getattr(functional, name)(
        ours, return_indices=True, **options
    )
    expected, places = getattr(F, name)(theirs, return_indices=True, **options)
    np.testing.assert_array_equal(out.data, expected.detach().numpy())
    np.testing.assert_array_equal(indices.data, places.numpy())
    assert indices.dtype == np.int64
    assert not indices.requires_grad
    grad = np.random.default_rng(5).standard_normal(out.shape).astype(x.dtype)
    out.backward(grad)
    expected.backward(torch.tensor(grad))
    assert_close(ours.grad, theirs.grad.numpy(), 1e-6)


@grid("max_pool1d", "max_pool2d")
@small
@given(st.data(), axes)
def test_max_pool(data: st.DataObject, axes: int) -> None:
    options, size = draw_windows(data, axes, st.integers(1, 2))
    options["return_indices"] = data.draw(st.booleans())
    dtype, relative = data.draw(dtypes)
    x = normal(data, *data.draw(batches), 2, *size, dtype=dtype)
    x = np.round(x)  # many ties: the first of equals must win
    compare(f"max_pool{axes}d", [x], options, relative)


@grid("avg_pool1d", "avg_pool2d")
@small
@given(st.data(), axes)
def test_avg_pool(data: st.DataObject, axes: int) -> None:
    options, size = draw_windows(data, axes, st.just(1))
    del options["dilation"]
    options["count_include_pad"] = data.draw(st.booleans())
    if axes == 2:
        divisors = st.none() | st.sampled_from([1, 3, -2])
        options["divisor_override"] = data.draw(divisors)
    dtype, relative = data.draw(dtypes)
    x = normal(data, *data.draw(batches), 2, *size, dtype=dtype)
    compare(f"avg_pool{axes}d", [x], options, relative)


@grid(*(f"adaptive_{kind}_pool{n}d" for kind in ("avg", "max") for n in (1, 2)))
@small
@given(st.data(), axes)
def test_adaptive_pool(data: st.DataObject, axes: int) -> None:
    draw = data.draw
    size = draw(st.tuples(*[st.integers(1, 9)] * axes))
    wanted = st.integers(1, 10)
    kept = wanted | st.none() if axes == 2 else wanted
    output_size = draw(wanted | st.tuples(*[kept] * axes))
    dtype, relative = draw(dtypes)
    x = normal(data, *draw(batches), 2, *size, dtype=dtype)
    options: dict[str, Any] = {"output_size": output_size}
    compare(f"adaptive_avg_pool{axes}d", [x], options, relative)
    x = np.round(x)
    options["return_indices"] = draw(st.booleans())
    compare(f"adaptive_max_pool{axes}d", [x], options, relative)


@grid("pad", draws=["pad", "mode"])
@small
@given(st.data(), st.sampled_from(["reflect", "replicate", "circular"]))
def test_pad_with_itself(data: st.DataObject, mode: str) -> None:
    draw = data.draw
    axes = draw(st.integers(1, 3))
    size = draw(st.tuples(*[st.integers(2, 6)] * axes))
    pad: list[int] = []
    for n in reversed(size):
        most = {"reflect": n - 2, "circular": n - 1, "replicate": 7}[mode]
        width = st.integers(0, most)
        pair = draw(st.tuples(width, width) | st.tuples(width, st.just(-1)))
        pad += pair if draw(st.booleans()) else pair[::-1]
    dtype, relative = draw(dtypes)
    x = normal(data, *draw(batches), 2, *size, dtype=dtype)
    compare("pad", [x], {"pad": tuple(pad), "mode": mode}, relative)


@grid("pad", draws=["pad", "value"])
@small
@given(st.data())
def test_pad_with_a_constant(data: st.DataObject) -> None:
    draw = data.draw
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=4)))
    pad: list[int] = []
    for n in reversed(shape[draw(st.integers(0, len(shape))) :]):
        before = draw(st.integers(-n, 3))
        pad += [before, draw(st.integers(-n - min(before, 0), 3))]
    dtype, relative = draw(dtypes)
    x = normal(data, *shape, dtype=dtype)
    value = draw(st.none() | st.sampled_from([0.0, 1.5, -np.inf]))
    compare("pad", [x], {"pad": tuple(pad), "value": value}, relative)


FACTORS = [0.5, 0.7, 1, 1.0, 1.5, 2, 2.5, 3.3]


@grid("interpolate")
@small
@given(st.data())
def test_interpolate(data: st.DataObject) -> None:
    """With a factor so close to 1 that the size stays, torch's directions
    disagree: its backward copies pixel to pixel, its forward need not.
    """
    draw = data.draw
    axes = draw(st.integers(1, 3))
    shape = draw(st.tuples(*[st.integers(2, 6)] * axes))
    options: dict[str, Any] = {"size": draw(each(st.integers(1, 12), axes))}
    if draw(st.booleans()):
        factor = st.sampled_from(FACTORS)
        options = {
            "scale_factor": draw(each(factor, axes)),
            "recompute_scale_factor": draw(st.sampled_from([None, True])),
        }
    dtype, relative = draw(dtypes)
    x = normal(
        data, *draw(st.sampled_from([(0, 2), (2, 3)])), *shape, dtype=dtype
    )
    compare("interpolate", [x], options, relative)


def test_interpolate_counts_in_float32_as_torch_does() -> None:
    """Exact fractions would choose the neighbour at one place."""
    x = np.arange(14, dtype=np.float32).reshape(1, 1, 14)
    compare("interpolate", [x], {"size": 46}, 1e-6)


@pytest.mark.parametrize("name", ["avg", "max"])
@pytest.mark.parametrize("output_size", [0, (0, 3), (2, 0)])
def test_no_window_at_all(name: str, output_size: Any) -> None:
    """Torch has no backward for it; the gradient can only be zero."""
    x = np.ones((2, 3, 4, 5))
    forward = getattr(kernels, f"adaptive_{name}_pool2d_forward")
    out, cache = forward(x, output_size)
    expected = getattr(F, f"adaptive_{name}_pool2d")
    assert out.shape == expected(torch.tensor(x), output_size).shape
    backward = getattr(kernels, f"adaptive_{name}_pool2d_backward")
    np.testing.assert_array_equal(backward(out, cache), np.zeros_like(x))


@pytest.mark.parametrize("options", [{"value": 1}, {}, {"mode": "circular"}])
@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, np.bool_])
def test_pad_takes_integers(dtype: Any, options: dict[str, Any]) -> None:
    x = np.arange(6).reshape(1, 2, 3).astype(dtype)
    ours, _ = kernels.pad_forward(x, (2, 1), **options)
    theirs = F.pad(torch.tensor(x), (2, 1), **options)
    np.testing.assert_array_equal(ours, theirs.numpy())
    assert ours.dtype == dtype


NAMES = ["max_pool1d", "max_pool2d", "adaptive_max_pool1d"]
NAMES += ["adaptive_max_pool2d"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("filled", [-np.inf, np.inf, np.nan])
def test_windows_full_of_infinity(name: str, filled: float) -> None:
    """The winner is a pixel, never the frame."""
    x = np.full((1, 2, *[5] * int(name[-2])), filled)
    options: dict[str, Any] = {"kernel_size": 3, "stride": 2, "padding": 1}
    if name.startswith("adaptive"):
        options = {"output_size": 2}
    if not np.isnan(filled):
        compare_indices(name, x, **options)
    x[...] = 0
    x[0, 1, ..., 2] = filled
    x[0, 0, ..., -1] = -filled
    if np.isnan(filled):  # one a window: of several, torch takes the last
        x[..., :-1, :] = 0
    compare_indices(name, x, **options)


def test_indices_do_not_disturb_the_gradient_check() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 6))
    for name in ("max_pool2d", "adaptive_max_pool2d"):
        check = check_kernel(
            getattr(kernels, f"{name}_forward"),
            getattr(kernels, f"{name}_backward"),
            x,
            **{("output_size" if "ad" in name else "kernel_size"): 2},
            return_indices=True,
        )
        assert list(check.dot) == ["x"]


HALF: list[tuple[str, list[tuple[int, ...]], dict[str, Any]]] = [
    ("conv1d", [(2, 3, 9), (4, 3, 3), (4,)], {"padding": 1}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 2), (4,)], {"stride": 2}),
    ("conv_transpose1d", [(2, 3, 6), (3, 4, 3), (4,)], {"stride": 2}),
    ("conv_transpose2d", [(2, 3, 4, 5), (3, 4, 3, 3), (4,)], {"padding": 1}),
    ("max_pool2d", [(2, 3, 6, 7)], {"kernel_size": 3, "padding": 1}),
    ("avg_pool1d", [(2, 3, 8)], {"kernel_size": 3, "stride": 1}),
    ("avg_pool2d", [(2, 3, 6, 7)], {"kernel_size": 3, "padding": 1}),
    ("adaptive_avg_pool2d", [(2, 3, 6, 7)], {"output_size": 4}),
    ("adaptive_max_pool2d", [(2, 3, 6, 7)], {"output_size": 4}),
    ("pad", [(2, 3, 6, 7)], {"pad": (1, 2, 2, 1), "mode": "reflect"}),
]


@pytest.mark.parametrize(("name", "shapes", "options"), HALF)
def test_half_precision(name: str, shapes: Any, options: Any) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(s).astype(np.float16) for s in shapes]
    compare(name, arrays, options, 3e-3)


def test_a_mean_of_large_halves_does_not_overflow() -> None:
    x = np.full((1, 1, 6, 6), 6e4, np.float16)
    for name, option in (
        ("avg", "kernel_size"),
        ("adaptive_avg", "output_size"),
    ):
        compare(f"{name}_pool2d", [x], {option: 3}, 1e-3)
