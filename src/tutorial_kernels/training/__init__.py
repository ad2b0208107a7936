"""Training offline with PyTorch; the one package here that needs it."""

from tutorial_kernels.training.config import (
    TrainConfig,
    plain_errors,
    read_command_line,
)
from tutorial_kernels.training.examples import Splits, load_splits
from tutorial_kernels.training.export import export_weights, prepare_folder
from tutorial_kernels.training.loop import (
    EpochReport,
    choose_device,
    evaluate,
    train,
)

__all__ = [
    "EpochReport",
    "Splits",
    "TrainConfig",
    "choose_device",
    "evaluate",
    "export_weights",
    "load_splits",
    "plain_errors",
    "prepare_folder",
    "read_command_line",
    "train",
]
