"""Which function here is which operator of PyTorch's database."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

from tutorial_kernels import Tensor, autograd
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.kernels.attention import weights_shape

FUNCTIONAL = "nn.functional."
SEED = 42  # what the database sows before it runs a random operator

_dropout = autograd.lift("dropout")
_attention = autograd.lift("scaled_dot_product_attention")


def _embedding(weight: Tensor, x: Tensor, **options: Any) -> Tensor:
    return F.embedding(x, weight, **options)


def _mask(shape: tuple[int, ...], dtype: np.dtype[Any], p: float) -> np.ndarray:
    """What torch's dropout keeps of an array of that shape and dtype."""
    torch.manual_seed(SEED)
    kept = torch.empty(shape, dtype=getattr(torch, str(dtype)))
    return np.asarray(kept.bernoulli_(1 - p).numpy() > 0)


def _dropout_as_torch(
    x: Tensor, p: float = 0.5, training: bool = True
) -> Tensor:
    """Dropout with the mask that torch draws."""
    if not training:
        return F.dropout(x, p, training)
    return _dropout(x, _mask(x.shape, x.dtype, p), p)


def _attention_as_torch(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    **options: Any,
) -> Tensor:
    """Attention with the mask of dropout that torch draws."""
    if not dropout_p:
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask, **options
        )
    arrays = (query.data, key.data, value.data)
    shape = weights_shape(*arrays, options.get("enable_gqa", False))
    mask = _mask(shape, query.dtype, dropout_p)
    return _attention(query, key, value, attn_mask, mask, dropout_p, **options)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": Tensor.__add__,
    "sub": Tensor.__sub__,
    "mul": Tensor.__mul__,
    "div": Tensor.__truediv__,
    "pow": Tensor.__pow__,
    "neg": Tensor.__neg__,
    "__radd__": lambda x, y: y + x,
    "__rsub__": lambda x, y: y - x,
    "__rmul__": lambda x, y: y * x,
    "__rdiv__": lambda x, y: y / x,
    "__rpow__": lambda x, y: y**x,
    "__rmatmul__": lambda x, y: y @ x,
    **dict.fromkeys(["matmul", "mm", "bmm", "mv", "dot"], Tensor.__matmul__),
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x == y,
    "ne": lambda x, y: x != y,
    "exp": Tensor.exp,
    "log": Tensor.log,
    "sqrt": Tensor.sqrt,
    "sum": Tensor.sum,
    "mean": Tensor.mean,
    "max": Tensor.max,
    "min": Tensor.min,
    "amax": Tensor.amax,
    "amin": Tensor.amin,
    "argmax": Tensor.argmax,
    "reshape": Tensor.reshape,
    "view": Tensor.view,
    "permute": Tensor.permute,
    "transpose": Tensor.transpose,
    "flatten": Tensor.flatten,
    "chunk": Tensor.chunk,
    "T": lambda x: x.T,
    "__getitem__": Tensor.__getitem__,
    "cat": F.cat,
    "stack": F.stack,
    "softmax": F.softmax,
    "log_softmax": F.log_softmax,
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
}
OPERATIONS |= {
    info.name: getattr(F, info.name.removeprefix(FUNCTIONAL))
    for info in op_db
    if info.name.startswith(FUNCTIONAL)
    and hasattr(F, info.name.removeprefix(FUNCTIONAL))
}
OPERATIONS |= {
    FUNCTIONAL + "embedding": _embedding,
    FUNCTIONAL + "dropout": _dropout_as_torch,
    FUNCTIONAL + "scaled_dot_product_attention": _attention_as_torch,
}

# What the course promises, of what the database has.
PROMISED = {
    *["add", "sub", "mul", "div", "pow", "neg", "matmul", "__rmatmul__", "mm", "bmm", "sum", "mean", "amax", "amin", "max", "min", "exp", "log", "sqrt", "reshape", "view", "permute", "transpose", "flatten", "cat", "stack", "chunk", "__getitem__", "sigmoid", "tanh", "softmax", "log_softmax"],
    *(FUNCTIONAL + name for name in ["linear", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d", "batch_norm", "layer_norm", "group_norm", "rms_norm", "embedding", "dropout", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "hardtanh", "softmin", "cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div", "gaussian_nll_loss", "pad", "interpolate", "scaled_dot_product_attention"]),
}  # fmt: skip

# Each operator the database has for us; some stand there in several variants,
# of which `complex` is for numbers the course does not have.
INFOS = [
    info
    for info in op_db
    if info.name in OPERATIONS and info.variant_test_name != "complex"
]
