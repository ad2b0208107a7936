"""The backward by hand that the chapter on backpropagation gives PyTorch."""

import numpy as np
import pytest
import torch

from tutorial_kernels.kernels import linear_backward, linear_forward
from tutorial_kernels.parity.linear_function import (
    LinearFunction,
    passes_gradcheck,
)


def test_pytorch_finds_the_backward_right():
    assert passes_gradcheck()


def test_it_is_the_linear_pair():
    rng = np.random.default_rng(0)
    x, weight, bias, grad_out = (
        rng.normal(size=shape) for shape in [(5, 4), (3, 4), (3,), (5, 3)]
    )
    out, cache = linear_forward(x, weight, bias)
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    other = LinearFunction.apply(*tensors)
    other.backward(torch.tensor(grad_out))
    np.testing.assert_allclose(other.detach().numpy(), out, rtol=1e-12)
    for tensor, gradient in zip(
        tensors, linear_backward(grad_out, cache), strict=True
    ):
        np.testing.assert_allclose(tensor.grad.numpy(), gradient, rtol=1e-12)


def test_pytorch_finds_a_wrong_one(monkeypatch):
    right = LinearFunction.backward

    def wrong(ctx, grad_out):
        grad_x, grad_weight, grad_bias = right(ctx, grad_out)
        return grad_x, grad_weight, grad_bias / len(grad_out)

    monkeypatch.setattr(LinearFunction, "backward", staticmethod(wrong))
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        passes_gradcheck()
