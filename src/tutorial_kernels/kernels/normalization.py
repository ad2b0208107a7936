"""Normalization of single examples: the batch does not matter.

Layer norm and rms norm take the last axes of every example together, group
norm some of its channels and all axes after them.
"""

import math

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache, quiet, widen
from tutorial_kernels.kernels.standardization import (
    Axes,
    all_but_channels,
    channels_of,
    check_scales,
    check_several,
    per_channel,
    scale_and_shift,
    scale_and_shift_back,
    shrink,
    shrink_back,
    standardize,
    standardize_back,
)

type Shape = int | tuple[int, ...] | list[int]


@quiet
def layer_norm_forward(
    x: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    *,
    normalized_shape: Shape,
    eps: float = 1e-5,
) -> tuple[Array, Cache]:
    """Normalize the last axes of every example.

    `out = (x - mean) / sqrt(var + eps) * weight + bias`, with the mean and the
    variance over the axes that `normalized_shape` names.

    Args:
        x: The signals.
        weight: One factor per element, of shape `normalized_shape`.
        bias: One number per element, of the same shape.
        normalized_shape: The sizes of the last axes, to be taken together.
        eps: Added to the variance, so that nothing is divided by zero.

    Shapes:
        x: (..., C)
        weight: (C)
        bias: (C)
        out: (..., C)

    Raises:
        ValueError: If `x` does not end in `normalized_shape`, or the others
            do not have it.
        TypeError: If the dtypes differ or `x` holds integers.

    Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
    """
    shape, leading, axes = _split("layer_norm", x, normalized_shape)
    check_scales("layer_norm", x, shape, weight=weight, bias=bias)
    normal, rate = standardize(widen(x), axes, eps)
    out = scale_and_shift(normal, weight, bias)
    cache = (normal, rate, leading, axes, weight, bias, x.dtype)
    return out.astype(x.dtype, copy=False), cache


@quiet
def layer_norm_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array | None, Array | None]:
    """Send the gradient to the signals, the weight and the bias.

    `grad_weight = sum(grad * normal)` and `grad_bias = sum(grad)` over the
    leading axes. With `g = grad * weight`,
    `grad_x = (g - mean(g) - normal * mean(g * normal)) / sqrt(var + eps)`.
    """
    normal, rate, leading, axes, weight, bias, dtype = cache
    grad = widen(grad_out)
    grad_weight, grad_bias = scale_and_shift_back(
        grad, normal, leading, weight, bias
    )
    grad = scale_and_shift(grad, weight, None)
    grad_x = standardize_back(grad, normal, rate, axes)
    return grad_x.astype(dtype, copy=False), grad_weight, grad_bias


@quiet
def rms_norm_forward(
    x: Array,
    weight: Array | None = None,
    *,
    normalized_shape: Shape,
    eps: float | None = None,
) -> tuple[Array, Cache]:
    """Bring the mean square of every example to 1.

    `out = x / sqrt(mean(x**2) + eps) * weight`, with the mean over the axes
    that `normalized_shape` names.

    Args:
        x: The signals.
        weight: One factor per element, of shape `normalized_shape`.
        normalized_shape: The sizes of the last axes, to be taken together.
        eps: Keeps from dividing by zero; `None` is the distance from 1 to
            the next number of the dtype, float32 for float16.

    Shapes:
        x: (..., C)
        weight: (C)
        out: (..., C)

    Raises:
        ValueError: If `x` does not end in `normalized_shape`, or the weight
            does not have it.
        TypeError: If the dtypes differ or `x` holds integers.

    Source: Zhang and Sennrich, "Root mean square layer normalization", 2019.
    """
    shape, leading, axes = _split("rms_norm", x, normalized_shape)
    check_scales("rms_norm", x, shape, weight=weight)
    wide = widen(x)
    tiny = float(np.finfo(wide.dtype).eps) if eps is None else eps
    normal, rate = shrink(wide, axes, tiny)
    out = scale_and_shift(normal, weight, None)
    cache = (normal, rate, leading, axes, weight, x.dtype)
    return out.astype(x.dtype, copy=False), cache


@quiet
def rms_norm_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array | None]:
    """Send the gradient to the signals and the weight.

    `grad_weight = sum(grad * normal)` over the leading axes. With
    `g = grad * weight`,
    `grad_x = (g - normal * mean(g * normal)) / sqrt(mean(x**2) + eps)`.
    """
    normal, rate, leading, axes, weight, dtype = cache
    grad = widen(grad_out)
    grad_weight, _ = scale_and_shift_back(grad, normal, leading, weight, None)
    grad = scale_and_shift(grad, weight, None)
    grad_x = shrink_back(grad, normal, rate, axes)
    return grad_x.astype(dtype, copy=False), grad_weight


@quiet
def group_norm_forward(
    x: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    *,
    num_groups: int,
    eps: float = 1e-5,
) -> tuple[Array, Cache]:
    """Normalize groups of channels of every example.

    `out = (x - mean) / sqrt(var + eps) * weight + bias`, with the mean and the
    variance over `C / num_groups` channels and all axes after them.

    Args:
        x: The signals; the channels are the second axis.
        weight: One factor per channel, or `None`.
        bias: One number per channel, or `None`.
        num_groups: How many groups the channels are split into.
        eps: Added to the variance, so that nothing is divided by zero.

    Shapes:
        x: (B, C, ...)
        weight: (C)
        bias: (C)
        out: (B, C, ...)

    Raises:
        ValueError: If the groups do not divide the channels, or the shapes do
            not fit.
        TypeError: If the dtypes differ or `x` holds integers.

    Source: Wu and He, "Group normalization", 2018.
    """
    channels = channels_of("group_norm", x)
    if num_groups < 1 or channels % num_groups:
        raise ValueError(
            f"group_norm: num_groups must divide the {channels} channels, "
            f"got {num_groups}"
        )
    check_scales("group_norm", x, (channels,), weight=weight, bias=bias)
    check_several("group_norm", x, x.size // num_groups, "a group")
    members = math.prod(x.shape[1:]) // num_groups
    groups = widen(x).reshape(len(x), num_groups, members)
    normal, rate = standardize(groups, (2,), eps)
    out = scale_and_shift(
        normal.reshape(x.shape), per_channel(weight, x), per_channel(bias, x)
    )
    cache = (normal, rate, weight, bias, x.dtype)
    return out.astype(x.dtype, copy=False), cache


@quiet
def group_norm_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array | None, Array | None]:
    """Send the gradient to the signals, the weight and the bias.

    `grad_weight = sum(grad * normal)` and `grad_bias = sum(grad)` over all but
    the channels. With `g = grad * weight` and means over a group,
    `grad_x = (g - mean(g) - normal * mean(g * normal)) / sqrt(var + eps)`.
    """
    normal, rate, weight, bias, dtype = cache
    grad = widen(grad_out)
    grad_weight, grad_bias = scale_and_shift_back(
        grad, normal.reshape(grad.shape), all_but_channels(grad), weight, bias
    )
    grad = scale_and_shift(grad, per_channel(weight, grad), None)
    grad_x = standardize_back(grad.reshape(normal.shape), normal, rate, (2,))
    grad_x = grad_x.reshape(grad.shape).astype(dtype, copy=False)
    return grad_x, grad_weight, grad_bias


def as_shape(operation: str, normalized_shape: Shape) -> tuple[int, ...]:
    """Read the sizes of the last axes: one number, or several."""
    sizes = normalized_shape
    if isinstance(sizes, int | np.integer):
        sizes = (int(sizes),)
    if (
        not isinstance(sizes, tuple | list)
        or not sizes
        or not all(isinstance(n, int | np.integer) for n in sizes)
    ):
        raise ValueError(
            f"{operation}: normalized_shape must be an integer or several, "
            f"got {normalized_shape!r}"
        )
    return tuple(int(size) for size in sizes)


def _split(
    operation: str, x: Array, normalized_shape: Shape
) -> tuple[tuple[int, ...], Axes, Axes]:
    """The sizes that are normalized, the leading axes, and the last ones."""
    shape = as_shape(operation, normalized_shape)
    cut = x.ndim - len(shape)
    if cut < 0 or x.shape[cut:] != shape:
        raise ValueError(
            f"{operation}: x must end in normalized_shape {shape}, "
            f"got shape {x.shape}"
        )
    return shape, tuple(range(cut)), tuple(range(cut, x.ndim))
