"""Convolution as one matrix product.

Every window of the image is written out as a column ("im2col"), so that the
convolution is weights times columns. Going back, the gradient of a column is
added to the pixels it was read from ("col2im").
"""

import math
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_dtypes,
    check_numbers,
)
from tutorial_kernels.kernels.windows import (
    AXES,
    Sizes,
    Windows,
    as_batch,
    as_padding,
    frame,
    per_axis,
    span,
    unframe,
)


def conv1d_forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> tuple[Array, Cache]:
    """Slide the kernels along the signals and sum the products.

    `out[b, o, t]` is the sum over channels c and places i of
    `weight[o, c, i]` times the number of channel c that lies at
    `t * stride + i * dilation`, plus `bias[o]`. With `groups`, channels and
    kernels are split into that many groups, and each kernel sees the channels
    of its own group.

    Args:
        x: The signals; a single one may come without the batch axis.
        weight: The kernels.
        bias: One number per output channel, or `None`.
        stride: Steps between windows.
        padding: Zeros at both ends; "valid" is none, "same" keeps the length.
        dilation: Steps between the places inside a window.
        groups: How many groups of channels are kept apart.

    Shapes:
        x: (B, C, length)
        weight: (out_channels, group_channels, kernel_length)
        bias: (out_channels)
        out: (B, out_channels, out_length)
        group_channels = C // groups
        out_length = (length + 2 * padding - dilation * (kernel_length - 1)
            - 1) // stride + 1

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ.

    Source: Waibel et al., "Phoneme recognition using time-delay neural
    networks", 1989.
    """
    return convolve(
        "conv1d", 1, x, weight, bias, stride, padding, dilation, groups
    )


def conv1d_backward(
    grad_out: Array, cache: Cache, needs_grad_x: bool = True
) -> tuple[Any, Array, Array | None]:
    """As for images: see `convolve_backward`."""
    return convolve_backward(grad_out, cache, needs_grad_x)


def conv2d_forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> tuple[Array, Cache]:
    """Slide the kernels over the images and sum the products.

    `out[b, o, y, x]` is the sum over channels c and places (i, j) of
    `weight[o, c, i, j]` times the pixel of channel c that lies at
    `(y * stride + i * dilation, x * stride + j * dilation)`, plus `bias[o]`.
    With `groups`, channels and kernels are split into that many groups, and
    each kernel sees the channels of its own group.

    Args:
        x: The images; a single one may come without the batch axis.
        weight: The kernels.
        bias: One number per output channel, or `None`.
        stride: Steps between windows.
        padding: Zeros around the image; "valid" is none, "same" keeps the
            size.
        dilation: Steps between the places inside a window.
        groups: How many groups of channels are kept apart.

    Shapes:
        x: (B, C, height, width)
        weight: (out_channels, group_channels, kernel_height, kernel_width)
        bias: (out_channels)
        out: (B, out_channels, out_height, out_width)
        group_channels = C // groups
        out_height = (height + 2 * padding - dilation * (kernel_height - 1)
            - 1) // stride + 1
        out_width = (width + 2 * padding - dilation * (kernel_width - 1)
            - 1) // stride + 1

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ.

    Source: LeCun et al., "Backpropagation applied to handwritten zip code
    recognition", 1989.
    """
    return convolve(
        "conv2d", 2, x, weight, bias, stride, padding, dilation, groups
    )


def conv2d_backward(
    grad_out: Array, cache: Cache, needs_grad_x: bool = True
) -> tuple[Any, Array, Array | None]:
    """Three sums over the same products: see `convolve_backward`."""
    return convolve_backward(grad_out, cache, needs_grad_x)


def convolve(
    operation: str,
    axes: int,
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Sizes,
    padding: Sizes | str,
    dilation: Sizes,
    groups: int,
) -> tuple[Array, Cache]:
    """Write out the windows as columns: `out = weight @ columns + bias`."""
    images = as_batch(operation, x, axes)
    check_convolution(operation, images, weight, bias, groups)
    windows = _conv_windows(
        operation, images, weight, stride, padding, dilation
    )
    out_channels, pixels = weight.shape[0], math.prod(windows.out)
    fan_in = math.prod(weight.shape[1:])
    columns = im2col(frame(images, windows, 0), windows)
    columns = columns.reshape(len(images), groups, fan_in, pixels)
    kernels = weight.reshape(groups, out_channels // groups, fan_in)
    out = kernels @ columns  # (B, groups, out_channels / groups, pixels)
    if bias is not None:
        out += bias.reshape(groups, out_channels // groups, 1)
    out = out.reshape(*x.shape[: -axes - 1], out_channels, *windows.out)
    return out, (columns, weight, bias is not None, x.shape, windows)


def convolve_backward(
    grad_out: Array, cache: Cache, needs_grad_x: bool = True
) -> tuple[Any, Array, Array | None]:
    """Three sums over the same products, each with one factor left out.

    `grad_weight = grad @ columns.T`, summed over the batch;
    `grad_columns = weight.T @ grad`, added to the pixels the columns came
    from; `grad_bias = sum(grad)` over batch and pixels. Images that are data
    need no gradient.
    """
    columns, weight, has_bias, x_shape, windows = cache
    batch, groups, fan_in, pixels = columns.shape
    axes, group_kernels = len(windows.out), weight.shape[0] // groups
    channels, size = x_shape[-axes - 1], x_shape[-axes:]

    grad = grad_out.reshape(batch, groups, group_kernels, pixels)
    kernels = weight.reshape(groups, group_kernels, fan_in)
    grad_weight = (grad @ columns.swapaxes(-1, -2)).sum(axis=0)
    grad_bias = None
    if has_bias:
        grad_bias = grad.sum(axis=0).sum(axis=-1).reshape(weight.shape[0])
    grad_x = None
    if needs_grad_x:
        grad_columns = kernels.swapaxes(-1, -2) @ grad
        shape = (batch, channels, *windows.kernel, *windows.out)
        grad_x = col2im(grad_columns.reshape(shape), windows, size)
        grad_x = grad_x.reshape(x_shape)
    return grad_x, grad_weight.reshape(weight.shape), grad_bias


def im2col(framed: Array, windows: Windows) -> Array:
    """Write out every window: (B, C, kernel..., out...)."""
    shape = (*framed.shape[:2], *windows.kernel, *windows.out)
    columns = np.empty(shape, dtype=framed.dtype)
    for place, pixels in windows.places():
        columns[:, :, *place] = framed[:, :, *pixels]
    return columns


def col2im(columns: Array, windows: Windows, size: tuple[int, ...]) -> Array:
    """Add every window back to its pixels: the transpose of `im2col`."""
    framed_size = [
        before + n + after
        for n, (before, after) in zip(size, windows.padding, strict=True)
    ]
    shape = (*columns.shape[:2], *framed_size)
    framed = np.zeros(shape, dtype=columns.dtype)
    for place, pixels in windows.places():
        framed[:, :, *pixels] += columns[:, :, *place]
    return unframe(framed, windows, size)


def check_convolution(
    operation: str,
    images: Array,
    weight: Array,
    bias: Array | None,
    groups: int,
) -> None:
    """Refuse dtypes and shapes that do not fit together."""
    check_dtypes(operation, x=images, weight=weight, bias=bias)
    check_numbers(operation, images)
    if weight.ndim != images.ndim or 0 in weight.shape:
        raise ValueError(
            f"{operation}: weight must be (out_channels, channels, "
            f"{AXES[images.ndim - 2]}) and not empty, got shape {weight.shape}"
        )
    out_channels, channels = weight.shape[:2]
    if groups < 1 or out_channels % groups:
        raise ValueError(
            f"{operation}: groups must divide the {out_channels} output "
            f"channels, got {groups}"
        )
    if images.shape[1] != channels * groups:
        grouped = f" in each of {groups} groups" if groups > 1 else ""
        if images.shape[-1] == channels * groups:
            raise ValueError(
                f"{operation}: the channels of x must be its second axis, "
                f"they seem to be the last, got shape {images.shape}"
            )
        raise ValueError(
            f"{operation}: weight has {channels} input channels{grouped}, "
            f"x has {images.shape[1]}"
        )
    check_bias(operation, bias, out_channels)


def check_bias(operation: str, bias: Array | None, channels: int) -> None:
    """Refuse a bias that has not one number per output channel."""
    if bias is not None and bias.shape != (channels,):
        raise ValueError(
            f"{operation}: bias must have shape {(channels,)}, got {bias.shape}"
        )


def _conv_windows(
    operation: str,
    images: Array,
    weight: Array,
    stride: Sizes,
    padding: Sizes | str,
    dilation: Sizes,
) -> Windows:
    """Lay the kernels on the images."""
    kernel, axes = weight.shape[2:], images.ndim - 2
    steps = per_axis(operation, "stride", stride, axes, 1)
    spread = per_axis(operation, "dilation", dilation, axes, 1)
    width = as_padding(operation, padding, steps)
    reach = list(map(span, kernel, spread))
    if width == "same":  # an odd pixel goes to the end
        pads = [((r - 1) // 2, r // 2) for r in reach]
    elif width == "valid":
        pads = [(0, 0)] * axes
    else:
        pads = [(int(p), int(p)) for p in width]
    framed = [n + sum(p) for n, p in zip(images.shape[2:], pads, strict=True)]
    if any(r > n for r, n in zip(reach, framed, strict=True)):
        raise ValueError(
            f"{operation}: the kernel reaches over {tuple(reach)} places, "
            f"the padded x has {tuple(framed)}"
        )
    out = [
        (n - r) // s + 1 for n, r, s in zip(framed, reach, steps, strict=True)
    ]
    return Windows(kernel, steps, spread, tuple(pads), tuple(out))
