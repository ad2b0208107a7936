"""Options, shapes and dtypes drawn by hypothesis, beside torch."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from site_tests.kernels.cases import Case, assert_as_torch, assert_close
from site_tests.kernels.grids import grid
from tutorial_kernels import kernels

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([(np.float64, 1e-10), (np.float32, 3e-5)])
small = settings(deadline=None, max_examples=150, derandomize=True)


def draws(data: st.DataObject, *shapes: tuple[int, ...], dtype: Any) -> Any:
    rng = np.random.default_rng(data.draw(seeds))
    return [np.asarray(rng.standard_normal(s), dtype) for s in shapes]


def one_or_two(values: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    return values | st.tuples(values, values)


def as_two(value: Any) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


@grid("conv2d")
@small
@given(st.data())
def test_conv2d(data: st.DataObject) -> None:
    draw = data.draw
    groups = draw(st.integers(1, 3))
    channels = draw(st.integers(1, 2))
    out_channels = groups * draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    dilation = draw(one_or_two(st.integers(1, 2)))
    padding = draw(
        one_or_two(st.integers(0, 2)) | st.sampled_from(["same", "valid"])
    )
    stride = 1 if padding == "same" else draw(one_or_two(st.integers(1, 3)))
    frame = (0, 0) if isinstance(padding, str) else as_two(padding)
    size = tuple(
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 4))
        for k, d, p in zip(kernel, as_two(dilation), frame, strict=True)
    )
    batch = draw(st.sampled_from([(), (0,), (1,), (3,)]))
    dtype, relative = draw(dtypes)
    arrays = draws(
        data,
        (*batch, groups * channels, *size),
        (out_channels, channels, *kernel),
        (out_channels,),
        dtype=dtype,
    )[: draw(st.integers(2, 3))]
    options = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
    }
    case = Case("conv2d", lambda r: (), F.conv2d)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch pads "same"
        assert_as_torch(case, arrays, options, relative)


@grid("cross_entropy")
@small
@given(st.data())
def test_cross_entropy(data: st.DataObject) -> None:
    draw = data.draw
    classes = draw(st.integers(1, 6))
    batch = draw(
        st.sampled_from([(), (0,), (1,), (4,), (2, 3), (2, 2, 3), (0, 3)])
    )
    shape = (*batch[:1], classes, *batch[1:])
    dtype, relative = draw(dtypes)
    logits, weight = draws(data, shape, (classes,), dtype=dtype)
    logits *= draw(st.sampled_from([1, 30, 1e4]))
    rng = np.random.default_rng(draw(seeds))
    labels = np.asarray(
        rng.integers(0, classes, batch), draw(st.sampled_from(["i4", "i8"]))
    )
    options = {
        "ignore_index": draw(st.integers(-2, classes)),
        "reduction": draw(st.sampled_from(["mean", "sum", "none"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1, 1.0])),
    }
    weight = np.abs(weight) if draw(st.booleans()) else None

    def ours(*args: Any, **options: Any) -> Any:
        return kernels.cross_entropy_forward(*args, weight=weight, **options)

    def theirs(*args: Any, **options: Any) -> torch.Tensor:
        factors = None if weight is None else torch.tensor(weight)
        return F.cross_entropy(*args, weight=factors, **options)

    class Weighted(Case):
        forward = property(lambda self: ours)

    case = Weighted("cross_entropy", lambda r: (), theirs)
    assert_as_torch(case, [logits, labels], options, relative)


@grid("linear")
@small
@given(st.data())
def test_linear(data: st.DataObject) -> None:
    draw = data.draw
    leading = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    in_features, out_features = draw(st.integers(0, 5)), draw(st.integers(1, 5))
    dtype, relative = draw(dtypes)
    arrays = draws(
        data,
        (*leading, in_features),
        (out_features, in_features),
        (out_features,),
        dtype=dtype,
    )[: draw(st.integers(2, 3))]
    case = Case("linear", lambda r: (), F.linear)
    assert_as_torch(case, arrays, {}, relative)


OPERATIONS = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "power": torch.pow,
}


@grid(*OPERATIONS)
@small
@given(st.data(), st.sampled_from(sorted(OPERATIONS)))
def test_broadcasting(data: st.DataObject, name: str) -> None:
    shapes = data.draw(
        mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3)
    ).input_shapes
    dtype, relative = data.draw(dtypes)
    x, y = draws(data, *shapes, dtype=dtype)
    if name == "power":
        x = np.abs(x)
        y = np.round(2 * y) / 2
        x = np.where(x < 0.3, 0, x).astype(dtype)
    case = Case(name, lambda r: (), OPERATIONS[name])
    assert_as_torch(case, [np.asarray(x), np.asarray(y)], {}, relative)


MIXED = ["bool", "uint8", "int32", "int64", "float32", "float64"]


@pytest.mark.parametrize("name", ["add", "multiply", "divide"])
@pytest.mark.parametrize("one", MIXED)
@pytest.mark.parametrize("other", [*MIXED, True, 2, 0.5])
@pytest.mark.parametrize(
    "shapes", [((3,), (3,)), ((3,), ()), ((), (3,)), ((), ())]
)
def test_mixed_dtypes_promote_as_in_torch(
    name: str, one: str, other: Any, shapes: Any
) -> None:
    x = np.full(shapes[0], 2).astype(one)
    plain = not isinstance(other, str)
    y = other if plain else np.full(shapes[1], 3).astype(other)
    ours, _ = getattr(kernels, f"{name}_forward")(x, y)
    theirs = OPERATIONS[name](torch.tensor(x), y if plain else torch.tensor(y))
    assert str(theirs.dtype) == f"torch.{ours.dtype}"
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-6)


@grid("matmul")
@small
@given(st.data())
def test_matmul(data: st.DataObject) -> None:
    draw = data.draw
    rows, inner, columns = (draw(st.integers(0, 3)) for _ in range(3))
    stacks = draw(
        mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3)
    ).input_shapes
    x_shape = (*stacks[0], rows, inner) if draw(st.booleans()) else (inner,)
    y_shape = (*stacks[1], inner, columns) if draw(st.booleans()) else (inner,)
    dtype, relative = draw(dtypes)
    arrays = draws(data, x_shape, y_shape, dtype=dtype)
    case = Case("matmul", lambda r: (), torch.matmul)
    assert_as_torch(case, arrays, {}, relative)


@grid("sum", "mean")
@small
@given(st.data(), st.sampled_from(["sum", "mean"]))
def test_reductions(data: st.DataObject, name: str) -> None:
    draw = data.draw
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    axes = st.integers(-len(shape), len(shape) - 1) if shape else st.just(0)
    dim = draw(
        st.none()
        | axes
        | st.lists(
            axes,
            unique_by=lambda a: a % max(len(shape), 1),
            max_size=len(shape),
        ).map(tuple)
    )
    options = {"dim": dim, "keepdim": draw(st.booleans())}
    dtype, relative = draw(dtypes)
    (x,) = draws(data, shape, dtype=dtype)
    case = Case(name, lambda r: (), getattr(torch, name))
    assert_as_torch(case, [x], options, relative)


SHAPING = [
    (torch.flatten, "flatten", (2, 0, 3), {"start_dim": 1}),
    (torch.flatten, "flatten", (0, 2, 3), {"start_dim": 1}),
    (torch.flatten, "flatten", (2, 3), {"start_dim": -1}),
    (torch.transpose, "transpose", (), {"dim0": 0, "dim1": -1}),
    (torch.permute, "permute", (), {"dims": ()}),
    (torch.reshape, "reshape", (0, 3), {"shape": (3, 0)}),
    (torch.reshape, "reshape", (), {"shape": (1, 1)}),
]


@pytest.mark.parametrize(("reference", "name", "shape", "options"), SHAPING)
def test_shaping(reference: Any, name: str, shape: Any, options: Any) -> None:
    x = np.asarray(np.random.default_rng(0).standard_normal(shape))
    assert_as_torch(Case(name, lambda r: (), reference), [x], options, 0)


def test_the_comparison_can_fail() -> None:
    one = np.array([1.0, 2.0])
    with pytest.raises(AssertionError):
        assert_close(one + 1e-9, one, 1e-10)
    with pytest.raises(AssertionError):
        assert_close(one.astype(np.float32), one, 1)
    with pytest.raises(AssertionError):
        assert_close(np.array([1.0, np.nan]), one, 1)
