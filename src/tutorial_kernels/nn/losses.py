"""The losses as modules, under torch's names."""

from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, check_reduction
from tutorial_kernels.kernels.probability_losses import (
    check_divergence_reduction,
)
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Buffer


class CrossEntropyLoss(Module):
    """How surprised the network is by the right classes."""

    def __init__(
        self,
        weight: Array | Tensor | None = None,
        *,
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
        """(B, V) and (B), or two (B, V), to one number."""
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

    def __init__(self, *, reduction: str = "mean") -> None:
        """Set the reduction."""
        check_reduction("MSELoss", reduction)
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.mse_loss(x, target, self.reduction)


class L1Loss(Module):
    """The mean absolute error."""

    def __init__(self, *, reduction: str = "mean") -> None:
        """Set the reduction."""
        check_reduction("L1Loss", reduction)
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.l1_loss(x, target, self.reduction)


class SmoothL1Loss(Module):
    """The absolute error, rounded off where it is small."""

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0) -> None:
        """Set the options of `smooth_l1_loss`."""
        check_reduction("SmoothL1Loss", reduction)
        self.reduction = reduction
        self.beta = beta

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.smooth_l1_loss(x, target, self.reduction, self.beta)


class HuberLoss(Module):
    """The squared error, straightened where it is large."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        """Set the options of `huber_loss`."""
        check_reduction("HuberLoss", reduction)
        if not isinstance(delta, int | float | np.floating):
            raise TypeError(f"HuberLoss: delta must be a number, got {delta!r}")
        self.reduction = reduction
        self.delta = delta

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.huber_loss(x, target, self.reduction, self.delta)


class GaussianNLLLoss(Module):
    """How surprising the target is for a normal distribution."""

    def __init__(
        self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
    ) -> None:
        """Set the options of `gaussian_nll_loss`."""
        check_reduction("GaussianNLLLoss", reduction)
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any, var: Any) -> Tensor:
        """Means, targets and variances to one number."""
        return F.gaussian_nll_loss(
            x, target, var, self.full, self.eps, self.reduction
        )


class NLLLoss(Module):
    """The negative logarithm of what the right class was given."""

    def __init__(
        self,
        weight: Array | Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
    ) -> None:
        """Set the options of `nll_loss`."""
        check_reduction("NLLLoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = reduction

    def forward(self, log_probs: Tensor, labels: Any) -> Tensor:
        """(B, V) and (B) to one number."""
        return F.nll_loss(
            log_probs,
            labels,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


class BCELoss(Module):
    """The cross-entropy of yes and no, from probabilities."""

    def __init__(
        self, weight: Array | Tensor | None = None, *, reduction: str = "mean"
    ) -> None:
        """Set the options of `binary_cross_entropy`."""
        check_reduction("BCELoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.binary_cross_entropy(x, target, self.weight, self.reduction)


class BCEWithLogitsLoss(Module):
    """The cross-entropy of yes and no, from scores."""

    def __init__(
        self,
        weight: Array | Tensor | None = None,
        *,
        reduction: str = "mean",
        pos_weight: Array | Tensor | None = None,
    ) -> None:
        """Set the options of `binary_cross_entropy_with_logits`."""
        check_reduction("BCEWithLogitsLoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.pos_weight = None if pos_weight is None else Buffer(pos_weight)
        self.reduction = reduction

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Two of one shape to one number."""
        return F.binary_cross_entropy_with_logits(
            x, target, self.weight, self.reduction, self.pos_weight
        )


class KLDivLoss(Module):
    """How far a distribution is from the one it should be."""

    def __init__(
        self, *, reduction: str = "mean", log_target: bool = False
    ) -> None:
        """Set the options of `kl_div`."""
        check_divergence_reduction("KLDivLoss", reduction)
        self.reduction = reduction
        self.log_target = log_target

    def forward(self, x: Tensor, target: Any) -> Tensor:
        """Logarithms and probabilities of one shape to one number."""
        return F.kl_div(x, target, self.reduction, self.log_target)
