"""The poolings, under torch's names, with torch's arguments and defaults."""

from typing import Any

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.adaptive_pooling import OutputSize
from tutorial_kernels.kernels.contract import Pair
from tutorial_kernels.kernels.windows import Sizes, per_axis
from tutorial_kernels.nn.module import Module


class MaxPooling(Module):
    """What the max poolings share."""

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        """Set the windows; without a stride they lie side by side."""
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )

    def _options(self) -> tuple[Any, ...]:
        """The options in the order of `F.max_pool2d`."""
        return (
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            self.return_indices,
        )


class MaxPool1d(MaxPooling):
    """Keep the largest number of every window."""

    def forward(self, x: Tensor) -> Any:
        """(B, C, length) to (B, C, out_length)."""
        return F.max_pool1d(x, *self._options())


class MaxPool2d(MaxPooling):
    """Keep the largest pixel of every window."""

    def forward(self, x: Tensor) -> Any:
        """(B, C, height, width) to (B, C, out_height, out_width)."""
        return F.max_pool2d(x, *self._options())


class AvgPool1d(Module):
    """Take the mean of every window."""

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        """Set the windows; without a stride they lie side by side."""
        stride = kernel_size if stride is None else stride
        self.kernel_size = per_axis(
            "AvgPool1d", "kernel_size", kernel_size, 1, 1
        )
        self.stride = per_axis("AvgPool1d", "stride", stride, 1, 1)
        self.padding = per_axis("AvgPool1d", "padding", padding, 1, 0)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, length) to (B, C, out_length)."""
        return F.avg_pool1d(
            x,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
        )

    def extra_repr(self) -> str:
        """The windows."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class AvgPool2d(Module):
    """Take the mean of every window."""

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        """Set the windows; without a stride they lie side by side."""
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, height, width) to (B, C, out_height, out_width)."""
        return F.avg_pool2d(
            x,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        """The windows."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class AdaptiveAveragePooling(Module):
    """What the adaptive average poolings share."""

    def __init__(self, output_size: OutputSize) -> None:
        """Set how many windows there are."""
        self.output_size = output_size

    def extra_repr(self) -> str:
        """How many windows."""
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(AdaptiveAveragePooling):
    """Take the mean of as many windows as asked for."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, length) to (B, C, output_size)."""
        return F.adaptive_avg_pool1d(x, self.output_size)


class AdaptiveAvgPool2d(AdaptiveAveragePooling):
    """Take the mean of as many windows as asked for."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, height, width) to (B, C, *output_size)."""
        return F.adaptive_avg_pool2d(x, self.output_size)


class AdaptiveMaxPooling(Module):
    """What the adaptive max poolings share."""

    def __init__(
        self, output_size: OutputSize, return_indices: bool = False
    ) -> None:
        """Set how many windows there are."""
        self.output_size = output_size
        self.return_indices = return_indices

    def extra_repr(self) -> str:
        """How many windows."""
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(AdaptiveMaxPooling):
    """Keep the largest number of as many windows as asked for."""

    def forward(self, x: Tensor) -> Any:
        """(B, C, length) to (B, C, output_size)."""
        return F.adaptive_max_pool1d(x, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(AdaptiveMaxPooling):
    """Keep the largest pixel of as many windows as asked for."""

    def forward(self, x: Tensor) -> Any:
        """(B, C, height, width) to (B, C, *output_size)."""
        return F.adaptive_max_pool2d(x, self.output_size, self.return_indices)
