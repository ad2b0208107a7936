"""Every pair, with inputs to try it on and torch's function beside it."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from site_tests.kernels.case import (
    Case,
    as_tuple,
    assert_as_torch,
    assert_close,
    binary,
    normal,
    positive,
    torch_results,
    unary,
)
from site_tests.kernels.cases_attention import ATTENTION
from site_tests.kernels.cases_elements import ELEMENTS
from site_tests.kernels.cases_losses import LOSSES
from site_tests.kernels.cases_recurrent import RECURRENT
from site_tests.kernels.cases_shaping import SHAPING
from site_tests.kernels.cases_windows import WINDOWS

__all__ = [
    "CASES",
    "Case",
    "as_tuple",
    "assert_as_torch",
    "assert_close",
    "binary",
    "normal",
    "positive",
    "torch_results",
    "unary",
]


def _labels(r: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(r.integers(0, 5, shape))


CASES: list[Case] = [
    *binary("add", torch.add),
    *binary("subtract", torch.sub),
    *binary("multiply", torch.mul),
    *binary("divide", torch.div, positive),
    *binary("power", torch.pow, positive),
    *unary("negative", torch.neg),
    *unary("exp", torch.exp),
    *unary("log", torch.log, positive),
    *unary("sqrt", torch.sqrt, positive),
    *unary("relu", torch.relu),
    *unary("sigmoid", torch.sigmoid),
    *unary("tanh", torch.tanh),
    *unary("softmax", torch.softmax, dim=1),
    *unary("log_softmax", torch.log_softmax, dim=-2),
    Case("matmul", lambda r: (normal(r, 3, 4), normal(r, 4, 5)), torch.matmul),
    Case(
        "matmul",
        lambda r: (normal(r, 4), normal(r, 4)),
        torch.matmul,
        {},
        "vectors",
    ),
    Case(
        "matmul",
        lambda r: (normal(r, 4), normal(r, 2, 4, 5)),
        torch.matmul,
        {},
        "row",
    ),
    Case(
        "matmul",
        lambda r: (normal(r, 2, 3, 4), normal(r, 4)),
        torch.matmul,
        {},
        "column",
    ),
    Case(
        "matmul",
        lambda r: (normal(r, 2, 1, 3, 4), normal(r, 6, 4, 5)),
        torch.matmul,
        {},
        "stacks",
    ),
    Case("sum", lambda r: (normal(r, 2, 3, 4),), torch.sum),
    Case(
        "sum",
        lambda r: (normal(r, 2, 3, 4),),
        torch.sum,
        {"dim": (0, -1)},
        "dims",
    ),
    Case(
        "sum",
        lambda r: (normal(r, 2, 3, 4),),
        torch.sum,
        {"dim": 1, "keepdim": True},
        "keepdim",
    ),
    Case("sum", lambda r: (normal(r),), torch.sum, {}, "0-d"),
    Case("mean", lambda r: (normal(r, 2, 3, 4),), torch.mean),
    Case(
        "mean",
        lambda r: (normal(r, 2, 3, 4),),
        torch.mean,
        {"dim": (0, -1)},
        "dims",
    ),
    Case(
        "mean",
        lambda r: (normal(r, 2, 3, 4),),
        torch.mean,
        {"dim": 1, "keepdim": True},
        "keepdim",
    ),
    Case("mean", lambda r: (normal(r),), torch.mean, {}, "0-d"),
    Case(
        "reshape",
        lambda r: (normal(r, 2, 3, 4),),
        torch.reshape,
        {"shape": (4, -1)},
    ),
    Case("flatten", lambda r: (normal(r, 2, 3, 4),), torch.flatten),
    Case(
        "flatten",
        lambda r: (normal(r, 2, 3, 4, 2),),
        torch.flatten,
        {"start_dim": 1, "end_dim": 2},
        "dims",
    ),
    Case("flatten", lambda r: (normal(r),), torch.flatten, {}, "0-d"),
    Case(
        "transpose",
        lambda r: (normal(r, 2, 3, 4),),
        torch.transpose,
        {"dim0": 0, "dim1": -1},
    ),
    Case(
        "permute",
        lambda r: (normal(r, 2, 3, 4),),
        torch.permute,
        {"dims": (2, 0, 1)},
    ),
    Case(
        "linear",
        lambda r: (normal(r, 2, 4), normal(r, 3, 4), normal(r, 3)),
        F.linear,
    ),
    Case(
        "linear",
        lambda r: (normal(r, 2, 4), normal(r, 3, 4)),
        F.linear,
        {},
        "no bias",
    ),
    Case(
        "linear",
        lambda r: (normal(r, 4), normal(r, 3, 4), normal(r, 3)),
        F.linear,
        {},
        "one",
    ),
    Case(
        "linear",
        lambda r: (normal(r, 2, 5, 4), normal(r, 3, 4), normal(r, 3)),
        F.linear,
        {},
        "3-d",
    ),
    Case(
        "conv2d",
        lambda r: (normal(r, 2, 3, 5, 6), normal(r, 4, 3, 3, 2), normal(r, 4)),
        F.conv2d,
    ),
    Case(
        "conv2d",
        lambda r: (normal(r, 3, 5, 6), normal(r, 4, 3, 3, 2)),
        F.conv2d,
        {},
        "one image",
    ),
    Case(
        "conv2d",
        lambda r: (normal(r, 2, 4, 7, 6), normal(r, 6, 2, 3, 2), normal(r, 6)),
        F.conv2d,
        {"stride": 2, "padding": 1, "dilation": 2, "groups": 2},
        "options",
    ),
    Case(
        "conv2d",
        lambda r: (normal(r, 2, 2, 5, 6), normal(r, 3, 2, 4, 3)),
        F.conv2d,
        {"padding": "same"},
        "same",
    ),
    Case(
        "max_pool2d",
        lambda r: (normal(r, 2, 3, 6, 8),),
        F.max_pool2d,
        {"kernel_size": 2},
    ),
    Case(
        "max_pool2d",
        lambda r: (normal(r, 3, 7, 8),),
        F.max_pool2d,
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        "options",
    ),
    Case(
        "max_pool2d",
        lambda r: (normal(r, 2, 3, 7, 9),),
        F.max_pool2d,
        {"kernel_size": (2, 3), "stride": 1, "dilation": (2, 1)},
        "overlapping",
    ),
    Case(
        "cross_entropy",
        lambda r: (normal(r, 4, 5), _labels(r, 4)),
        F.cross_entropy,
    ),
    Case(
        "cross_entropy",
        lambda r: (normal(r, 4, 5), _labels(r, 4)),
        F.cross_entropy,
        {"reduction": "sum"},
        "sum",
    ),
    Case(
        "cross_entropy",
        lambda r: (normal(r, 4, 5), _labels(r, 4)),
        F.cross_entropy,
        {"reduction": "none"},
        "none",
    ),
    Case(
        "cross_entropy",
        lambda r: (normal(r, 2, 5, 3), _labels(r, 2, 3)),
        F.cross_entropy,
        {"label_smoothing": 0.2, "ignore_index": 1},
        "options",
    ),
    Case(
        "cross_entropy",
        lambda r: (normal(r, 5), _labels(r)),
        F.cross_entropy,
        {},
        "one",
    ),
    *[
        Case(
            "mse_loss",
            lambda r: (normal(r, 3, 4), normal(r, 3, 4)),
            F.mse_loss,
            {"reduction": how},
            how,
        )
        for how in ("mean", "sum", "none")
    ],
    *RECURRENT,
    *WINDOWS,
    *ELEMENTS,
    *LOSSES,
    *SHAPING,
    *ATTENTION,
]
