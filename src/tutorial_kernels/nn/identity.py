"""Identity: a place holder where a module is expected."""

from typing import Any

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.module import Module


class Identity(Module):
    """What goes in comes out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take any arguments, so that it can stand in for any module."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return x
