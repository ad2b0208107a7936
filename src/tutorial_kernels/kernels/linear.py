"""The linear layer: every output is a weighted sum of every input."""

import math
from typing import Any

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_numbers,
)


def linear_forward(
    x: Array, weight: Array, bias: Array | None = None
) -> tuple[Array, Cache]:
    """Multiply by the weights and add the bias.

    `out = x @ weight.T + bias`

    Shapes:
        x: (..., in_features)
        weight: (out_features, in_features)
        bias: (out_features)
        out: (..., out_features)

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ.
    """
    _check_linear(x, weight, bias)
    out = x @ weight.T
    if bias is not None:
        out += bias
    return out, (x, weight, bias is not None)


def linear_backward(
    grad_out: Array, cache: Cache, needs_grad_x: bool = True
) -> tuple[Any, Array, Array | None]:
    """Send the gradient back through the weights, and to them.

    `grad_x = grad @ weight`, `grad_weight = grad.T @ x` and
    `grad_bias = sum(grad)`, the last two over all leading axes. In a first
    layer `x` is data and needs no gradient: a third of the work less.
    """
    x, weight, has_bias = cache
    out_features, in_features = weight.shape
    rows = math.prod(x.shape[:-1])
    flat_x = x.reshape(rows, in_features)
    flat_grad = grad_out.reshape(rows, out_features)
    grad_x = grad_out @ weight if needs_grad_x else None
    grad_weight = flat_grad.T @ flat_x
    grad_bias = flat_grad.sum(axis=0) if has_bias else None
    return grad_x, grad_weight, grad_bias


def _check_linear(x: Array, weight: Array, bias: Array | None) -> None:
    check_dtypes("linear", x=x, weight=weight, bias=bias)
    check_numbers("linear", x)
    if weight.ndim != 2:
        raise ValueError(
            "linear: weight must be (out_features, in_features), "
            f"got shape {weight.shape}"
        )
    if x.ndim == 0:
        raise ValueError("linear: x needs at least one dimension, has none")
    if x.shape[-1] != weight.shape[1]:
        raise ValueError(
            f"linear: weight has {weight.shape[1]} input features, "
            f"x has {x.shape[-1]}"
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(
            f"linear: bias must have shape {weight.shape[:1]}, got {bias.shape}"
        )
