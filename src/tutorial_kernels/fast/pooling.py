"""Max pooling of 2 by 2, compiled, in the place of two functions.

No loop of NumPy's slides a window over an image, so that none can be replaced.
Two functions of `tutorial_kernels.kernels.pooling` are, with the same results
to the bit. What they do not know, other windows or types, goes on to NumPy.
"""

import ctypes
from typing import Any

import numpy as np

from tutorial_kernels.kernels import pooling
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.kernels.windows import Windows

_LEAST_WIDTH = 8  # four windows, one for each lane of a vector


class Pooling:
    """The kernel of max pooling with the compiled functions in place.

    Args:
        library: An opened library.

    Raises:
        AttributeError: The library lacks a function; nothing has changed.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self._forward = library.f32_max_pool
        self._backward = library.f32_max_pool_backward
        self._own = pooling.largest_of, pooling.to_winners
        pooling.largest_of = self.largest_of
        pooling.to_winners = self.to_winners

    def undo(self) -> None:
        """Puts the kernel's own functions back."""
        pooling.largest_of, pooling.to_winners = self._own

    def largest_of(self, images: Array, windows: Windows) -> Array:
        """As `pooling.largest_of`."""
        if not _knows(images, windows):
            return self._own[0](images, windows)
        largest = np.empty((*images.shape[:2], *windows.out), np.float32)
        self._call(self._forward, images, largest)
        return largest

    def to_winners(
        self, grad: Array, images: Array, largest: Array, windows: Windows
    ) -> Array:
        """As `pooling.to_winners`."""
        if not _knows(images, windows) or grad.dtype != np.float32:
            return self._own[1](grad, images, largest, windows)
        odd = any(size % 2 for size in images.shape[2:])
        empty = np.zeros if odd else np.empty  # what no window covers gets 0
        grad_images = empty(images.shape, np.float32)
        self._call(self._backward, images, largest, grad, grad_images)
        return grad_images

    def _call(self, function: Any, images: Array, *others: Array) -> None:
        *counts, height, width = images.shape
        arrays = [np.ascontiguousarray(array) for array in (images, *others)]
        function(
            *map(ctypes.c_ssize_t, (np.prod(counts), height, width)),
            *[ctypes.c_void_p(array.ctypes.data) for array in arrays],
        )


def _knows(images: Array, windows: Windows) -> bool:
    two = (2, 2)
    return (
        images.dtype == np.float32
        and windows.kernel == two
        and windows.stride == two
        and windows.dilation == (1, 1)
        and not any(map(any, windows.padding))
        and images.shape[-1] >= _LEAST_WIDTH
    )
