"""Learning rates that change while a network learns, under torch's names."""

from tutorial_kernels.optim.lr_scheduler.base import LRScheduler
from tutorial_kernels.optim.lr_scheduler.one_cycle import OneCycleLR
from tutorial_kernels.optim.lr_scheduler.plateau import ReduceLROnPlateau
from tutorial_kernels.optim.lr_scheduler.schedules import (
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    StepLR,
)
from tutorial_kernels.optim.lr_scheduler.sequential import SequentialLR

__all__ = [
    "CosineAnnealingLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
