"""Windows on an image: what convolution and pooling have in common.

A window of height x width pixels slides over the image. Seen from one place
(i, j) inside the window, all its positions together are a plain slice of the
image: start at (i, j), step by the stride. `places` gives those slices.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tutorial_kernels.kernels.contract import Array, Pair


class Windows(NamedTuple):
    """How windows lie on a padded image; every pair is (height, width)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]  # (before, after) each
    out: tuple[int, int]

    def places(self) -> Iterator[tuple[int, int, slice, slice]]:
        """Each place in the window, and the pixels that lie under it."""
        for i in range(self.kernel[0]):
            rows = self._under(i, axis=0)
            for j in range(self.kernel[1]):
                yield i, j, rows, self._under(j, axis=1)

    def _under(self, place: int, axis: int) -> slice:
        start = place * self.dilation[axis]
        step = self.stride[axis]
        return slice(start, start + step * (self.out[axis] - 1) + 1, step)


def span(kernel: int, dilation: int) -> int:
    """How many pixels a dilated window reaches over."""
    return dilation * (kernel - 1) + 1


def pad(images: Array, windows: Windows, value: float) -> Array:
    """Put a frame of `value` around the images."""
    (top, bottom), (left, right) = windows.padding
    if not (top or bottom or left or right):
        return images
    batch, channels, height, width = images.shape
    shape = (batch, channels, top + height + bottom, left + width + right)
    framed = np.full(shape, value, dtype=images.dtype)
    framed[:, :, top : top + height, left : left + width] = images
    return framed


def unpad(framed: Array, windows: Windows, height: int, width: int) -> Array:
    """Take the frame away again."""
    (top, _), (left, _) = windows.padding
    return framed[:, :, top : top + height, left : left + width]


def as_pair(
    operation: str, name: str, value: Pair, smallest: int
) -> tuple[int, int]:
    """Read an option such as `stride`: one number for both axes, or two."""
    two = (value, value) if isinstance(value, int | np.integer) else value
    if (
        not isinstance(two, tuple | list)
        or len(two) != 2
        or not all(isinstance(n, int | np.integer) for n in two)
        or min(two) < smallest
    ):
        raise ValueError(
            f"{operation}: {name} must be an integer or a pair of integers, "
            f"at least {smallest}, got {value!r}"
        )
    return int(two[0]), int(two[1])


def as_padding(
    operation: str, padding: Pair | str, stride: tuple[int, int]
) -> tuple[int, int] | str:
    """Read the padding of a convolution: a word, a number or a pair."""
    if not isinstance(padding, str):
        return as_pair(operation, "padding", padding, 0)
    if padding not in ("same", "valid"):
        raise ValueError(
            f"{operation}: padding must be 'same', 'valid' or integers, "
            f"got {padding!r}"
        )
    if padding == "same" and stride != (1, 1):
        raise ValueError(
            f"{operation}: padding 'same' needs stride 1, got {stride}"
        )
    return padding


def as_images(operation: str, x: Array) -> Array:
    """View one image (C, height, width) as a batch of one."""
    if x.ndim not in (3, 4):
        raise ValueError(
            f"{operation}: x must be (B, C, height, width) or "
            f"(C, height, width), got shape {x.shape}"
        )
    if 0 in x.shape[-3:]:
        raise ValueError(
            f"{operation}: only the batch may be empty, x has shape {x.shape}"
        )
    return x if x.ndim == 4 else x[np.newaxis]
