"""Max pooling: the largest number of every window."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    Pair,
    check_floating,
    check_numbers,
    is_floating,
)
from tutorial_kernels.kernels.windows import (
    Pixels,
    Sizes,
    Windows,
    as_batch,
    frame,
    pool_windows,
    unframe,
)


def max_pool1d_forward(
    x: Array,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Any, Cache]:
    """Keep the largest number of every window.

    Args:
        x: The signals; a single one may come without the batch axis.
        kernel_size: Length of a window.
        stride: Steps between windows; `None` sets them side by side.
        padding: Minus infinity at both ends.
        dilation: Steps between the places inside a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether to return `(out, indices)`, where `indices`
            says at which step of `x` each number of `out` was found.

    Shapes:
        x: (B, C, length)
        out: (B, C, out_length)
        out_length = (length + 2 * padding - dilation * (kernel_size - 1)
            - 1) // stride + 1

    Raises:
        ValueError: If the windows do not fit the signal.
        TypeError: If `x` holds integers.
    """
    check_floating("max_pool1d", x)
    signals = as_batch("max_pool1d", x, 1)
    windows = pool_windows(
        "max_pool1d",
        signals.shape[2:],
        kernel_size,
        stride,
        padding,
        dilation,
        ceil_mode,
    )
    return max_pool(x, signals, windows, return_indices)


def max_pool1d_backward(grad_out: Array, cache: Cache) -> Array:
    """As for images: see `max_pool_backward`."""
    return max_pool_backward(grad_out, cache)


def max_pool2d_forward(
    x: Array,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Any, Cache]:
    """Keep the largest pixel of every window.

    Args:
        x: The images; a single one may come without the batch axis.
        kernel_size: Size of a window.
        stride: Steps between windows; `None` sets them side by side.
        padding: Frame of minus infinity around the image.
        dilation: Steps between the places inside a window.
        ceil_mode: Whether a last window may reach over the edge.
        return_indices: Whether to return `(out, indices)`, where `indices`
            says which pixel each number of `out` is; the pixels of an image
            are numbered row by row.

    Shapes:
        x: (B, C, height, width)
        out: (B, C, out_height, out_width)
        out_height = (height + 2 * padding - dilation * (kernel_size - 1)
            - 1) // stride + 1
        out_width = (width + 2 * padding - dilation * (kernel_size - 1)
            - 1) // stride + 1

    Raises:
        ValueError: If the windows do not fit the image.
        TypeError: If `x` holds truth values.
    """
    check_numbers("max_pool2d", x)
    images = as_batch("max_pool2d", x, 2)
    windows = pool_windows(
        "max_pool2d",
        images.shape[2:],
        kernel_size,
        stride,
        padding,
        dilation,
        ceil_mode,
    )
    return max_pool(x, images, windows, return_indices)


def max_pool2d_backward(grad_out: Array, cache: Cache) -> Array:
    """Each gradient goes to the pixel that won: see `max_pool_backward`."""
    return max_pool_backward(grad_out, cache)


def max_pool(
    x: Array, images: Array, windows: Windows, return_indices: bool
) -> tuple[Any, Cache]:
    """Keep the largest pixel of every window, and say which it was."""
    lowest = -np.inf if is_floating(x) else np.iinfo(x.dtype).min
    framed = frame(images, windows, lowest)
    largest = np.full((*images.shape[:2], *windows.out), lowest, x.dtype)
    for _, pixels in windows.places():
        np.maximum(largest, framed[:, :, *pixels], out=largest)
    out = largest.reshape(*x.shape[: -len(windows.out)], *windows.out)
    cache = (framed, largest, x.shape, windows)
    if not return_indices:
        return out, cache
    return (out, _indices(cache).reshape(out.shape)), cache


def max_pool_backward(grad_out: Array, cache: Cache) -> Array:
    """Send each gradient to the pixel that won; of equals, the first wins."""
    framed, largest, x_shape, windows = cache
    grad = grad_out.reshape(largest.shape)
    grad_framed = np.zeros_like(framed)
    for pixels, won in _winners(cache):
        grad_framed[:, :, *pixels] += np.where(won, grad, 0)
    size = x_shape[-len(windows.out) :]
    return unframe(grad_framed, windows, size).reshape(x_shape)


def _indices(cache: Cache) -> Array:
    """The number of the pixel that won each window."""
    _, largest, x_shape, windows = cache
    size = x_shape[-len(windows.out) :]
    numbers = np.arange(math.prod(size)).reshape(1, 1, *size)
    numbers = frame(numbers, windows, -1)
    indices = np.zeros(largest.shape, dtype=np.int64)
    for pixels, won in _winners(cache):
        indices += np.where(won, numbers[:, :, *pixels], 0)
    return indices


def _winners(cache: Cache) -> Iterator[tuple[Pixels, Array]]:
    """For every place, the pixels under it, and where they are the winners.

    A pixel wins its window if it is the first of the largest; nan is larger
    than any number. The frame never wins.
    """
    framed, largest, x_shape, windows = cache
    size = x_shape[-len(windows.out) :]
    inside = frame(np.ones((1, 1, *size), dtype=bool), windows, False)
    ordinary = is_floating(largest) and np.isfinite(largest).all()
    undecided = np.ones(largest.shape, dtype=bool)
    for _, pixels in windows.places():
        seen = framed[:, :, *pixels]
        best = seen == largest
        if not ordinary:  # nan equals nothing, the lowest equals the frame
            best = (best | np.isnan(seen)) & inside[:, :, *pixels]
        won = undecided & best
        undecided ^= won
        yield pixels, won
