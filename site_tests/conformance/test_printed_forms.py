"""Drawn arguments: the printed form and the saved keys are PyTorch's."""

from __future__ import annotations

import warnings
from typing import Any

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, settings

from tutorial_kernels import nn

FLAGS = st.booleans()
SIZES = st.integers(1, 4)
PARTS = st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, 1])
NUMBERS = st.sampled_from([1e-5, 0.01, 0.5, 1.0, 2, 2.5, 1e-12, 100.0])
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
SHAPES = st.one_of(
    SIZES, st.lists(SIZES, min_size=1, max_size=3), st.tuples(SIZES, SIZES)
)
AXES = st.sampled_from([None, -1, 0, 1])


def options(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Some of the options, as keyword arguments."""
    return st.fixed_dictionaries({}, optional=choices)


def with_first(
    first: dict[str, st.SearchStrategy[Any]],
    **choices: st.SearchStrategy[Any],
) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(first, optional=choices)


def windows(axes: int) -> st.SearchStrategy[Any]:
    """A size, or one for each axis."""
    return st.one_of(SIZES, st.tuples(*[SIZES] * axes))


def pooling(axes: int, **choices: Any) -> st.SearchStrategy[Any]:
    return with_first(
        {"kernel_size": windows(axes)},
        stride=windows(axes),
        padding=windows(axes),
        ceil_mode=FLAGS,
        **choices,
    )


@st.composite
def convolution(draw: Any, axes: int, transposed: bool) -> dict[str, Any]:
    groups = draw(st.integers(1, 2))
    drawn: dict[str, Any] = {
        "in_channels": groups * draw(SIZES),
        "out_channels": groups * draw(SIZES),
        "kernel_size": draw(windows(axes)),
        "groups": groups,
        "bias": draw(FLAGS),
        "dilation": draw(windows(axes)),
    }
    padding = windows(axes)
    if transposed:
        drawn["output_padding"] = draw(windows(axes))
        drawn["stride"] = draw(windows(axes))
    elif draw(FLAGS):
        padding = st.sampled_from(["same", "valid"])
    else:
        drawn["stride"] = draw(windows(axes))
        drawn["padding_mode"] = draw(
            st.sampled_from(["zeros", "reflect", "replicate", "circular"])
        )
    drawn["padding"] = draw(padding)
    return drawn


@st.composite
def groups_of_channels(draw: Any) -> dict[str, Any]:
    groups = draw(SIZES)
    more = draw(options(eps=NUMBERS, affine=FLAGS, bias=FLAGS))
    return {
        "num_groups": groups,
        "num_channels": groups * draw(SIZES),
        **more,
    }


BATCH_NORM = with_first(
    {"num_features": SIZES},
    eps=NUMBERS, momentum=st.one_of(st.none(), PARTS), affine=FLAGS,
    track_running_stats=FLAGS, bias=FLAGS,
)  # fmt: skip
CELL = {"input_size": SIZES, "hidden_size": SIZES}
LAYER = {
    "num_layers": st.integers(1, 3), "bias": FLAGS, "batch_first": FLAGS,
    "dropout": PARTS, "bidirectional": FLAGS,
}  # fmt: skip
NONLINEARITY = st.sampled_from(["tanh", "relu"])
INPLACE = options(inplace=FLAGS)
ALONG = options(dim=AXES)
LOSS = options(reduction=REDUCTIONS)
ADAPTIVE = {"output_size": SIZES}

DRAWN: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(["ReLU", "ReLU6", "SELU", "SiLU", "Mish"], INPLACE),
    **dict.fromkeys(["Sigmoid", "Tanh"], options()),
    **dict.fromkeys(["Softmax", "Softmin", "LogSoftmax"], ALONG),
    **dict.fromkeys(["MSELoss", "L1Loss", "BCELoss", "BCEWithLogitsLoss"], LOSS),
    **dict.fromkeys(["BatchNorm1d", "BatchNorm2d"], BATCH_NORM),
    **dict.fromkeys(["AdaptiveAvgPool1d", "AdaptiveAvgPool2d"], with_first(ADAPTIVE)),
    **dict.fromkeys(["AdaptiveMaxPool1d", "AdaptiveMaxPool2d"], with_first(ADAPTIVE, return_indices=FLAGS)),
    **dict.fromkeys(["LSTMCell", "GRUCell"], with_first(CELL, bias=FLAGS)),
    **dict.fromkeys(["LSTM", "GRU"], with_first(CELL, **LAYER)),
    "RNN": with_first(CELL, **LAYER, nonlinearity=NONLINEARITY),
    "RNNCell": with_first(CELL, bias=FLAGS, nonlinearity=NONLINEARITY),
    "LeakyReLU": options(negative_slope=NUMBERS, inplace=FLAGS),
    "ELU": options(alpha=NUMBERS, inplace=FLAGS),
    "Hardtanh": options(min_val=st.sampled_from([-2, -0.5]), max_val=NUMBERS, inplace=FLAGS),
    "GELU": options(approximate=st.sampled_from(["none", "tanh"])),
    "Softplus": options(beta=NUMBERS, threshold=NUMBERS),
    "Linear": with_first({"in_features": SIZES, "out_features": SIZES}, bias=FLAGS),
    "Flatten": options(start_dim=SIZES, end_dim=st.integers(-2, 3)),
    "Dropout": options(p=PARTS, inplace=FLAGS),
    "Embedding": with_first(
        {"num_embeddings": st.integers(2, 5), "embedding_dim": SIZES},
        padding_idx=st.sampled_from([None, -1, 0, 1]), norm_type=NUMBERS, scale_grad_by_freq=FLAGS,
    ),
    "LayerNorm": with_first({"normalized_shape": SHAPES}, eps=NUMBERS, elementwise_affine=FLAGS, bias=FLAGS),
    "RMSNorm": with_first({"normalized_shape": SHAPES}, eps=st.one_of(st.none(), NUMBERS), elementwise_affine=FLAGS),
    "GroupNorm": groups_of_channels(),
    "Conv1d": convolution(1, False),
    "Conv2d": convolution(2, False),
    "ConvTranspose1d": convolution(1, True),
    "ConvTranspose2d": convolution(2, True),
    "MaxPool1d": pooling(1, dilation=SIZES, return_indices=FLAGS),
    "MaxPool2d": pooling(2, dilation=windows(2), return_indices=FLAGS),
    "AvgPool1d": pooling(1, count_include_pad=FLAGS),
    "AvgPool2d": pooling(2, count_include_pad=FLAGS, divisor_override=SIZES),
    "Upsample": st.one_of(
        st.fixed_dictionaries({"size": windows(2)}), st.fixed_dictionaries({"scale_factor": NUMBERS}),
    ),
    "CrossEntropyLoss": options(ignore_index=SIZES, reduction=REDUCTIONS, label_smoothing=PARTS),
    "NLLLoss": options(ignore_index=SIZES, reduction=REDUCTIONS),
    "SmoothL1Loss": options(reduction=REDUCTIONS, beta=NUMBERS),
    "HuberLoss": options(reduction=REDUCTIONS, delta=NUMBERS),
    "GaussianNLLLoss": options(full=FLAGS, eps=NUMBERS, reduction=REDUCTIONS),
    "KLDivLoss": options(reduction=REDUCTIONS, log_target=FLAGS),
    "Identity": options(),
}  # fmt: skip
# Attention and the Transformer are printed in nn/test_transformer_layers.py,
# the containers in nn/test_containers.py and nn/test_modules.py.
OF_PARTS = {
    "Module", "ModuleDict", "ModuleList", "MultiheadAttention",
    "ParameterDict", "ParameterList", "Sequential", "Transformer",
    "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerEncoderLayer", "Unflatten",
}  # fmt: skip


def test_every_class_is_drawn() -> None:
    ours = {
        name
        for name in nn.__all__
        if isinstance(getattr(nn, name), type)
        and issubclass(getattr(nn, name), nn.Module)
    }
    assert ours == set(DRAWN) | OF_PARTS


@pytest.mark.parametrize("name", DRAWN)
def test_printed_and_saved_as_in_torch(name: str) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(DRAWN[name])
    def check(arguments: dict[str, Any]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = getattr(torch.nn, name)(**arguments)
            ours = getattr(nn, name)(**arguments)
        assert repr(ours) == repr(theirs)
        state, expected = ours.state_dict(), theirs.state_dict()
        assert list(state) == list(expected)
        for key, tensor in expected.items():
            assert state[key].shape == tuple(tensor.shape)
            assert f"torch.{state[key].dtype}" == str(tensor.dtype)

    check()
