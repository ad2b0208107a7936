"""Convolution as one matrix product.

Every window of the image is written out as a column ("im2col"), so that the
convolution is weights times columns. Going back, the gradient of a column is
added to the pixels it was read from ("col2im").
"""

import math

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_dtypes,
)
from tutorial_kernels.kernels.windows import (
    Windows,
    as_images,
    as_padding,
    as_pair,
    pad,
    span,
    unpad,
)


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
    images = as_images("conv2d", x)
    _check_conv2d(images, weight, bias, groups)
    windows = _conv_windows(images, weight, stride, padding, dilation)

    out_channels, pixels = weight.shape[0], math.prod(windows.out)
    fan_in = math.prod(weight.shape[1:])
    columns = im2col(pad(images, windows, 0), windows)
    columns = columns.reshape(len(images), groups, fan_in, pixels)
    kernels = weight.reshape(groups, out_channels // groups, fan_in)
    out = kernels @ columns  # (B, groups, out_channels / groups, pixels)
    out = out.reshape(*x.shape[:-3], out_channels, *windows.out)
    if bias is not None:
        out += bias[:, np.newaxis, np.newaxis]
    return out, (columns, weight, bias is not None, x.shape, windows)


def conv2d_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array, Array | None]:
    """Three sums over the same products, each with one factor left out.

    `grad_weight = grad @ columns.T`, summed over the batch;
    `grad_columns = weight.T @ grad`, added to the pixels the columns came
    from; `grad_bias = sum(grad)` over batch and pixels.
    """
    columns, weight, has_bias, x_shape, windows = cache
    batch, groups, fan_in, pixels = columns.shape
    channels, height, width = x_shape[-3:]
    group_kernels = weight.shape[0] // groups

    grad = grad_out.reshape(batch, groups, group_kernels, pixels)
    kernels = weight.reshape(groups, group_kernels, fan_in)
    grad_weight = (grad @ columns.swapaxes(-1, -2)).sum(axis=0)
    grad_columns = kernels.swapaxes(-1, -2) @ grad
    grad_x = col2im(
        grad_columns.reshape(batch, channels, *windows.kernel, *windows.out),
        windows,
        (height, width),
    )
    grad_bias = None
    if has_bias:
        grad_bias = grad.sum(axis=(0, 3)).reshape(weight.shape[0])
    return grad_x.reshape(x_shape), grad_weight.reshape(weight.shape), grad_bias


def im2col(framed: Array, windows: Windows) -> Array:
    """Write out every window: (B, C, kernel..., out...)."""
    batch, channels = framed.shape[:2]
    shape = (batch, channels, *windows.kernel, *windows.out)
    columns = np.empty(shape, dtype=framed.dtype)
    for i, j, rows, cols in windows.places():
        columns[:, :, i, j] = framed[:, :, rows, cols]
    return columns


def col2im(columns: Array, windows: Windows, size: tuple[int, int]) -> Array:
    """Add every window back to its pixels: the transpose of `im2col`."""
    height, width = size
    (top, bottom), (left, right) = windows.padding
    shape = (*columns.shape[:2], top + height + bottom, left + width + right)
    framed = np.zeros(shape, dtype=columns.dtype)
    for i, j, rows, cols in windows.places():
        framed[:, :, rows, cols] += columns[:, :, i, j]
    return unpad(framed, windows, height, width)


def _conv_windows(
    images: Array,
    weight: Array,
    stride: Pair,
    padding: Pair | str,
    dilation: Pair,
) -> Windows:
    kernel = (weight.shape[2], weight.shape[3])
    steps = as_pair("conv2d", "stride", stride, 1)
    spread = as_pair("conv2d", "dilation", dilation, 1)
    frame = as_padding("conv2d", padding, steps)
    reach = [span(k, d) for k, d in zip(kernel, spread, strict=True)]
    if frame == "same":  # an odd pixel goes to the end
        pads = [((r - 1) // 2, r // 2) for r in reach]
    elif frame == "valid":
        pads = [(0, 0), (0, 0)]
    else:
        pads = [(int(p), int(p)) for p in frame]
    framed = [n + sum(p) for n, p in zip(images.shape[2:], pads, strict=True)]
    if reach[0] > framed[0] or reach[1] > framed[1]:
        raise ValueError(
            f"conv2d: the kernel reaches over {tuple(reach)} pixels, "
            f"the padded image has {tuple(framed)}"
        )
    out = [
        (n - r) // s + 1 for n, r, s in zip(framed, reach, steps, strict=True)
    ]
    return Windows(kernel, steps, spread, (pads[0], pads[1]), (out[0], out[1]))


def _check_conv2d(
    images: Array, weight: Array, bias: Array | None, groups: int
) -> None:
    check_dtypes("conv2d", x=images, weight=weight, bias=bias)
    if weight.ndim != 4 or 0 in weight.shape:
        raise ValueError(
            "conv2d: weight must be (out_channels, channels, height, width) "
            f"and not empty, got shape {weight.shape}"
        )
    out_channels, channels = weight.shape[:2]
    if groups < 1 or out_channels % groups:
        raise ValueError(
            f"conv2d: groups must divide the {out_channels} output channels, "
            f"got {groups}"
        )
    if images.shape[1] != channels * groups:
        grouped = f" in each of {groups} groups" if groups > 1 else ""
        raise ValueError(
            f"conv2d: weight has {channels} input channels{grouped}, "
            f"x has {images.shape[1]}"
        )
    if bias is not None and bias.shape != (out_channels,):
        raise ValueError(
            f"conv2d: bias must have shape {(out_channels,)}, got {bias.shape}"
        )
