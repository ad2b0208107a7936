"""The tensors a module owns: what is learned, and what is only kept."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from tutorial_kernels.autograd import Tensor


class Parameter(Tensor):
    """A tensor that requires gradients and belongs to a module."""

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        """Take a copy of `data`, which must be floating point."""
        super().__init__(data, requires_grad=True)
        self.requires_grad = requires_grad

    def __repr__(self) -> str:
        """What it is, then what is in it."""
        return f"Parameter containing:\n{super().__repr__()}"


class Buffer(Tensor):
    """A tensor that belongs to a module and is saved, but not learned."""

    def __init__(self, data: Any, persistent: bool = True) -> None:
        """Take a copy of `data`; only a persistent one is saved."""
        super().__init__(Tensor(data).data.copy())
        self.persistent = persistent


def clear_gradients(tensors: Iterable[Tensor], set_to_none: bool) -> None:
    """Forget the gradients, or fill those that are there with zeros."""
    for tensor in tensors:
        if set_to_none or tensor.grad is None:
            tensor.grad = None
        else:
            tensor.grad = np.zeros_like(tensor.grad)


def empty(shape: int | tuple[int, ...], dtype: Any = None) -> Parameter:
    """Room for a parameter whose first values are still to be drawn.

    Without a dtype it is float32, as in torch: NumPy alone would take float64.

    Raises:
        ValueError: If a size is no whole number, as 10 / 2 is not.
    """
    for size in shape if isinstance(shape, tuple) else (shape,):
        if not isinstance(size, int | np.integer) or size < 0:
            raise ValueError(
                "Parameter: every size must be an integer, at least 0, "
                f"got {size!r}"
            )
    return Parameter(np.empty(shape, np.float32 if dtype is None else dtype))
