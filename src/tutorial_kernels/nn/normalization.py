"""The normalizations as modules, under torch's names."""

from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.normalization import Shape, as_shape
from tutorial_kernels.nn import init
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Buffer, Parameter, empty


class _Scaled(Module):
    """A normalization, then a factor `weight` and a number `bias` to add."""

    weight: Parameter | None
    bias: Parameter | None

    def _make_scales(
        self, shape: tuple[int, ...], affine: bool, bias: bool, dtype: Any
    ) -> None:
        """Make what the options ask for; without both, nothing is learned."""
        self.weight = empty(shape, dtype) if affine else None
        has_bias = affine and bias
        self.bias = empty(shape, dtype) if has_bias else None

    def reset_parameters(self) -> None:
        """Begin with a factor of 1 and nothing to add."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class _BatchNorm(_Scaled):
    """Normalize every channel over the batch.

    In training with the statistics of the batch, which also move the running
    ones; in evaluation with the running ones.
    """

    dimensions: tuple[int, ...]  # how many axes the input may have

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        """Make the scales and the running statistics.

        Args:
            num_features: The number of channels.
            eps: Added to the variance, so that nothing is divided by zero.
            momentum: How fast the running statistics move; `None` makes them
                the mean over all batches so far.
            affine: Whether there is a factor, and a number to add.
            track_running_stats: Whether to keep running statistics. Without
                them, evaluation uses those of its batch.
            bias: Whether there is a number to add.
            dtype: The type of the parameters.
        """
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self._make_scales((num_features,), affine, bias, dtype)
        self.running_mean: Buffer | None = None
        self.running_var: Buffer | None = None
        self.num_batches_tracked: Buffer | None = None
        if track_running_stats:
            self.running_mean = Buffer(empty(num_features, dtype))
            self.running_var = Buffer(empty(num_features, dtype))
            self.num_batches_tracked = Buffer(np.zeros((), np.int64))
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Begin with mean 0, variance 1 and no batches."""
        if self.running_mean is not None and self.running_var is not None:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
        if self.num_batches_tracked is not None:
            init.zeros_(self.num_batches_tracked)

    def reset_parameters(self) -> None:
        """Begin anew, with the running statistics as well."""
        self.reset_running_stats()
        super().reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        """(B, num_features, ...), unchanged."""
        if x.ndim not in self.dimensions:
            allowed = " or ".join(str(n) for n in self.dimensions)
            raise ValueError(
                f"{type(self).__name__}: x must have {allowed} dimensions, "
                f"got shape {x.shape}"
            )
        tracked = self.training and self.num_batches_tracked is not None
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            training=self.training or self.running_mean is None,
            momentum=self._count_batch() if tracked else 0.0,
            eps=self.eps,
        )

    def _count_batch(self) -> float:
        """Count one more batch; say how far it moves the statistics."""
        assert self.num_batches_tracked is not None
        self.num_batches_tracked.data += 1
        if self.momentum is None:
            return 1 / float(self.num_batches_tracked)
        return self.momentum

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Batch norm of features (B, C) or of sequences (B, C, T)."""

    dimensions = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch norm of images (B, C, height, width)."""

    dimensions = (4,)


class LayerNorm(_Scaled):
    """Normalize the last axes of every example."""

    def __init__(
        self,
        normalized_shape: Shape,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Set the sizes of the last axes, and make the scales."""
        self.normalized_shape = as_shape("LayerNorm", normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self._make_scales(
            self.normalized_shape, elementwise_affine, bias, dtype
        )
        self.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        """(..., *normalized_shape), unchanged."""
        return F.layer_norm(
            x, self.normalized_shape, self.weight, self.bias, self.eps
        )

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class GroupNorm(_Scaled):
    """Normalize groups of channels of every example."""

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        """Set the groups, and make the scales."""
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_groups must divide the {num_channels} "
                f"channels, got {num_groups}"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self._make_scales((num_channels,), affine, bias, dtype)
        self.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        """(B, num_channels, ...), unchanged."""
        return F.group_norm(
            x, self.num_groups, self.weight, self.bias, self.eps
        )

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, "
            f"affine={self.affine}, bias={self.bias is not None}"
        )


class RMSNorm(_Scaled):
    """Bring the mean square of every example to 1."""

    def __init__(
        self,
        normalized_shape: Shape,
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Set the sizes of the last axes, and make the factors."""
        self.normalized_shape = as_shape("RMSNorm", normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self._make_scales(
            self.normalized_shape, elementwise_affine, False, dtype
        )
        self.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        """(..., *normalized_shape), unchanged."""
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}"
        )
