"""The layers, under torch's names, with torch's arguments and defaults."""

import math
from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Pair
from tutorial_kernels.kernels.windows import as_padding, as_pair
from tutorial_kernels.nn import init
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter


def _reset(weight: Parameter, bias: Parameter | None) -> None:
    """Draw what torch draws: evenly, bounded by 1 / sqrt(fan_in)."""
    init.kaiming_uniform_(weight, a=math.sqrt(5))
    if bias is not None:
        fan_in, _ = init.fans(weight)
        bound = 1 / math.sqrt(fan_in)
        init.uniform_(bias, -bound, bound)


class Linear(Module):
    """Every output is a weighted sum of every input."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: Any = np.float32,
    ) -> None:
        """Make the weights and draw their first values."""
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(np.empty((out_features, in_features), dtype))
        self.bias = Parameter(np.empty(out_features, dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values."""
        _reset(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_features) to (..., out_features)."""
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The sizes."""
        return (
            f"in_features={self.in_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class Conv2d(Module):
    """Slide small kernels over an image."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair | str = 0,
        dilation: Pair = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        dtype: Any = np.float32,
    ) -> None:
        """Make the kernels and draw their first values."""
        if padding_mode != "zeros":
            raise ValueError(
                "Conv2d: padding_mode must be 'zeros', the only one there is "
                f"here, got {padding_mode!r}"
            )
        for name, channels in (("in", in_channels), ("out", out_channels)):
            if groups < 1 or channels % groups:
                raise ValueError(
                    f"Conv2d: groups must divide {name}_channels {channels}, "
                    f"got {groups}"
                )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = as_pair("Conv2d", "kernel_size", kernel_size, 1)
        self.stride = as_pair("Conv2d", "stride", stride, 1)
        self.padding = as_padding("Conv2d", padding, self.stride)
        self.dilation = as_pair("Conv2d", "dilation", dilation, 1)
        self.groups = groups
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(np.empty(shape, dtype))
        self.bias = Parameter(np.empty(out_channels, dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values."""
        _reset(self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, ...) to (B, out_channels, ...)."""
        return F.conv2d(
            x,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
        )

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = (
            f"{self.in_channels}, {self.out_channels}, "
            f"kernel_size={self.kernel_size}, stride={self.stride}"
        )
        if self.padding != (0, 0):
            text += f", padding={self.padding}"
        if self.dilation != (1, 1):
            text += f", dilation={self.dilation}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        return text


class MaxPool2d(Module):
    """Keep the largest pixel of every window."""

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        dilation: Pair = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        """Set the windows; without a stride they lie side by side."""
        if return_indices:
            raise ValueError("MaxPool2d: return_indices is not there yet")
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.ceil_mode = ceil_mode

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, height, width) to (B, C, out_height, out_width)."""
        return F.max_pool2d(
            x,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
        )

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
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
