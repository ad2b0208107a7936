"""The losses as modules, under torch's names."""

from typing import Any

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, check_reduction
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Buffer


class CrossEntropyLoss(Module):
    """How surprised the network is by the right classes."""

    def __init__(
        self,
        weight: Array | Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        """Set the options of `cross_entropy`."""
        check_reduction("CrossEntropyLoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, labels: Any) -> Tensor:
        """(B, V) and (B) to one number."""
        return F.cross_entropy(
            logits,
            labels,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class MSELoss(Module):
    """The mean squared error."""

    def __init__(self, reduction: str = "mean") -> None:
        """Set the reduction."""
        check_reduction("MSELoss", reduction)
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.mse_loss(x, target, self.reduction)
