"""What a user can get wrong, and the one sentence that says so."""

import re
import warnings
from typing import Any

import numpy as np
import pytest

from tutorial_kernels import Tensor, kernels
from tutorial_kernels import functional as F  # noqa: N812


def zeros(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return np.zeros(shape, dtype)


def ints(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.int64)


F32 = np.float32
BOOLS = zeros(2, 2, 2, dtype=bool)
IMAGE, WEIGHT = zeros(2, 3, 5, 5), zeros(4, 3, 3, 3)

MISTAKES: list[tuple[str, tuple[Any, ...], dict[str, Any], type, str]] = [
    ("linear", (zeros(2, 5), zeros(3, 4)), {}, ValueError,
     "linear: weight has 4 input features, x has 5"),
    ("linear", (zeros(2, 4), zeros(3, 4), zeros(4)), {}, ValueError,
     "linear: bias must have shape (3,), got (4,)"),
    ("linear", (zeros(2, 4), zeros(4)), {}, ValueError,
     "linear: weight must be (out_features, in_features), got shape (4,)"),
    ("linear", (zeros(), zeros(3, 4)), {}, ValueError,
     "linear: x needs at least one dimension, has none"),
    ("linear", (zeros(2, 4), zeros(3, 4, dtype=F32)), {}, TypeError,
     "linear: weight is float32, x is float64"),
    ("linear", (zeros(2, 4), zeros(3, 4), zeros(3, dtype=F32)), {}, TypeError,
     "linear: bias is float32, x is float64"),
    ("conv2d", (zeros(2, 1, 5, 5), WEIGHT), {}, ValueError,
     "conv2d: weight has 3 input channels, x has 1"),
    ("conv2d", (zeros(2, 4, 5, 5), zeros(4, 3, 3, 3)), {"groups": 2}, ValueError,
     "conv2d: weight has 3 input channels in each of 2 groups, x has 4"),
    ("conv2d", (zeros(2, 9, 5, 5), WEIGHT), {"groups": 3}, ValueError,
     "conv2d: groups must divide the 4 output channels, got 3"),
    ("conv2d", (IMAGE, WEIGHT), {"groups": 0}, ValueError,
     "conv2d: groups must divide the 4 output channels, got 0"),
    ("conv2d", (zeros(5, 5), WEIGHT), {}, ValueError,
     "conv2d: x must be (B, C, height, width) or (C, height, width), got shape (5, 5)"),
    ("conv2d", (zeros(2, 3, 0, 5), WEIGHT), {}, ValueError,
     "conv2d: only the batch may be empty, x has shape (2, 3, 0, 5)"),
    ("conv2d", (IMAGE, zeros(4, 3, 3)), {}, ValueError,
     "conv2d: weight must be (out_channels, channels, height, width) and not empty, got shape (4, 3, 3)"),
    ("conv2d", (IMAGE, WEIGHT, zeros(3)), {}, ValueError,
     "conv2d: bias must have shape (4,), got (3,)"),
    ("conv2d", (zeros(2, 3, 2, 5), WEIGHT), {}, ValueError,
     "conv2d: the kernel reaches over (3, 3) places, the padded x has (2, 5)"),
    ("conv2d", (IMAGE, WEIGHT), {"dilation": 3}, ValueError,
     "conv2d: the kernel reaches over (7, 7) places, the padded x has (5, 5)"),
    ("conv2d", (IMAGE, WEIGHT), {"stride": 0}, ValueError,
     "conv2d: stride must be an integer or a pair of integers, at least 1, got 0"),
    ("conv2d", (IMAGE, WEIGHT), {"padding": -1}, ValueError,
     "conv2d: padding must be an integer or a pair of integers, at least 0, got -1"),
    ("conv2d", (IMAGE, WEIGHT), {"dilation": (1, 0)}, ValueError,
     "conv2d: dilation must be an integer or a pair of integers, at least 1, got (1, 0)"),
    ("conv2d", (IMAGE, WEIGHT), {"stride": (1, 2, 3)}, ValueError,
     "conv2d: stride must be an integer or a pair of integers, at least 1, got (1, 2, 3)"),
    ("conv2d", (IMAGE, WEIGHT), {"stride": 1.5}, ValueError,
     "conv2d: stride must be an integer or a pair of integers, at least 1, got 1.5"),
    ("conv2d", (IMAGE, WEIGHT), {"padding": "full"}, ValueError,
     "conv2d: padding must be 'same', 'valid' or integers, got 'full'"),
    ("conv2d", (IMAGE, WEIGHT), {"padding": "same", "stride": 2}, ValueError,
     "conv2d: padding 'same' needs stride 1, got (2, 2)"),
    ("conv2d", (IMAGE, WEIGHT.astype(F32)), {}, TypeError,
     "conv2d: weight is float32, x is float64"),
    ("max_pool2d", (zeros(2, 2),), {"kernel_size": 2}, ValueError,
     "max_pool2d: x must be (B, C, height, width) or (C, height, width), got shape (2, 2)"),
    ("max_pool2d", (IMAGE,), {"kernel_size": 6}, ValueError,
     "max_pool2d: the window reaches over 6 places, the padded x has 5"),
    ("max_pool2d", (IMAGE,), {"kernel_size": 2, "padding": 2}, ValueError,
     "max_pool2d: padding must be at most half of the window, got 2 for a window over 2 places"),
    ("max_pool2d", (IMAGE,), {"kernel_size": 0}, ValueError,
     "max_pool2d: kernel_size must be an integer or a pair of integers, at least 1, got 0"),
    ("max_pool1d", (ints(1, 1, 4),), {"kernel_size": 2}, TypeError,
     "max_pool1d: x must be floating point, got int64"),
    *[
        (pair, arrays, options, TypeError, f"{pair}: x must hold numbers, got bool")
        for pair, arrays, options in (
            ("max_pool2d", (BOOLS[..., None],), {"kernel_size": 1}),
            ("relu", (BOOLS,), {}),
            ("hardtanh", (BOOLS,), {}),
            ("negative", (BOOLS,), {}),
            ("subtract", (BOOLS, BOOLS), {}),
            ("subtract", (zeros(2), True), {}),
            ("power", (BOOLS, BOOLS), {}),
            ("matmul", (BOOLS, BOOLS), {}),
            ("linear", (BOOLS, BOOLS[0]), {}),
            ("conv1d", (BOOLS, BOOLS), {}),
            ("conv_transpose1d", (BOOLS, BOOLS), {}),
            ("softmin", (BOOLS,), {"dim": 0}),
        )
    ],
    ("hardtanh", (np.zeros(3, np.uint8),), {}, ValueError,
     "hardtanh: min_val must be at least 0 for uint8, got -1.0"),
    ("power", (ints(3), -1), {}, ValueError,
     "power: integers have no whole power of -1, a negative exponent needs floating point"),
    ("max", (zeros(3), zeros(3)), {}, TypeError, "max: dim must be an integer, got ndarray"),
    ("amax", (zeros(3, 0),), {}, ValueError,
     "amax: there is nothing to choose from in an array of shape (3, 0)"),
    ("sum", (zeros(3),), {"dim": 0.5}, TypeError, "sum: dim must be an integer, got float"),
    ("softmax", (zeros(2, 3),), {"dim": 2}, ValueError,
     "softmax: dim must be from -2 to 1 for an array of 2 dimensions, got 2"),
    ("log_softmax", (ints(2, 3),), {"dim": 1}, TypeError,
     "log_softmax: x must be floating point, got int64"),
    ("cross_entropy", (zeros(4, 3), ints(5)), {}, ValueError,
     "cross_entropy: logits of shape (4, 3) need labels of shape (4,), got (5,)"),
    ("cross_entropy", (zeros(4, 3), ints(4, 1)), {}, ValueError,
     "cross_entropy: logits of shape (4, 3) need labels of shape (4,), got (4, 1)"),
    ("cross_entropy", (zeros(2, 3), np.array([0, 3])), {}, ValueError,
     "cross_entropy: label 3 is not one of the 3 classes 0 to 2"),
    ("cross_entropy", (zeros(2, 3), np.array([0, -1])), {}, ValueError,
     "cross_entropy: label -1 is not one of the 3 classes 0 to 2"),
    ("cross_entropy", (zeros(2, 3), zeros(2)), {}, TypeError,
     "cross_entropy: labels must be integers, got float64"),
    ("cross_entropy", (ints(2, 3), ints(2)), {}, TypeError,
     "cross_entropy: logits must be floating point (B, V), got int64 of shape (2, 3)"),
    ("cross_entropy", (zeros(2, 3), ints(2), zeros(2)), {}, ValueError,
     "cross_entropy: weight must have shape (3,), got (2,)"),
    ("cross_entropy", (zeros(2, 3), ints(2)), {"reduction": "max"}, ValueError,
     "cross_entropy: reduction must be 'mean', 'sum' or 'none', got 'max'"),
    ("cross_entropy", (zeros(2, 3), ints(2)), {"label_smoothing": 2}, ValueError,
     "cross_entropy: label_smoothing must be from 0 to 1, got 2"),
    ("mse_loss", (zeros(2, 3), zeros(2, 4)), {}, ValueError,
     "mse_loss: x has shape (2, 3), target has (2, 4)"),
    ("mse_loss", (zeros(2), zeros(2, dtype=F32)), {}, TypeError,
     "mse_loss: target is float32, x is float64"),
    ("add", (zeros(2, 3), zeros(4)), {}, ValueError,
     "add: shapes (2, 3) and (4,) cannot be broadcast together"),
    ("multiply", (zeros(2, 3), "2"), {}, TypeError,
     "expected a tensor, an array or a number, got str"),
    ("matmul", (zeros(2, 3), zeros(2, 3)), {}, ValueError,
     "matmul: x of shape (2, 3) ends in 3, y of shape (2, 3) expects 2"),
    ("matmul", (zeros(2, 3), zeros()), {}, ValueError,
     "matmul: y needs at least one dimension"),
    ("matmul", (zeros(2, 3, 3), zeros(4, 3, 3)), {}, ValueError,
     "matmul: shapes (2,) and (4,) cannot be broadcast together"),
    ("matmul", (zeros(3, 3), zeros(3, 3, dtype=F32)), {}, TypeError,
     "matmul: y is float32, x is float64"),
    ("mean", (ints(3),), {}, TypeError, "mean: x must be floating point, got int64"),
    ("sum", (zeros(3),), {"dim": 1}, ValueError,
     "sum: dim must be from -1 to 0 for an array of 1 dimensions, got 1"),
    ("sum", (zeros(3, 3),), {"dim": (0, -2)}, ValueError, "sum: dim (0, -2) names an axis twice"),
    ("reshape", (zeros(2, 3),), {"shape": (4, 2)}, ValueError,
     "reshape: 6 elements of shape (2, 3) do not fill shape (4, 2)"),
    ("flatten", (zeros(2, 3),), {"start_dim": 1, "end_dim": 0}, ValueError,
     "flatten: start_dim 1 comes after end_dim 0"),
    ("permute", (zeros(2, 3),), {"dims": (0, 0)}, ValueError,
     "permute: dims (0, 0) must name each of the 2 dimensions once"),
    ("transpose", (zeros(2, 3),), {"dim0": 0, "dim1": 5}, ValueError,
     "transpose: dim must be from -2 to 1 for an array of 2 dimensions, got 5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "arrays", "options", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    pair: str, arrays: Any, options: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        getattr(kernels, f"{pair}_forward")(*arrays, **options)
    assert str(caught.value) == sentence


def test_what_does_not_bind_names_the_operation() -> None:
    for call, sentence in (
        (
            lambda: F.conv2d(IMAGE),
            "conv2d: missing a required argument: 'weight'",
        ),
        (
            lambda: F.relu(IMAGE, slope=1),
            "relu: got an unexpected keyword argument 'slope'",
        ),
        (
            lambda: F.cat(Tensor(IMAGE)),
            "cat: tensors must be a list or tuple of tensors, got Tensor",
        ),
        (
            lambda: F.cat([Tensor(IMAGE), None]),
            "cat: arrays[1] must be an array, got NoneType",
        ),
    ):
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value) == sentence


def test_mse_loss_says_when_it_broadcasts() -> None:
    sentence = (
        "mse_loss: x has shape (3, 1), target has (3,); both become (3, 3)"
    )
    with pytest.warns(UserWarning, match=re.escape(sentence)):
        _, cache = kernels.mse_loss_forward(zeros(3, 1), zeros(3) + 1)
    grads = kernels.mse_loss_backward(1.0, cache)
    assert [g.shape for g in grads] == [(3, 1), (3,)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kernels.mse_loss_forward(zeros(3), zeros(3))
