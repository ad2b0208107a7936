"""The convolutions, under torch's names, with torch's arguments."""

from collections.abc import Callable, Sequence
from typing import Any

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Pair
from tutorial_kernels.kernels.windows import (
    Sizes,
    as_padding,
    per_axis,
    span,
)
from tutorial_kernels.nn.layers import draw_weights
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import empty

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class Convolution(Module):
    """What all convolutions share: sizes, weights and the printed form."""

    axes: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: Sizes | str,
        output_padding: Sizes,
        dilation: Sizes,
        groups: int,
        bias: bool,
        padding_mode: str,
        dtype: Any,
    ) -> None:
        """Make the kernels and draw their first values."""
        name = type(self).__name__
        for end, channels in (("in", in_channels), ("out", out_channels)):
            if groups < 1 or channels % groups:
                raise ValueError(
                    f"{name}: groups must divide {end}_channels {channels}, "
                    f"got {groups}"
                )
        if padding_mode not in PADDING_MODES:
            raise ValueError(
                f"{name}: padding_mode must be 'zeros', 'reflect', "
                f"'replicate' or 'circular', got {padding_mode!r}"
            )
        axes = self.axes
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = per_axis(name, "kernel_size", kernel_size, axes, 1)
        self.stride = per_axis(name, "stride", stride, axes, 1)
        self.padding: Any = as_padding(name, padding, self.stride)
        self.dilation = per_axis(name, "dilation", dilation, axes, 1)
        self.output_padding = per_axis(
            name, "output_padding", output_padding, axes, 0
        )
        self.groups = groups
        self.padding_mode = padding_mode
        ends = (in_channels, out_channels)
        first, second = ends if self.transposed else ends[::-1]
        shape = (first, second // groups, *self.kernel_size)
        self.weight = empty(shape, dtype)
        self.bias = empty(out_channels, dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values."""
        draw_weights(self.weight, self.bias)

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = (
            f"{self.in_channels}, {self.out_channels}, "
            f"kernel_size={self.kernel_size}, stride={self.stride}"
        )
        for name, default in (
            ("padding", (0,) * self.axes),
            ("dilation", (1,) * self.axes),
            ("output_padding", (0,) * self.axes),
            ("groups", 1),
        ):
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text

    def _convolve(self, function: Callable[..., Tensor], x: Tensor) -> Tensor:
        """Pad, if not with zeros, and convolve."""
        padding = self.padding
        if self.padding_mode != "zeros":
            x = F.pad(x, self._widths(), self.padding_mode)
            padding = "valid"
        return function(
            x,
            self.weight,
            self.bias,
            self.stride,
            padding,
            self.dilation,
            self.groups,
        )

    def _widths(self) -> list[int]:
        """The padding as `F.pad` takes it: the last axis first."""
        widths = []
        for axis in reversed(range(self.axes)):
            if self.padding == "valid":
                widths += [0, 0]
            elif self.padding == "same":
                total = span(self.kernel_size[axis], self.dilation[axis]) - 1
                widths += [total // 2, total - total // 2]
            else:
                widths += [self.padding[axis]] * 2
        return widths


class Conv1d(Convolution):
    """Slide small kernels along a signal."""

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        dtype: Any = None,
    ) -> None:
        """Make the kernels and draw their first values."""
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            0,
            dilation,
            groups,
            bias,
            padding_mode,
            dtype,
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, length) to (B, out_channels, out_length)."""
        return self._convolve(F.conv1d, x)


class Conv2d(Convolution):
    """Slide small kernels over an image."""

    axes = 2

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
        dtype: Any = None,
    ) -> None:
        """Make the kernels and draw their first values."""
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            0,
            dilation,
            groups,
            bias,
            padding_mode,
            dtype,
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, ...) to (B, out_channels, ...)."""
        return self._convolve(F.conv2d, x)


class TransposedConvolution(Convolution):
    """What the transposed convolutions share."""

    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
        *,
        dtype: Any = None,
    ) -> None:
        """Make the kernels and draw their first values."""
        name = type(self).__name__
        if padding_mode != "zeros":
            raise ValueError(
                f"{name}: padding_mode must be 'zeros', got {padding_mode!r}"
            )
        if isinstance(padding, str):
            raise ValueError(
                f"{name}: padding must be integers, got {padding!r}"
            )
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            output_padding,
            dilation,
            groups,
            bias,
            padding_mode,
            dtype,
        )

    def _transpose(
        self,
        function: Callable[..., Tensor],
        x: Tensor,
        output_size: Sequence[int] | None,
    ) -> Tensor:
        """Choose the output padding, and convolve."""
        output_padding = self.output_padding
        if output_size is not None:
            output_padding = self._missing(x, output_size)
        return function(
            x,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            output_padding,
            self.groups,
            self.dilation,
        )

    def _missing(
        self, x: Tensor, output_size: Sequence[int]
    ) -> tuple[int, ...]:
        """The output padding that makes the output as large as asked for."""
        name = type(self).__name__
        smallest = [
            (n - 1) * s - 2 * p + span(k, d)
            for n, s, p, k, d in zip(
                x.shape[-self.axes :],
                self.stride,
                self.padding,
                self.kernel_size,
                self.dilation,
                strict=True,
            )
        ]
        if len(output_size) not in (self.axes, x.ndim):
            raise ValueError(
                f"{name}: output_size must have {self.axes} or {x.ndim} "
                f"numbers, got {tuple(output_size)}"
            )
        wanted = output_size[-self.axes :]
        missing = tuple(w - n for w, n in zip(wanted, smallest, strict=True))
        if any(
            not 0 <= m < s for m, s in zip(missing, self.stride, strict=True)
        ):
            largest = [
                n + s - 1 for n, s in zip(smallest, self.stride, strict=True)
            ]
            raise ValueError(
                f"{name}: output_size must be from {tuple(smallest)} to "
                f"{tuple(largest)}, got {tuple(wanted)}"
            )
        return missing


class ConvTranspose1d(TransposedConvolution):
    """Lay down a small kernel for every number of a signal."""

    axes = 1

    def forward(
        self, x: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor:
        """(B, in_channels, length) to (B, out_channels, out_length)."""
        return self._transpose(F.conv_transpose1d, x, output_size)


class ConvTranspose2d(TransposedConvolution):
    """Lay down a small kernel for every pixel of an image."""

    axes = 2

    def forward(
        self, x: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor:
        """(B, in_channels, ...) to (B, out_channels, ...)."""
        return self._transpose(F.conv_transpose2d, x, output_size)
