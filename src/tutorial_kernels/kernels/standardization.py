"""What the normalizations share: mean 0, variance 1, a scale and a shift."""

import math

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    check_dtypes,
    check_floating,
    widen,
)

type Axes = tuple[int, ...]


def standardize(x: Array, axes: Axes, eps: float) -> tuple[Array, Array]:
    """Bring the numbers along `axes` to mean 0 and variance 1.

    `normal = (x - mean) * rate` with `rate = 1 / sqrt(var + eps)`; gives both.
    """
    centered = x - _mean(x, axes)
    rate = 1 / np.sqrt(_mean(centered * centered, axes) + eps)
    return centered * rate, rate


def standardize_back(
    grad: Array, normal: Array, rate: Array, axes: Axes
) -> Array:
    """Each number moves itself, and all the others through mean and variance.

    `grad_x = rate * (grad - mean(grad) - normal * mean(grad * normal))`
    """
    through_mean = _mean(grad, axes)
    through_variance = normal * _mean(grad * normal, axes)
    grad_x: Array = rate * (grad - through_mean - through_variance)
    return grad_x


def shrink(x: Array, axes: Axes, eps: float) -> tuple[Array, Array]:
    """Bring the mean square of the numbers along `axes` to 1.

    `normal = x * rate` with `rate = 1 / sqrt(mean(x**2) + eps)`; gives both.
    """
    rate = 1 / np.sqrt(_mean(x * x, axes) + eps)
    return x * rate, rate


def shrink_back(grad: Array, normal: Array, rate: Array, axes: Axes) -> Array:
    """Each number moves itself, and all the others through the mean square.

    `grad_x = rate * (grad - normal * mean(grad * normal))`
    """
    grad_x: Array = rate * (grad - normal * _mean(grad * normal, axes))
    return grad_x


def scale_and_shift(
    normal: Array, weight: Array | None, bias: Array | None
) -> Array:
    """`out = normal * weight + bias`, without the ones that are `None`."""
    out = normal if weight is None else normal * weight
    return out if bias is None else out + bias


def scale_and_shift_back(
    grad: Array,
    normal: Array,
    axes: Axes,
    weight: Array | None,
    bias: Array | None,
) -> tuple[Array | None, Array | None]:
    """`grad_weight = sum(grad * normal)` and `grad_bias = sum(grad)`."""
    grad_weight = grad_bias = None
    if weight is not None:
        total = (grad * normal).sum(axis=axes)
        grad_weight = total.astype(weight.dtype, copy=False)
    if bias is not None:
        grad_bias = grad.sum(axis=axes).astype(bias.dtype, copy=False)
    return grad_weight, grad_bias


def per_channel(values: Array | None, x: Array) -> Array | None:
    """Lay one number per channel along the second axis of x."""
    if values is None:
        return None
    return widen(values).reshape(values.size, *[1] * (x.ndim - 2))


def all_but_channels(x: Array) -> Axes:
    """Every axis but the second."""
    return (0, *range(2, x.ndim))


def channels_of(operation: str, x: Array) -> int:
    """The size of the second axis."""
    if x.ndim < 2:
        raise ValueError(
            f"{operation}: x must be (B, C) and may have further axes, "
            f"got shape {x.shape}"
        )
    return int(x.shape[1])


def check_scales(
    operation: str, x: Array, shape: tuple[int, ...], **scales: Array | None
) -> None:
    """Refuse a weight or bias that does not go with x."""
    check_floating(operation, x)
    check_dtypes(operation, x=x, **scales)
    for name, array in scales.items():
        if array is not None and array.shape != shape:
            raise ValueError(
                f"{operation}: {name} must have shape {shape}, "
                f"got {array.shape}"
            )


def check_several(operation: str, x: Array, count: int, where: str) -> None:
    """Refuse a single number: it is its own mean."""
    if count == 1:
        raise ValueError(
            f"{operation}: {where} needs more than one number, "
            f"x has shape {x.shape}"
        )


def _mean(x: Array, axes: Axes) -> Array:
    count = math.prod(x.shape[axis] for axis in axes)
    mean: Array = x.sum(axis=axes, keepdims=True) / max(count, 1)
    return mean
