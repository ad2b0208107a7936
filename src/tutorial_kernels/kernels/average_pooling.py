"""Average pooling: the mean of every window."""

from functools import reduce

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_floating,
    widen,
)
from tutorial_kernels.kernels.windows import (
    Sizes,
    Windows,
    as_batch,
    frame,
    pool_windows,
    unframe,
)


def avg_pool1d_forward(
    x: Array,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> tuple[Array, Cache]:
    """Take the mean of every window.

    Args:
        x: The signals; a single one may come without the batch axis.
        kernel_size: Length of a window.
        stride: Steps between windows; `None` sets them side by side.
        padding: Zeros at both ends.
        ceil_mode: Whether a last window may reach over the end; what lies
            there is not counted.
        count_include_pad: Whether the mean counts the zeros of the padding.

    Shapes:
        x: (B, C, length)
        out: (B, C, out_length)
        out_length = (length + 2 * padding - kernel_size) // stride + 1

    Raises:
        ValueError: If the windows do not fit the signal.
        TypeError: If `x` holds integers.
    """
    check_floating("avg_pool1d", x)
    signals = as_batch("avg_pool1d", x, 1)
    windows = pool_windows(
        "avg_pool1d",
        signals.shape[2:],
        kernel_size,
        stride,
        padding,
        1,
        ceil_mode,
    )
    divisor = _count(signals.shape[2:], windows, count_include_pad)
    return average_pool(x, signals, windows, divisor)


def avg_pool1d_backward(grad_out: Array, cache: Cache) -> Array:
    """As for images: see `average_pool_backward`."""
    return average_pool_backward(grad_out, cache)


def avg_pool2d_forward(
    x: Array,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> tuple[Array, Cache]:
    """Take the mean of every window.

    Args:
        x: The images; a single one may come without the batch axis.
        kernel_size: Size of a window.
        stride: Steps between windows; `None` sets them side by side.
        padding: Frame of zeros around the image.
        ceil_mode: Whether a last window may reach over the edge; what lies
            there is not counted.
        count_include_pad: Whether the mean counts the zeros of the frame.
        divisor_override: What to divide the sum by, instead of the count.

    Shapes:
        x: (B, C, height, width)
        out: (B, C, out_height, out_width)
        out_height = (height + 2 * padding - kernel_size) // stride + 1
        out_width = (width + 2 * padding - kernel_size) // stride + 1

    Raises:
        ValueError: If the windows do not fit the image.
        TypeError: If `x` holds integers.
    """
    check_floating("avg_pool2d", x)
    images = as_batch("avg_pool2d", x, 2)
    if divisor_override == 0:
        raise ValueError("avg_pool2d: divisor_override must not be 0")
    windows = pool_windows(
        "avg_pool2d",
        images.shape[2:],
        kernel_size,
        stride,
        padding,
        1,
        ceil_mode,
    )
    divisor = _count(images.shape[2:], windows, count_include_pad)
    if divisor_override is not None:
        divisor = np.array(divisor_override)
    return average_pool(x, images, windows, divisor)


def avg_pool2d_backward(grad_out: Array, cache: Cache) -> Array:
    """Every pixel gets its share: see `average_pool_backward`."""
    return average_pool_backward(grad_out, cache)


def average_pool(
    x: Array, images: Array, windows: Windows, divisor: Array
) -> tuple[Array, Cache]:
    """Add up every window, and divide."""
    axes = len(windows.out)
    framed = frame(widen(images), windows, 0)
    total = np.zeros((*images.shape[:2], *windows.out), dtype=framed.dtype)
    for _, pixels in windows.places():
        total += framed[:, :, *pixels]
    divisor = divisor.astype(framed.dtype)
    out = (total / divisor).reshape(*x.shape[:-axes], *windows.out)
    return out.astype(x.dtype, copy=False), (
        divisor,
        framed.shape,
        x.shape,
        windows,
    )


def average_pool_backward(grad_out: Array, cache: Cache) -> Array:
    """Every pixel of a window gets the same share: `grad / divisor`."""
    divisor, framed_shape, x_shape, windows = cache
    grad = widen(grad_out).reshape(*framed_shape[:2], *windows.out)
    share = grad / divisor
    grad_framed = np.zeros(framed_shape, dtype=share.dtype)
    for _, pixels in windows.places():
        grad_framed[:, :, *pixels] += share
    size = x_shape[-len(windows.out) :]
    grad_x = unframe(grad_framed, windows, size).reshape(x_shape)
    return grad_x.astype(grad_out.dtype, copy=False)


def _count(
    size: tuple[int, ...], windows: Windows, count_include_pad: bool
) -> Array:
    """How many pixels lie under each window."""
    counts = []
    for axis, n in enumerate(size):
        before = windows.padding[axis][0]
        starts = np.arange(windows.out[axis]) * windows.stride[axis] - before
        ends = np.minimum(starts + windows.kernel[axis], n + before)
        if not count_include_pad:
            starts, ends = np.maximum(starts, 0), np.minimum(ends, n)
        counts.append(ends - starts)
    return reduce(np.multiply.outer, counts)
