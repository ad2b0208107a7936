"""Batch norm: every channel brought to mean 0 and variance 1."""

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache, quiet, widen
from tutorial_kernels.kernels.standardization import (
    all_but_channels,
    channels_of,
    check_scales,
    check_several,
    per_channel,
    scale_and_shift,
    scale_and_shift_back,
    standardize,
    standardize_back,
)


@quiet
def batch_norm_forward(
    x: Array,
    running_mean: Array | None,
    running_var: Array | None,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, Cache]:
    """Normalize every channel over the batch.

    `out = (x - mean) / sqrt(var + eps) * weight + bias`. In training, mean
    and variance are those of the batch; `var` divides by their number, not by
    one less. Otherwise they are the running ones, and constants.

    A pair changes nothing, so the running statistics stay as they are:
    `batch_norm_statistics` gives the new ones.

    Args:
        x: The signals; the channels are the second axis.
        running_mean: Means to use out of training. No gradient.
        running_var: Variances to use out of training. No gradient.
        weight: One factor per channel, or `None`.
        bias: One number per channel, or `None`.
        training: Whether to use the statistics of the batch.
        momentum: Of no effect here; see `batch_norm_statistics`.
        eps: Added to the variance, so that nothing is divided by zero.

    Shapes:
        x: (B, C, ...)
        running_mean: (C)
        running_var: (C)
        weight: (C)
        bias: (C)
        out: (B, C, ...)

    Raises:
        ValueError: If the shapes or `eps` do not fit, if there is only one
            number per channel in training, or nothing to normalize by out of
            it.
        TypeError: If the dtypes differ or `x` holds integers.

    Source: Ioffe and Szegedy, "Batch normalization: accelerating deep network
    training by reducing internal covariate shift", 2015.
    """
    channels = channels_of("batch_norm", x)
    check_scales(
        "batch_norm",
        x,
        (channels,),
        running_mean=running_mean,
        running_var=running_var,
        weight=weight,
        bias=bias,
    )
    if not eps > 0:
        raise ValueError(f"batch_norm: eps must be above 0, got {eps}")
    if (running_mean is None) != (running_var is None):
        raise ValueError(
            "batch_norm: running_mean and running_var must be given together"
        )
    axes = all_but_channels(x)
    mean, var = per_channel(running_mean, x), per_channel(running_var, x)
    if training:
        count = x.size // max(channels, 1)
        check_several("batch_norm", x, count, "a channel in training")
        normal, rate = standardize(widen(x), axes, eps)
    elif mean is None or var is None:
        raise ValueError(
            "batch_norm: running_mean and running_var must be given out of "
            "training"
        )
    else:
        rate = 1 / np.sqrt(var + eps)
        normal = (widen(x) - mean) * rate
    out = scale_and_shift(normal, per_channel(weight, x), per_channel(bias, x))
    cache = (normal, rate, axes, weight, bias, training, x.dtype)
    return out.astype(x.dtype, copy=False), cache


@quiet
def batch_norm_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, None, None, Array | None, Array | None]:
    """Send the gradient to the signals, the weight and the bias.

    With `normal = (x - mean) / sqrt(var + eps)`, `grad_weight = sum(grad *
    normal)` and `grad_bias = sum(grad)` over all but the channels. Out of
    training, `grad_x = grad * weight / sqrt(var + eps)`. In training x moves
    mean and variance as well, and with `g = grad * weight`,
    `grad_x = (g - mean(g) - normal * mean(g * normal)) / sqrt(var + eps)`.
    """
    normal, rate, axes, weight, bias, training, dtype = cache
    grad = widen(grad_out)
    grad_weight, grad_bias = scale_and_shift_back(
        grad, normal, axes, weight, bias
    )
    grad = scale_and_shift(grad, per_channel(weight, normal), None)
    if training:
        grad_x = standardize_back(grad, normal, rate, axes)
    else:
        grad_x = grad * rate
    return grad_x.astype(dtype, copy=False), None, None, grad_weight, grad_bias


@quiet
def batch_norm_statistics(
    x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1
) -> tuple[Array, Array]:
    """What the running statistics become after a batch in training.

    `new = (1 - momentum) * old + momentum * statistic of the batch`. Here the
    variance divides by one less than the number of elements, because it
    stands for all batches there could be. An empty batch changes nothing.

    Shapes:
        x: (B, C, ...)
        running_mean: (C)
        running_var: (C)
        out: (C), (C)

    Raises:
        TypeError: If `momentum` is not a number.
    """
    if not isinstance(momentum, int | float):
        raise TypeError(
            f"batch_norm: momentum must be a number, got {momentum!r}"
        )
    if x.size == 0:
        return running_mean, running_var
    axes, wide = all_but_channels(x), widen(x)
    new = []
    for old, batch in (
        (running_mean, wide.mean(axis=axes)),
        (running_var, wide.var(axis=axes, ddof=1)),
    ):
        moved = (1 - momentum) * widen(old) + momentum * batch
        new.append(moved.astype(old.dtype, copy=False))
    return new[0], new[1]
