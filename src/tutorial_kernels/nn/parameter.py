"""The tensors a module owns: what is learned, and what is only kept."""

from typing import Any

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

    def __init__(self, data: Any) -> None:
        """Take a copy of `data`."""
        super().__init__(Tensor(data).data.copy())
