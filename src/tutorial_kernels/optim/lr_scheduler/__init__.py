"""Learning rates that change while a network learns, under torch's names."""

from tutorial_kernels.optim.lr_scheduler.base import LRScheduler
from tutorial_kernels.optim.lr_scheduler.one_cycle import OneCycleLR
from tutorial_kernels.optim.lr_scheduler.plateau import ReduceLROnPlateau
from tutorial_kernels.optim.lr_scheduler.schedules import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from tutorial_kernels.optim.lr_scheduler.sequential import SequentialLR
from tutorial_kernels.optim.lr_scheduler.warm_restarts import (
    CosineAnnealingWarmRestarts,
)

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
