"""Windows on an image: what convolution and pooling have in common.

A window slides over the image. Seen from one place inside the window, all its
positions together are a plain slice of the image: start at that place, step
by the stride. `places` gives those slices.

A signal has one axis to slide along, an image has two; the code is the same.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tutorial_kernels.kernels.contract import Array

type Sizes = int | tuple[int, ...]  # one number for all axes, or one for each
type Place = tuple[Any, ...]  # the last part of an index: integers
type Pixels = tuple[Any, ...]  # the same: slices

AXES = {1: "length", 2: "height, width"}


class Windows(NamedTuple):
    """How windows lie on a padded image, with one entry for every axis."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]  # (before, after)
    out: tuple[int, ...]

    def places(self) -> Iterator[tuple[Place, Pixels]]:
        """Each place in the window, and the pixels that lie under it."""
        for place in np.ndindex(self.kernel):
            yield (
                place,
                tuple(map(_under, place, self.dilation, self.stride, self.out)),
            )


def _under(place: int, dilation: int, stride: int, out: int) -> slice:
    """What lies under one place while the window takes `out` positions."""
    start = place * dilation
    return slice(start, start + stride * (out - 1) + 1, stride)


def span(kernel: int, dilation: int) -> int:
    """How many pixels a dilated window reaches over."""
    return dilation * (kernel - 1) + 1


def frame(images: Array, windows: Windows, value: float) -> Array:
    """Put a frame of `value` around the images."""
    if not any(before or after for before, after in windows.padding):
        return images
    widths = [(0, 0), (0, 0), *windows.padding]
    return np.pad(images, widths, constant_values=value)


def unframe(framed: Array, windows: Windows, size: tuple[int, ...]) -> Array:
    """Take the frame away from images of `size`."""
    inner = [
        slice(before, before + n)
        for (before, _), n in zip(windows.padding, size, strict=True)
    ]
    return framed[:, :, *inner]


def pool_windows(
    operation: str,
    size: tuple[int, ...],
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    dilation: Sizes,
    ceil_mode: bool,
) -> Windows:
    """Lay the windows of a pooling on images of `size`."""
    axes = len(size)
    stride = kernel_size if stride in (None, (), []) else stride
    kernel = per_axis(operation, "kernel_size", kernel_size, axes, 1)
    steps = per_axis(operation, "stride", stride, axes, 1)
    ahead = per_axis(operation, "padding", padding, axes, 0)
    spread = per_axis(operation, "dilation", dilation, axes, 1)
    reach = tuple(map(span, kernel, spread))
    out, pads = [], []
    for n, r, step, before in zip(size, reach, steps, ahead, strict=True):
        if before > r // 2:
            raise ValueError(
                f"{operation}: padding must be at most half of the window, "
                f"got {before} for a window over {r} places"
            )
        room = n + 2 * before - r
        count = (-(-room // step) if ceil_mode else room // step) + 1
        if ceil_mode and (count - 1) * step >= n + before:
            count -= 1  # the last window would see nothing but padding
        if count < 1:
            raise ValueError(
                f"{operation}: the window reaches over {r} places, "
                f"the padded x has {n + 2 * before}"
            )
        out.append(count)
        pads.append((before, before + max((count - 1) * step - room, 0)))
    return Windows(kernel, steps, spread, tuple(pads), tuple(out))


def per_axis(
    operation: str, name: str, value: Sizes, axes: int, smallest: int
) -> tuple[int, ...]:
    """Read an option such as `stride`: one number for all axes, or each."""
    alone = isinstance(value, int | np.integer)
    sizes: Any = (value,) if alone else value
    if isinstance(sizes, tuple | list) and len(sizes) == 1:
        sizes = tuple(sizes) * axes
    if (
        not isinstance(sizes, tuple | list)
        or len(sizes) != axes
        or not all(isinstance(n, int | np.integer) for n in sizes)
        or min(sizes) < smallest
    ):
        form = "an integer or a pair of integers" if axes == 2 else "an integer"
        raise ValueError(
            f"{operation}: {name} must be {form}, at least {smallest}, "
            f"got {value!r}"
        )
    return tuple(int(n) for n in sizes)


def as_padding(
    operation: str, padding: Sizes | str, stride: tuple[int, ...]
) -> tuple[int, ...] | str:
    """Read the padding of a convolution: a word, or one size per axis."""
    if not isinstance(padding, str):
        return per_axis(operation, "padding", padding, len(stride), 0)
    if padding not in ("same", "valid"):
        raise ValueError(
            f"{operation}: padding must be 'same', 'valid' or integers, "
            f"got {padding!r}"
        )
    if padding == "same" and max(stride) > 1:
        raise ValueError(
            f"{operation}: padding 'same' needs stride 1, got {stride}"
        )
    return padding


def as_batch(operation: str, x: Array, axes: int) -> Array:
    """View a single signal or image, (C, ...), as a batch of one."""
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(
            f"{operation}: x must be (B, C, {AXES[axes]}) or "
            f"(C, {AXES[axes]}), got shape {x.shape}"
        )
    if 0 in x.shape[-axes - 1 :]:
        raise ValueError(
            f"{operation}: only the batch may be empty, x has shape {x.shape}"
        )
    return x if x.ndim == axes + 2 else x[np.newaxis]
