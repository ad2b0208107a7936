"""Very large, infinite and missing numbers, beside torch."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.kernels.cases import assert_close
from tutorial_kernels import kernels

EXTREME = [
    0.0,
    -0.0,
    1e-30,
    -1e-30,
    40.0,
    -40.0,
    1e4,
    -1e4,
    np.inf,
    -np.inf,
    np.nan,
]
ELEMENTWISE = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "negative": torch.neg,
}


@pytest.fixture(autouse=True)
def no_warnings() -> Any:
    """A reader must not meet a warning from inside the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def beside_torch(
    name: str, reference: Any, x: np.ndarray, smallest: float, **options: Any
) -> None:
    tensor = torch.tensor(x, requires_grad=True)
    expected = reference(tensor, **options)
    out, cache = getattr(kernels, f"{name}_forward")(x, **options)
    relative = 1e-6 if x.dtype == np.float32 else 1e-12
    assert_elementwise(out, expected.detach().numpy(), relative, smallest)
    grad = np.linspace(1, 2, expected.numel(), dtype=x.dtype).reshape(
        expected.shape
    )
    expected.backward(torch.tensor(grad))
    ours = getattr(kernels, f"{name}_backward")(grad, cache)
    assert_elementwise(ours, tensor.grad.numpy(), relative, smallest)


def assert_elementwise(
    ours: Any, theirs: Any, relative: float, smallest: float
) -> None:
    """Every number for itself, small ones too."""
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=relative, atol=smallest)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise(name: str, dtype: Any) -> None:
    values = np.array(EXTREME, dtype)
    beside_torch(name, ELEMENTWISE[name], values, 1e-37)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    "row",
    [
        [1e4, -1e4, 0.0],
        [1e4, 1e4, 1e4],
        [-1e4, -1e4, -1e4],
        [0.0, -np.inf, 1.0],
        [-np.inf, -np.inf, -np.inf],
        [np.inf, 0.0, 1.0],
        [np.nan, 0.0, 1.0],
    ],
    ids=str,
)
def test_softmax(name: str, row: list[float], dtype: Any) -> None:
    beside_torch(
        name,
        getattr(torch, name),
        np.array([row], dtype),
        1e-6 if dtype == np.float32 else 1e-15,
        dim=1,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label", [0, 1, 2])
@pytest.mark.parametrize(
    "row",
    [[1e4, -1e4, 0.0], [-np.inf, 0.0, 1.0], [3e38, -3e38, 0.0], [np.nan, 0, 1]],
    ids=str,
)
def test_cross_entropy(row: list[float], label: int, dtype: Any) -> None:
    logits = np.array([row], dtype)
    tensor = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(tensor, torch.tensor([label]))
    out, cache = kernels.cross_entropy_forward(logits, np.array([label]))
    assert_close(out, expected.detach().numpy(), 1e-6)
    expected.backward()
    ours, _ = kernels.cross_entropy_backward(1.0, cache)
    assert_close(ours, tensor.grad.numpy(), 1e-6)


def test_max_pool2d_lets_nan_and_inf_through() -> None:
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 0, 1], x[0, 0, 2, 2], x[0, 0, 3, 0] = np.nan, np.inf, -np.inf
    out, _ = kernels.max_pool2d_forward(x, 2)
    expected = torch.nn.functional.max_pool2d(torch.tensor(x), 2)
    np.testing.assert_array_equal(out, expected.numpy())


@pytest.mark.parametrize(
    "grad_out", [1, 1.0, np.float64(1), np.ones(()), np.float32(1)]
)
def test_a_gradient_of_another_dtype_does_not_promote(grad_out: Any) -> None:
    logits = np.array([[1, 2, 3]], np.float32)
    _, cache = kernels.cross_entropy_forward(logits, np.array([1], np.int32))
    assert (
        kernels.cross_entropy_backward(grad_out, cache)[0].dtype == np.float32
    )
    _, cache = kernels.mse_loss_forward(logits, logits + 1)
    for grad in kernels.mse_loss_backward(grad_out, cache):
        assert grad.dtype == np.float32


def test_integers_become_float32_where_the_result_has_parts() -> None:
    x = np.array([1, 2, 3])
    for name in ("exp", "log", "sqrt", "sigmoid", "tanh"):
        out, _ = getattr(kernels, f"{name}_forward")(x)
        assert out.dtype == np.float32
        expected = getattr(torch, name)(torch.tensor(x)).numpy()
        np.testing.assert_allclose(out, expected, rtol=1e-6)
