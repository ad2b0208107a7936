"""A backward written by hand, as one step of PyTorch's own tape."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function, gradcheck


class LinearFunction(Function):
    """The linear pair for a batch: `out = x @ weight.T + bias`."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Compute (B, out), and keep what the way back needs."""
        ctx.save_for_backward(x, weight)
        return x @ weight.T + bias

    @staticmethod
    def backward(ctx: Any, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give one gradient for each input of the forward."""
        x, weight = ctx.saved_tensors
        return grad_out @ weight, grad_out.T @ x, grad_out.sum(dim=0)


def passes_gradcheck() -> bool:
    """Let PyTorch nudge every number; it raises where they differ."""
    torch.manual_seed(0)
    x = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(3, dtype=torch.float64, requires_grad=True)
    return gradcheck(LinearFunction.apply, (x, weight, bias))
