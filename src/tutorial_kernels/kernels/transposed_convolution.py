"""Transposed convolution: the way back of a convolution, taken forward.

What convolution does going back to its input, "col2im", happens here going
forward, and the other way round. So the image grows where a convolution with
the same options lets it shrink.
"""

import math

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_dtypes,
    check_numbers,
)
from tutorial_kernels.kernels.convolution import check_bias, col2im, im2col
from tutorial_kernels.kernels.windows import (
    AXES,
    Sizes,
    Windows,
    as_batch,
    frame,
    per_axis,
    span,
)


def conv_transpose1d_forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> tuple[Array, Cache]:
    """Lay down a kernel for every number of the signals, and add them up.

    The number of channel c at t adds itself times `weight[c, o, i]` to
    channel o of the output at `t * stride + i * dilation - padding`, and
    `bias[o]` is added everywhere.

    Args:
        x: The signals; a single one may come without the batch axis.
        weight: The kernels.
        bias: One number per output channel, or `None`.
        stride: Steps between the kernels.
        padding: How much is cut off at both ends.
        output_padding: How much longer the end becomes again.
        groups: How many groups of channels are kept apart.
        dilation: Steps between the places inside a kernel.

    Shapes:
        x: (B, C, length)
        weight: (C, group_channels, kernel_length)
        bias: (out_channels)
        out: (B, out_channels, out_length)
        out_channels = group_channels * groups
        out_length = (length - 1) * stride - 2 * padding
            + dilation * (kernel_length - 1) + output_padding + 1

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ.
    """
    return convolve_transposed(
        "conv_transpose1d",
        1,
        x,
        weight,
        bias,
        stride,
        padding,
        output_padding,
        groups,
        dilation,
    )


def conv_transpose1d_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array, Array | None]:
    """As for images: see `convolve_transposed_backward`."""
    return convolve_transposed_backward(grad_out, cache)


def conv_transpose2d_forward(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> tuple[Array, Cache]:
    """Lay down a kernel for every pixel of the images, and add them up.

    The pixel of channel c at (y, x) adds itself times `weight[c, o, i, j]` to
    channel o of the output at `(y * stride + i * dilation - padding,
    x * stride + j * dilation - padding)`, and `bias[o]` is added everywhere.

    Args:
        x: The images; a single one may come without the batch axis.
        weight: The kernels.
        bias: One number per output channel, or `None`.
        stride: Steps between the kernels.
        padding: How much is cut off on every side.
        output_padding: How much the far sides grow again: with a stride,
            images of several sizes shrink to one, and this says which.
        groups: How many groups of channels are kept apart.
        dilation: Steps between the places inside a kernel.

    Shapes:
        x: (B, C, height, width)
        weight: (C, group_channels, kernel_height, kernel_width)
        bias: (out_channels)
        out: (B, out_channels, out_height, out_width)
        out_channels = group_channels * groups
        out_height = (height - 1) * stride - 2 * padding
            + dilation * (kernel_height - 1) + output_padding + 1
        out_width = (width - 1) * stride - 2 * padding
            + dilation * (kernel_width - 1) + output_padding + 1

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ.

    Source: Zeiler et al., "Deconvolutional networks", 2010.
    """
    return convolve_transposed(
        "conv_transpose2d",
        2,
        x,
        weight,
        bias,
        stride,
        padding,
        output_padding,
        groups,
        dilation,
    )


def conv_transpose2d_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array, Array | None]:
    """Convolve the gradient: see `convolve_transposed_backward`."""
    return convolve_transposed_backward(grad_out, cache)


def convolve_transposed(
    operation: str,
    axes: int,
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Sizes,
    padding: Sizes,
    output_padding: Sizes,
    groups: int,
    dilation: Sizes,
) -> tuple[Array, Cache]:
    """Make the columns, and add them up: `out = col2im(weight.T @ x)`."""
    images = as_batch(operation, x, axes)
    _check(operation, images, weight, bias, groups)
    windows, size = _windows(
        operation, images, weight, stride, padding, output_padding, dilation
    )
    batch, channels = images.shape[:2]
    out_channels = weight.shape[1] * groups
    group_size, pixels = channels // groups, math.prod(windows.out)

    flat = images.reshape(batch, groups, group_size, pixels)
    kernels = weight.reshape(groups, group_size, -1)
    columns = kernels.swapaxes(-1, -2) @ flat
    out = col2im(
        columns.reshape(batch, out_channels, *windows.kernel, *windows.out),
        windows,
        size,
    )
    if bias is not None:
        out += bias.reshape(out_channels, *[1] * axes)
    out = out.reshape(*x.shape[: -axes - 1], out_channels, *size)
    return out, (flat, weight, bias is not None, x.shape, windows)


def convolve_transposed_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array, Array, Array | None]:
    """To go back is to convolve: the same three sums, with `x` for `grad`.

    `columns = im2col(grad)`; `grad_x = weight @ columns`;
    `grad_weight = x @ columns.T`, summed over the batch; `grad_bias =
    sum(grad)` over batch and pixels.
    """
    flat, weight, has_bias, x_shape, windows = cache
    batch, groups, group_size, pixels = flat.shape
    axes, out_channels = len(windows.out), weight.shape[1] * groups
    size = grad_out.shape[-axes:]

    grad = grad_out.reshape(batch, out_channels, *size)
    kernels = weight.reshape(groups, group_size, -1)
    columns = im2col(frame(grad, windows, 0), windows)
    columns = columns.reshape(batch, groups, kernels.shape[-1], pixels)
    grad_x = kernels @ columns
    grad_weight = (flat @ columns.swapaxes(-1, -2)).sum(axis=0)
    grad_bias = None
    if has_bias:
        grad_bias = grad.sum(axis=(0, *range(-axes, 0)))
    return grad_x.reshape(x_shape), grad_weight.reshape(weight.shape), grad_bias


def _windows(
    operation: str,
    images: Array,
    weight: Array,
    stride: Sizes,
    padding: Sizes,
    output_padding: Sizes,
    dilation: Sizes,
) -> tuple[Windows, tuple[int, ...]]:
    """Lay the kernels on the output, whose size is given back as well."""
    axes, out = images.ndim - 2, images.shape[2:]
    steps = per_axis(operation, "stride", stride, axes, 1)
    cut = per_axis(operation, "padding", padding, axes, 0)
    more = per_axis(operation, "output_padding", output_padding, axes, 0)
    spread = per_axis(operation, "dilation", dilation, axes, 1)
    for m, s, d in zip(more, steps, spread, strict=True):
        if m >= max(s, d):
            raise ValueError(
                f"{operation}: output_padding must be smaller than stride or "
                f"dilation, got {m} for stride {s} and dilation {d}"
            )
    reach = map(span, weight.shape[2:], spread)
    size = tuple(
        (n - 1) * s + r - 2 * c + m
        for n, s, r, c, m in zip(out, steps, reach, cut, more, strict=True)
    )
    if min(size) < 1:
        raise ValueError(
            f"{operation}: padding {cut} leaves nothing of the output, whose "
            f"size would be {size}"
        )
    pads = tuple((c, c) for c in cut)
    return Windows(weight.shape[2:], steps, spread, pads, out), size


def _check(
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
            f"{operation}: weight must be (channels, out_channels, "
            f"{AXES[images.ndim - 2]}) and not empty, got shape {weight.shape}"
        )
    channels = images.shape[1]
    if groups < 1 or channels % groups:
        raise ValueError(
            f"{operation}: groups must divide the {channels} input channels, "
            f"got {groups}"
        )
    if weight.shape[0] != channels:
        raise ValueError(
            f"{operation}: weight has {weight.shape[0]} input channels, "
            f"x has {channels}"
        )
    check_bias(operation, bias, weight.shape[1] * groups)
