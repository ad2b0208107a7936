"""Every pair as a function of tensors, under torch.nn.functional's name.

`linear(x, weight, bias)` runs `linear_forward` and lets the tape remember
`linear_backward`. Arguments, shapes and errors are those of the pair; arrays
may stand among the tensors.
"""

import warnings
from collections.abc import Callable, Sequence

from tutorial_kernels.autograd import Tensor, lift
from tutorial_kernels.kernels import batch_norm_statistics
from tutorial_kernels.kernels.activations import DType
from tutorial_kernels.kernels.attention import weights_shape
from tutorial_kernels.kernels.dropout import check_probability
from tutorial_kernels.kernels.normalization import Shape
from tutorial_kernels.randomness import generator

linear = lift("linear")
conv1d = lift("conv1d")
conv2d = lift("conv2d")
conv_transpose1d = lift("conv_transpose1d")
conv_transpose2d = lift("conv_transpose2d")
interpolate = lift("interpolate")
pad = lift("pad")

adaptive_avg_pool1d = lift("adaptive_avg_pool1d")
adaptive_avg_pool2d = lift("adaptive_avg_pool2d")
adaptive_max_pool1d = lift("adaptive_max_pool1d")
adaptive_max_pool2d = lift("adaptive_max_pool2d")
avg_pool1d = lift("avg_pool1d")
avg_pool2d = lift("avg_pool2d")
max_pool1d = lift("max_pool1d")
max_pool2d = lift("max_pool2d")

chunk = Tensor.chunk
flatten = lift("flatten")

rnn = lift("rnn")
rnn_cell = lift("rnn_cell")
lstm = lift("lstm")
lstm_cell = lift("lstm_cell")
gru = lift("gru")
gru_cell = lift("gru_cell")

_cat = lift("cat")
_stack = lift("stack")

relu = lift("relu")
sigmoid = lift("sigmoid")
tanh = lift("tanh")
_softmax = lift("softmax")
_softmin = lift("softmin")
_log_softmax = lift("log_softmax")

elu = lift("elu")
gelu = lift("gelu")
hardtanh = lift("hardtanh")
leaky_relu = lift("leaky_relu")
mish = lift("mish")
relu6 = lift("relu6")
selu = lift("selu")
silu = lift("silu")
softplus = lift("softplus")

_batch_norm = lift("batch_norm")
_group_norm = lift("group_norm")
_layer_norm = lift("layer_norm")
_rms_norm = lift("rms_norm")
_dropout = lift("dropout")
embedding = lift("embedding")
_attention = lift("scaled_dot_product_attention")

binary_cross_entropy = lift("binary_cross_entropy")
binary_cross_entropy_with_logits = lift("binary_cross_entropy_with_logits")
cross_entropy = lift("cross_entropy")
gaussian_nll_loss = lift("gaussian_nll_loss")
huber_loss = lift("huber_loss")
kl_div = lift("kl_div")
l1_loss = lift("l1_loss")
mse_loss = lift("mse_loss")
nll_loss = lift("nll_loss")
smooth_l1_loss = lift("smooth_l1_loss")


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Put tensors one after the other along an axis they have."""
    return _cat(*_several("cat", tensors), dim=dim)


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Put tensors side by side along an axis that is new."""
    return _stack(*_several("stack", tensors), dim=dim)


def softmax(x: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """Turn scores into probabilities along `dim`."""
    return _along(_softmax, x, dim, dtype)


def softmin(x: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """Turn costs into probabilities along `dim`."""
    return _along(_softmin, x, dim, dtype)


def log_softmax(
    x: Tensor, dim: int | None = None, dtype: DType = None
) -> Tensor:
    """The logarithm of softmax along `dim`."""
    return _along(_log_softmax, x, dim, dtype)


def batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize every channel over the batch.

    In training, the running statistics are moved towards those of the batch:
    as in torch, they are written to.
    """
    out = _batch_norm(
        x, running_mean, running_var, weight, bias, training, eps=eps
    )
    if training and running_mean is not None and running_var is not None:
        mean, var = Tensor(running_mean).data, Tensor(running_var).data
        mean[...], var[...] = batch_norm_statistics(
            Tensor(x).data, mean, var, momentum
        )
    return out


def layer_norm(
    x: Tensor,
    normalized_shape: Shape,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize the last axes of every example."""
    return _layer_norm(
        x, weight, bias, normalized_shape=normalized_shape, eps=eps
    )


def group_norm(
    x: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalize groups of channels of every example."""
    return _group_norm(x, weight, bias, num_groups=num_groups, eps=eps)


def rms_norm(
    x: Tensor,
    normalized_shape: Shape,
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Bring the mean square of every example to 1."""
    return _rms_norm(x, weight, normalized_shape=normalized_shape, eps=eps)


def dropout(x: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Drop each signal with probability p, in training only."""
    check_probability("dropout", p)
    if not training:
        return x
    return _dropout(x, generator.random(x.shape) >= p, p)


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Give every query a mean of the values, weighted by how its keys fit.

    As in torch, `dropout_p` drops weights whether or not one is training.
    """
    check_probability("scaled_dot_product_attention", dropout_p)
    dropout_mask = None
    if dropout_p > 0:
        q, k, v = (Tensor(x).data for x in (query, key, value))
        shape = weights_shape(q, k, v, enable_gqa)
        dropout_mask = generator.random(shape) >= dropout_p
    return _attention(
        query,
        key,
        value,
        attn_mask,
        dropout_mask,
        dropout_p,
        is_causal,
        scale,
        enable_gqa,
    )


def _several(operation: str, tensors: Sequence[Tensor]) -> Sequence[Tensor]:
    """Refuse a single tensor: its rows are not meant."""
    if not isinstance(tensors, Sequence):
        raise TypeError(
            f"{operation}: tensors must be a list or tuple of tensors, "
            f"got {type(tensors).__name__}"
        )
    return tensors


def _along(
    function: Callable[..., Tensor], x: Tensor, dim: int | None, dtype: DType
) -> Tensor:
    """Without a `dim`, guess it as torch does, and say so."""
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
        warnings.warn(
            f"{function.__name__}: no dim given, taking dim={dim}",
            stacklevel=3,
        )
    return function(x, dim, dtype)
