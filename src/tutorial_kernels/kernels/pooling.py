"""Pooling: one number for every window of the image."""

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_floating,
)
from tutorial_kernels.kernels.windows import (
    Windows,
    as_images,
    as_pair,
    pad,
    span,
    unpad,
)


def max_pool2d_forward(
    x: Array,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
) -> tuple[Array, Cache]:
    """Keep the largest pixel of every window.

    Args:
        x: The images; a single one may come without the batch axis.
        kernel_size: Size of a window.
        stride: Steps between windows; `None` sets them side by side.
        padding: Frame of minus infinity around the image.
        dilation: Steps between the places inside a window.
        ceil_mode: Whether a last window may reach over the edge.

    Shapes:
        x: (B, C, height, width)
        out: (B, C, out_height, out_width)
        out_height = (height + 2 * padding - dilation * (kernel_size - 1)
            - 1) // stride + 1
        out_width = (width + 2 * padding - dilation * (kernel_size - 1)
            - 1) // stride + 1

    Raises:
        ValueError: If the windows do not fit the image.
        TypeError: If `x` holds integers.
    """
    images = as_images("max_pool2d", x)
    check_floating("max_pool2d", x)
    stride = kernel_size if stride is None else stride
    windows = _pool_windows(
        images, kernel_size, stride, padding, dilation, ceil_mode
    )
    framed = pad(images, windows, -np.inf)
    out = np.full((*x.shape[:-2], *windows.out), -np.inf, dtype=x.dtype)
    largest = out.reshape(*images.shape[:2], *windows.out)
    for _, _, rows, cols in windows.places():
        np.maximum(largest, framed[:, :, rows, cols], out=largest)
    return out, (framed, largest, x.shape, windows)


def max_pool2d_backward(grad_out: Array, cache: Cache) -> Array:
    """Send each gradient to the pixel that won; of equals, the first wins."""
    framed, largest, x_shape, windows = cache
    grad = grad_out.reshape(largest.shape)
    grad_framed = np.zeros_like(framed)
    undecided = np.ones(largest.shape, dtype=bool)
    for _, _, rows, cols in windows.places():
        won = undecided & (framed[:, :, rows, cols] == largest)
        undecided ^= won
        grad_framed[:, :, rows, cols] += np.where(won, grad, 0)
    height, width = x_shape[-2:]
    return unpad(grad_framed, windows, height, width).reshape(x_shape)


def _pool_windows(
    images: Array,
    kernel_size: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    ceil_mode: bool,
) -> Windows:
    kernel = as_pair("max_pool2d", "kernel_size", kernel_size, 1)
    steps = as_pair("max_pool2d", "stride", stride, 1)
    frame = as_pair("max_pool2d", "padding", padding, 0)
    spread = as_pair("max_pool2d", "dilation", dilation, 1)
    out, after = [], []
    for axis, size in enumerate(images.shape[2:]):
        reach = span(kernel[axis], spread[axis])
        before, step = frame[axis], steps[axis]
        if before > reach // 2:
            raise ValueError(
                "max_pool2d: padding must be at most half of the window, "
                f"got {before} for a window over {reach} pixels"
            )
        room = size + 2 * before - reach
        count = (-(-room // step) if ceil_mode else room // step) + 1
        if ceil_mode and (count - 1) * step >= size + before:
            count -= 1  # the last window would see nothing but padding
        if count < 1:
            raise ValueError(
                f"max_pool2d: the window reaches over {reach} pixels, "
                f"the padded image has {size + 2 * before}"
            )
        over = (count - 1) * step + reach - (size + 2 * before)
        out.append(count)
        after.append(before + max(over, 0))
    (top, left), (bottom, right) = frame, after
    return Windows(
        kernel, steps, spread, ((top, bottom), (left, right)), (out[0], out[1])
    )
