"""Every pair, with inputs to try it on and torch's function beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from tutorial_kernels import kernels


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.standard_normal(shape))


def positive(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.uniform(0.5, 2.0, shape))


@dataclass(frozen=True)
class Case:
    """One call of one pair."""

    pair: str
    make: Callable[[np.random.Generator], tuple[Any, ...]]
    reference: Callable[..., torch.Tensor]
    options: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    @property
    def forward(self) -> Callable[..., Any]:
        return getattr(kernels, f"{self.pair}_forward")

    @property
    def backward(self) -> Callable[..., Any]:
        return getattr(kernels, f"{self.pair}_backward")

    def arrays(self, dtype: Any = np.float64, seed: int = 0) -> list[Any]:
        arrays = self.make(np.random.default_rng(seed))
        return [
            a.astype(dtype)
            if isinstance(a, np.ndarray) and a.dtype.kind == "f"
            else a
            for a in arrays
        ]

    def __str__(self) -> str:
        return f"{self.pair}-{self.note}" if self.note else self.pair


def unary(
    pair: str,
    reference: Callable[..., torch.Tensor],
    make: Any = normal,
    **options: Any,
) -> list[Case]:
    return [
        Case(pair, lambda r: (make(r, 3, 4),), reference, options),
        Case(pair, lambda r: (make(r),), reference, options, "0-d")
        if not options
        else Case(
            pair, lambda r: (make(r, 2, 3, 4),), reference, options, "3-d"
        ),
    ]


def binary(
    pair: str, reference: Callable[..., torch.Tensor], make: Any = normal
) -> list[Case]:
    shapes = {
        "": ((3, 4), (3, 4)),
        "row": ((3, 4), (4,)),
        "column": ((3, 1), (2, 3, 4)),
        "both": ((3, 1), (1, 4)),
        "0-d": ((3, 4), ()),
        "both 0-d": ((), ()),
    }
    return [
        Case(
            pair,
            lambda r, a=a, b=b: (make(r, *a), make(r, *b)),
            reference,
            {},
            note,
        )
        for note, (a, b) in shapes.items()
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
]


def torch_results(
    reference: Callable[..., torch.Tensor],
    arrays: list[Any],
    options: dict[str, Any],
    seed: int = 3,
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray | None]]:
    """The output, a random gradient for it, and the gradients of the inputs."""
    tensors = []
    for array in arrays:
        tensor = torch.tensor(
            np.ascontiguousarray(array).reshape(np.shape(array))
        )
        if tensor.is_floating_point():
            tensor.requires_grad_()
        elif tensor.dtype == torch.int32:
            tensor = tensor.long()
        tensors.append(tensor)
    out = reference(*tensors, **options)
    grad_out = np.random.default_rng(seed).standard_normal(tuple(out.shape))
    grad_out = np.asarray(grad_out, dtype=out.detach().numpy().dtype)
    out.backward(torch.tensor(grad_out))
    grads = [None if t.grad is None else t.grad.numpy() for t in tensors]
    return out.detach().numpy(), grad_out, grads


def as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def assert_close(ours: Any, theirs: Any, relative: float) -> None:
    """Equal but for `relative` of the largest number; nan and inf alike."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    finite = np.isfinite(theirs)
    np.testing.assert_array_equal(ours[~finite], theirs[~finite])
    scale = np.abs(theirs[finite]).max(initial=1e-3)
    difference = np.abs(ours[finite] - theirs[finite]).max(initial=0)
    assert difference <= relative * scale, (difference, scale)


def assert_as_torch(
    case: Case, arrays: list[Any], options: dict[str, Any], relative: float
) -> None:
    """Compare output and gradients of a pair with torch's."""
    theirs, grad_out, torch_grads = torch_results(
        case.reference, arrays, options
    )
    out, cache = case.forward(*arrays, **options)
    assert_close(out, theirs, relative)
    grads = as_tuple(case.backward(grad_out, cache))
    for array, ours, torch_grad in zip(
        arrays, grads, torch_grads, strict=False
    ):
        if torch_grad is None:
            assert ours is None
        else:
            assert ours.shape == np.shape(array)
            assert_close(ours, torch_grad, relative)
