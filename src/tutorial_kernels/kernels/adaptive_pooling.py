"""Adaptive pooling: as many windows as asked for, whatever the image.

Window i of n along an axis of a given size reaches from `i * size / n`,
rounded down, to `(i + 1) * size / n`, rounded up. Neighbours may overlap.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache, check_floating
from tutorial_kernels.kernels.windows import Pixels, Place, as_batch

type OutputSize = int | tuple[int | None, ...]


def adaptive_avg_pool1d_forward(
    x: Array, output_size: OutputSize
) -> tuple[Array, Cache]:
    """Take the mean of each of `output_size` windows.

    Args:
        x: The signals; a single one may come without the batch axis.
        output_size: How many windows.

    Shapes:
        x: (B, C, length)
        out: (B, C, out_length)
        out_length = output_size

    Raises:
        ValueError: If the shape or the size is no such thing.
        TypeError: If `x` holds integers.
    """
    return adaptive_average_pool("adaptive_avg_pool1d", 1, x, output_size)


def adaptive_avg_pool1d_backward(grad_out: Array, cache: Cache) -> Array:
    """As for images: see `adaptive_average_pool_backward`."""
    return adaptive_average_pool_backward(grad_out, cache)


def adaptive_avg_pool2d_forward(
    x: Array, output_size: OutputSize
) -> tuple[Array, Cache]:
    """Take the mean of each of `output_size` windows.

    Args:
        x: The images; a single one may come without the batch axis.
        output_size: How many windows; `None` in a pair keeps an axis.

    Shapes:
        x: (B, C, height, width)
        out: (B, C, out_height, out_width)
        out_height = output_size
        out_width = output_size

    Raises:
        ValueError: If the shape or the size is no such thing.
        TypeError: If `x` holds integers.

    Source: Lin et al., "Network in network", 2013, for the mean over all
    pixels, `output_size=1`.
    """
    return adaptive_average_pool("adaptive_avg_pool2d", 2, x, output_size)


def adaptive_avg_pool2d_backward(grad_out: Array, cache: Cache) -> Array:
    """Each pixel gets its share: see `adaptive_average_pool_backward`."""
    return adaptive_average_pool_backward(grad_out, cache)


def adaptive_max_pool1d_forward(
    x: Array, output_size: OutputSize, return_indices: bool = False
) -> tuple[Any, Cache]:
    """Keep the largest number of each of `output_size` windows.

    Args:
        x: The signals; a single one may come without the batch axis.
        output_size: How many windows.
        return_indices: Whether to return `(out, indices)`, where `indices`
            says at which step of `x` each number of `out` was found.

    Shapes:
        x: (B, C, length)
        out: (B, C, out_length)
        out_length = output_size

    Raises:
        ValueError: If the shape or the size is no such thing.
        TypeError: If `x` holds integers.
    """
    return adaptive_max_pool(
        "adaptive_max_pool1d", 1, x, output_size, return_indices
    )


def adaptive_max_pool1d_backward(grad_out: Array, cache: Cache) -> Array:
    """As for images: see `adaptive_max_pool_backward`."""
    return adaptive_max_pool_backward(grad_out, cache)


def adaptive_max_pool2d_forward(
    x: Array, output_size: OutputSize, return_indices: bool = False
) -> tuple[Any, Cache]:
    """Keep the largest pixel of each of `output_size` windows.

    Args:
        x: The images; a single one may come without the batch axis.
        output_size: How many windows; `None` in a pair keeps an axis.
        return_indices: Whether to return `(out, indices)`, where `indices`
            says which pixel each number of `out` is; the pixels of an image
            are numbered row by row.

    Shapes:
        x: (B, C, height, width)
        out: (B, C, out_height, out_width)
        out_height = output_size
        out_width = output_size

    Raises:
        ValueError: If the shape or the size is no such thing.
        TypeError: If `x` holds integers.
    """
    return adaptive_max_pool(
        "adaptive_max_pool2d", 2, x, output_size, return_indices
    )


def adaptive_max_pool2d_backward(grad_out: Array, cache: Cache) -> Array:
    """Gradients go to the winners: see `adaptive_max_pool_backward`."""
    return adaptive_max_pool_backward(grad_out, cache)


def adaptive_average_pool(
    operation: str, axes: int, x: Array, output_size: OutputSize
) -> tuple[Array, Cache]:
    """Take the mean of every window."""
    size, out_size = _sizes(operation, axes, x, output_size)
    spatial = tuple(range(-axes, 0))
    out = np.empty((*x.shape[:-axes], *out_size), dtype=x.dtype)
    for place, pixels in _windows(size, out_size):
        out[..., *place] = x[..., *pixels].mean(axis=spatial)
    return out, (x.shape, out_size)


def adaptive_average_pool_backward(grad_out: Array, cache: Cache) -> Array:
    """Every pixel of a window gets the same share: `grad / count`."""
    x_shape, out_size = cache
    axes = len(out_size)
    spatial = tuple(range(-axes, 0))
    grad_x = np.zeros(x_shape, dtype=grad_out.dtype)
    for place, pixels in _windows(x_shape[-axes:], out_size):
        window = grad_x[..., *pixels]  # a view: what is added, is added there
        count = math.prod(window.shape[-axes:])
        window += np.expand_dims(grad_out[..., *place] / count, spatial)
    return grad_x


def adaptive_max_pool(
    operation: str,
    axes: int,
    x: Array,
    output_size: OutputSize,
    return_indices: bool,
) -> tuple[Any, Cache]:
    """Find the largest pixel of every window; of equals, the first."""
    size, out_size = _sizes(operation, axes, x, output_size)
    leading = x.shape[:-axes]
    out = np.empty((*leading, *out_size), dtype=x.dtype)
    indices = np.empty(out.shape, dtype=np.int64)
    numbers = np.arange(math.prod(size)).reshape(size)
    for place, pixels in _windows(size, out_size):
        inside = numbers[pixels].ravel()
        window = x[..., *pixels].reshape(*leading, len(inside))
        out[..., *place] = window.max(axis=-1)
        indices[..., *place] = inside[window.argmax(axis=-1)]
    return (out, indices) if return_indices else out, (indices, x.shape, axes)


def adaptive_max_pool_backward(grad_out: Array, cache: Cache) -> Array:
    """Send each gradient to the pixel that won."""
    indices, x_shape, axes = cache
    images, pixels = math.prod(x_shape[:-axes]), math.prod(x_shape[-axes:])
    windows = math.prod(indices.shape[-axes:])
    every = np.arange(images)
    winners = indices.reshape(images, windows)
    grad = grad_out.reshape(images, windows)
    grad_x = np.zeros((images, pixels), dtype=grad.dtype)
    for window in range(windows):  # one by one: two may have one winner
        grad_x[every, winners[:, window]] += grad[:, window]
    return grad_x.reshape(x_shape)


def _windows(
    size: tuple[int, ...], out_size: tuple[int, ...]
) -> Iterator[tuple[Place, Pixels]]:
    """Each place of the output, and the pixels it looks at."""
    cuts = [
        [slice(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
        for n, m in zip(size, out_size, strict=True)
    ]
    yield from zip(np.ndindex(out_size), itertools.product(*cuts), strict=True)


def _sizes(
    operation: str, axes: int, x: Array, output_size: OutputSize
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The size of an image before and after; refuse what is none."""
    check_floating(operation, x)
    size = as_batch(operation, x, axes).shape[2:]
    alone = isinstance(output_size, int | np.integer)
    wanted: Any = (output_size,) * axes if alone else output_size
    if not isinstance(wanted, tuple | list) or len(wanted) != axes:
        wanted = (-1,)  # no such thing
    kept = [n if m is None else m for n, m in zip(size, wanted, strict=False)]
    if not all(isinstance(m, int | np.integer) and m >= 0 for m in kept):
        form = "an integer or a pair of integers" if axes == 2 else "an integer"
        raise ValueError(
            f"{operation}: output_size must be {form}, at least 0, "
            f"got {output_size!r}"
        )
    return size, tuple(int(m) for m in kept)
