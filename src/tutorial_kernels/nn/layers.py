"""The layers, under torch's names, with torch's arguments and defaults."""

import math
from collections.abc import Sequence
from typing import Any

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn import init
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter, empty


def draw_weights(weight: Parameter, bias: Parameter | None) -> None:
    """Draw what torch draws: evenly, bounded by 1 / sqrt(fan_in)."""
    init.kaiming_uniform_(weight, a=math.sqrt(5))
    if bias is not None:
        fan_in, _ = init.fans(weight)
        bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
        init.uniform_(bias, -bound, bound)


class Linear(Module):
    """Every output is a weighted sum of every input."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the weights and draw their first values."""
        self.in_features = in_features
        self.out_features = out_features
        self.weight = empty((out_features, in_features), dtype)
        self.bias = empty(out_features, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values."""
        draw_weights(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_features) to (..., out_features)."""
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The sizes."""
        return (
            f"in_features={self.in_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class Flatten(Module):
    """Join axes into one: by default all but the batch."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        """Set the first and the last axis to join."""
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Tensor) -> Tensor:
        """(B, ...) to (B, all the rest)."""
        return F.flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """The axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Cut an axis into several: the way back from `Flatten`."""

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        """Set the axis and the sizes that it is cut into.

        Raises:
            TypeError: If the sizes are not integers.
        """
        sizes = unflattened_size
        if not isinstance(sizes, tuple | list) or not all(
            isinstance(size, int) for size in sizes
        ):
            raise TypeError(
                "Unflatten: unflattened_size must be a tuple of integers, "
                f"got {sizes!r}"
            )
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, x: Tensor) -> Tensor:
        """(..., n, ...) to (..., *unflattened_size, ...)."""
        return Tensor.unflatten(x, self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        """The axis and the sizes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
