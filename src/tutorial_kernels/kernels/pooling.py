"""Max pooling: the largest number of every window."""

import math
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
from tutorial_kernels.kernels.convolution import im2col
from tutorial_kernels.kernels.windows import (
    Sizes,
    Windows,
    as_batch,
    frame,
    pool_windows,
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
    """Keep the largest number of every window."""
    largest = largest_of(images, windows)
    out = largest.reshape(*x.shape[: -len(windows.out)], *windows.out)
    cache = (images, largest, x.shape, windows)
    if not return_indices:
        return out, cache
    winners = winners_of(images, largest, windows)
    return (out, winners.reshape(out.shape)), cache


def max_pool_backward(grad_out: Array, cache: Cache) -> Array:
    """Send each gradient to the pixel that won."""
    images, largest, x_shape, windows = cache
    grad = grad_out.reshape(largest.shape)
    return to_winners(grad, images, largest, windows).reshape(x_shape)


def largest_of(images: Array, windows: Windows) -> Array:
    """The largest number of every window: (B, C, out...)."""
    largest: Array = _columns_of(images, windows).max(axis=2)
    return largest


def to_winners(
    grad: Array, images: Array, largest: Array, windows: Windows
) -> Array:
    """Gradients where the winners are, 0 elsewhere: shaped as `images`."""
    count, pixels = math.prod(images.shape[:2]), math.prod(images.shape[2:])
    first = np.arange(count).reshape(*images.shape[:2], *[1] * len(windows.out))
    winners = winners_of(images, largest, windows)
    winners += first * pixels  # numbered through all images
    grad_images = np.zeros(count * pixels, dtype=grad.dtype)
    np.add.at(grad_images, winners.reshape(-1), grad.reshape(-1))
    return grad_images.reshape(images.shape)


def winners_of(images: Array, largest: Array, windows: Windows) -> Array:
    """The number of the pixel that won each window: (B, C, out...).

    A pixel wins its window if it is the first of the largest; nan is larger
    than any number. The frame never wins.
    """
    columns = _columns_of(images, windows)
    size = images.shape[2:]
    numbers = np.arange(math.prod(size)).reshape(1, 1, *size)
    numbers = _columns(frame(numbers, windows, -1), windows)
    # nan equals nothing, the lowest equals the frame
    clear = is_floating(largest) and bool(np.isfinite(largest).all())
    places = columns.shape[2]
    winners = np.zeros(largest.shape, dtype=numbers.dtype)
    if clear:  # then the last place wins where no other does
        places -= 1
        winners[...] = numbers[:, :, places]
    for place in reversed(range(places)):
        pixel, number = columns[:, :, place], numbers[:, :, place]
        won = pixel == largest
        if not clear:
            won = (won | np.isnan(pixel)) & (number >= 0)
        winners = np.where(won, number, winners)
    return winners


def _columns_of(images: Array, windows: Windows) -> Array:
    """The windows in a frame of minus infinity, written out as columns."""
    lowest = -np.inf if is_floating(images) else np.iinfo(images.dtype).min
    return _columns(frame(images, windows, lowest), windows)


def _columns(framed: Array, windows: Windows) -> Array:
    """Every window, its places in one axis: (B, C, places, out...)."""
    batch, channels = framed.shape[:2]
    shape = (batch, channels, math.prod(windows.kernel), *windows.out)
    return im2col(framed, windows).reshape(shape)
