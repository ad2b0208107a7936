"""Activations, normalizations, dropout and embedding, to be tried out."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from site_tests.kernels.case import Case, normal, unary
from tutorial_kernels import kernels


def wide(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers on both sides of 6, where relu6 ends."""
    return np.asarray(rng.uniform(-10, 10, shape))


def running_statistics(channels: int) -> tuple[np.ndarray, np.ndarray]:
    """A mean and a variance for every channel."""
    return np.linspace(-1, 1, channels), np.linspace(0.5, 2, channels)


class BatchNormCase(Case):
    """Batch norm with its running statistics held fixed.

    They are floating-point constants: they have no gradient to compare.
    """

    @property
    def forward(self) -> Callable[..., Any]:
        def batch_norm_forward(
            x: Any, weight: Any = None, bias: Any = None, **options: Any
        ) -> Any:
            mean, var = running_statistics(x.shape[1])
            return kernels.batch_norm_forward(
                x,
                mean.astype(x.dtype),
                var.astype(x.dtype),
                weight,
                bias,
                **options,
            )

        text = kernels.batch_norm_forward.__doc__ or ""
        text, held = re.subn(r"\n +running_\w+: \(C\)", "", text)
        assert held == 2
        batch_norm_forward.__doc__ = text
        return batch_norm_forward

    @property
    def backward(self) -> Callable[..., Any]:
        def batch_norm_backward(grad_out: Any, cache: Any) -> Any:
            grad_x, *constants, grad_weight, grad_bias = (
                kernels.batch_norm_backward(grad_out, cache)
            )
            assert constants == [None, None]
            return grad_x, grad_weight, grad_bias

        return batch_norm_backward


def batch_norm_in_torch(
    x: torch.Tensor, weight: Any = None, bias: Any = None, **options: Any
) -> torch.Tensor:
    mean, var = (
        torch.tensor(s).to(x.dtype) for s in running_statistics(x.shape[1])
    )
    return F.batch_norm(x, mean, var, weight, bias, **options)


def layer_norm_in_torch(
    x: torch.Tensor,
    weight: Any = None,
    bias: Any = None,
    *,
    normalized_shape: tuple[int, ...],
    eps: float = 1e-5,
) -> torch.Tensor:
    return F.layer_norm(x, normalized_shape, weight, bias, eps)


def group_norm_in_torch(
    x: torch.Tensor,
    weight: Any = None,
    bias: Any = None,
    *,
    num_groups: int,
    eps: float = 1e-5,
) -> torch.Tensor:
    return F.group_norm(x, num_groups, weight, bias, eps)


def rms_norm_in_torch(
    x: torch.Tensor,
    weight: Any = None,
    *,
    normalized_shape: tuple[int, ...],
    eps: float | None = None,
) -> torch.Tensor:
    return F.rms_norm(x, normalized_shape, weight, eps)


def dropout_in_torch(
    x: torch.Tensor, mask: torch.Tensor, p: float = 0.5
) -> torch.Tensor:
    """What torch's dropout does with the mask it draws."""
    return x * mask / (1 - p)


def normed(
    pair: str,
    reference: Callable[..., torch.Tensor],
    shape: tuple[int, ...],
    scale: tuple[int, ...],
    options: dict[str, Any],
    note: str = "",
    *,
    scales: int = 2,
    kind: type[Case] = Case,
) -> Case:
    """One case of a normalization, with as many scales as are asked for."""

    def make(r: np.random.Generator) -> tuple[Any, ...]:
        # The check weighs the outputs with the first numbers of this seed. If
        # x were the same numbers, every gradient of a norm would be near zero.
        r.random(10)
        x = 2 + 3 * normal(r, *shape)
        return (x, *(1 + normal(r, *scale) for _ in range(scales)))

    return kind(pair, make, reference, options, note)


def _batch_norms() -> list[Case]:
    def case(*shape: int, scales: int = 2, **options: Any) -> Case:
        note = f"{len(shape)}-d {options.get('training', False)} {scales}"
        return normed(
            "batch_norm",
            batch_norm_in_torch,
            shape,
            shape[1:2],
            options,
            note,
            scales=scales,
            kind=BatchNormCase,
        )

    return [
        case(4, 3, training=True),
        case(4, 3, training=False),
        case(3, 2, 4, training=True, eps=0.1),
        case(2, 3, 2, 3, training=True, scales=1),
        case(2, 3, 2, 3, scales=0),
        case(2, 2, 2, 1, 3, training=True, scales=0),
    ]


def _one_example_norms() -> list[Case]:
    one, two = {"normalized_shape": (4,)}, {"normalized_shape": (3, 4)}
    layer, rms = layer_norm_in_torch, rms_norm_in_torch
    groups = {"num_groups": 3}
    return [
        normed("layer_norm", layer, (2, 3, 4), (4,), one),
        normed("layer_norm", layer, (4,), (4,), one, "no bias", scales=1),
        normed("layer_norm", layer, (3, 4), (4,), one, "bare", scales=0),
        normed("layer_norm", layer, (2, 3, 4), (3, 4), two, "several axes"),
        normed("rms_norm", rms, (2, 3, 4), (4,), one, scales=1),
        normed("rms_norm", rms, (3, 4), (4,), {**one, "eps": 0.1}, "bare", scales=0),
        normed("rms_norm", rms, (2, 3, 4), (3, 4), two, "several axes", scales=1),
        normed("group_norm", group_norm_in_torch, (2, 9), (9,), groups),
        normed("group_norm", group_norm_in_torch, (2, 6, 3), (6,), groups, "3-d", scales=1),
        normed("group_norm", group_norm_in_torch, (2, 3, 2, 3), (3,), {**groups, "eps": 0.1}, "4-d", scales=0),
    ]  # fmt: skip


def _rows(r: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(r.integers(0, 5, shape))


ELEMENTS: list[Case] = [
    *unary("leaky_relu", F.leaky_relu),
    *unary("leaky_relu", F.leaky_relu, negative_slope=-0.3),
    *unary("elu", F.elu),
    *unary("elu", F.elu, alpha=0.4),
    *unary("selu", F.selu),
    *unary("hardtanh", F.hardtanh),
    *unary("hardtanh", F.hardtanh, min_val=-0.3, max_val=0.8),
    *unary("relu6", F.relu6, wide),
    *unary("gelu", F.gelu),
    *unary("gelu", F.gelu, approximate="tanh"),
    *unary("silu", F.silu),
    *unary("mish", F.mish),
    *unary("softplus", F.softplus),
    *unary("softplus", F.softplus, beta=3.0, threshold=2.0),
    *unary("softmin", F.softmin, dim=1),
    *_batch_norms(),
    *_one_example_norms(),
    *[
        Case(
            "dropout",
            lambda r: (normal(r, 3, 4), r.random((3, 4)) < 0.7),
            dropout_in_torch,
            {"p": p},
            f"p={p}",
        )
        for p in (0.3, 0.0)
    ],
    # padding_idx and scale_grad_by_freq change the gradient on purpose: it is
    # no derivative then, and compared with torch's in test_options_elements.
    Case("embedding", lambda r: (_rows(r, 2, 6), normal(r, 5, 3)), F.embedding),
    Case("embedding", lambda r: (_rows(r), normal(r, 5, 3)), F.embedding, {}, "0-d"),
]  # fmt: skip
