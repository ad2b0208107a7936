"""Extreme numbers in every activation and every loss, beside torch.

The numbers come sixteen times each: what is left over of a vector takes
another way through torch, and there some slopes at nan and infinity are other
than everywhere else.
"""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tutorial_kernels import kernels

TINY = {np.float32: 1e-40, np.float64: 1e-310}  # denormal
NUMBERS = [0.0, -0.0, 1e-30, -1e-30, 0.5, -0.5, 40.0, -40.0, 1e4, -1e4]
STRANGE = [np.inf, -np.inf, np.nan]


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """A reader must not meet a warning from inside the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def extremes(dtype: Any, strange: bool = True) -> np.ndarray:
    tiny = [TINY[dtype], -TINY[dtype]]
    numbers = NUMBERS + tiny + (STRANGE if strange else [])
    return np.repeat(np.array(numbers, dtype), 16)


def beside_torch(
    name: str,
    reference: Callable[..., torch.Tensor],
    arrays: list[np.ndarray],
    **options: Any,
) -> None:
    """Each value and each gradient for itself, small ones too."""
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = reference(*tensors, **options)
    out, cache = getattr(kernels, f"{name}_forward")(*arrays, **options)
    dtype = arrays[0].dtype
    relative = 3e-6 if dtype == np.float32 else 1e-12
    near = {"rtol": relative, "atol": 1e-37 if dtype == np.float32 else 1e-300}
    np.testing.assert_allclose(out, expected.detach().numpy(), **near)
    grad = np.linspace(1, 2, out.size, dtype=dtype).reshape(out.shape)
    expected.backward(torch.tensor(grad))
    grads = getattr(kernels, f"{name}_backward")(grad, cache)
    for ours, tensor in zip(
        grads if isinstance(grads, tuple) else (grads,), tensors, strict=False
    ):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), **near)


LOSSES: dict[str, dict[str, Any]] = {
    "mse_loss": {},
    "l1_loss": {},
    "smooth_l1_loss": {"beta": 0.7},
    "huber_loss": {"delta": 0.7},
    "binary_cross_entropy_with_logits": {},
    "kl_div": {},
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LOSSES)
def test_losses(name: str, dtype: Any) -> None:
    x = extremes(dtype)
    target = np.roll(x, 16 * 4)
    if name == "binary_cross_entropy_with_logits":
        target = np.resize(np.array([0, 1, 0.5], dtype), x.shape)
    if name == "kl_div":
        target = np.resize(np.array([0, 1, 0.5, 1e-30], dtype), x.shape)
    beside_torch(
        name, getattr(F, name), [x, target], reduction="none", **LOSSES[name]
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_at_its_ends(dtype: Any) -> None:
    x = np.repeat(np.array([0, TINY[dtype], 1e-30, 0.5, 1], dtype), 48)
    target = np.resize(np.array([0, 1, 0.5], dtype), x.shape)
    tensor = torch.tensor(x, requires_grad=True)
    expected = F.binary_cross_entropy(
        tensor, torch.tensor(target), reduction="none"
    )
    out, cache = kernels.binary_cross_entropy_forward(
        x, target, reduction="none"
    )
    np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-6)
    expected.backward(torch.ones_like(expected))
    ours, *_ = kernels.binary_cross_entropy_backward(np.ones_like(x), cache)
    np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gaussian_nll_loss(dtype: Any) -> None:
    x = extremes(dtype)
    target = np.roll(x, 16 * 4)
    var = np.resize(np.array([0, 1e-30, 1, 1e4], dtype), x.shape)
    beside_torch(
        "gaussian_nll_loss", F.gaussian_nll_loss, [x, target, var],
        reduction="none",
    )  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmaxes(name: str, dtype: Any) -> None:
    numbers = extremes(dtype)[::16]
    rows = np.array([np.roll(numbers, k)[:5] for k in range(len(numbers))])
    tensor = torch.tensor(rows, requires_grad=True)
    expected = getattr(F, name)(tensor, dim=1)
    out, cache = getattr(kernels, f"{name}_forward")(rows, dim=1)
    near = {"rtol": 3e-6, "atol": 1e-6 if dtype == np.float32 else 1e-12}
    np.testing.assert_allclose(out, expected.detach().numpy(), **near)
    grad = np.linspace(1, 2, out.size, dtype=dtype).reshape(out.shape)
    expected.backward(torch.tensor(grad))
    ours = getattr(kernels, f"{name}_backward")(grad, cache)
    np.testing.assert_allclose(ours, tensor.grad.numpy(), **near)


EMPTY: list[tuple[str, list[tuple[int, ...]], dict[str, Any]]] = [
    ("relu", [(0, 3)], {}),
    ("gelu", [(2, 0)], {}),
    ("linear", [(0, 3), (2, 3), (2,)], {}),
    ("conv1d", [(0, 2, 5), (3, 2, 2), (3,)], {}),
    ("conv2d", [(0, 2, 5, 5), (3, 2, 2, 2)], {"padding": 1}),
    ("conv_transpose1d", [(0, 2, 5), (2, 3, 2)], {}),
    ("conv_transpose2d", [(0, 2, 5, 5), (2, 3, 2, 2)], {}),
    ("max_pool1d", [(0, 2, 4)], {"kernel_size": 2}),
    ("max_pool2d", [(0, 2, 4, 4)], {"kernel_size": 2}),
    ("avg_pool1d", [(0, 2, 4)], {"kernel_size": 2}),
    ("avg_pool2d", [(0, 2, 4, 4)], {"kernel_size": 2}),
    ("adaptive_avg_pool1d", [(0, 2, 4)], {"output_size": 2}),
    ("adaptive_avg_pool2d", [(0, 2, 4, 4)], {"output_size": 2}),
    ("adaptive_max_pool1d", [(0, 2, 4)], {"output_size": 2}),
    ("adaptive_max_pool2d", [(0, 2, 4, 4)], {"output_size": 2}),
    ("mse_loss", [(0, 3), (0, 3)], {}),
    ("l1_loss", [(0,), (0,)], {"reduction": "sum"}),
    ("huber_loss", [(3, 0), (3, 0)], {}),
    ("smooth_l1_loss", [(0,), (0,)], {}),
    ("binary_cross_entropy_with_logits", [(0, 3), (0, 3)], {}),
    ("softmax", [(0, 3)], {"dim": 1}),
    ("softmax", [(3, 0)], {"dim": 1}),
    ("log_softmax", [(0, 3)], {"dim": 0}),
    ("pad", [(0, 2, 3)], {"pad": (1, 1)}),
    ("pad", [(0, 2, 3)], {"pad": (1, 1), "mode": "reflect"}),
    ("interpolate", [(0, 2, 3)], {"scale_factor": 2}),
]


@pytest.mark.parametrize(("name", "shapes", "options"), EMPTY)
def test_nothing_at_all(name: str, shapes: Any, options: Any) -> None:
    arrays = [np.ones(shape) for shape in shapes]
    reference = getattr(F, name)
    beside_torch(name, reference, arrays, **options)
