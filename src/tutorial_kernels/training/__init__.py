"""Training offline with PyTorch; the one package here that needs it."""

from tutorial_kernels.training.baselines import day_ahead_errors
from tutorial_kernels.training.checkpoint import checkpoints, judged_weights
from tutorial_kernels.training.classification import classification
from tutorial_kernels.training.config import (
    TrainConfig,
    plain_errors,
    read_command_line,
)
from tutorial_kernels.training.counting import ngram_nats
from tutorial_kernels.training.examples import Splits, load_splits
from tutorial_kernels.training.export import (
    export_weights,
    prepare_folder,
    round_to_half,
)
from tutorial_kernels.training.language import play_windows, shakespeare
from tutorial_kernels.training.loop import train
from tutorial_kernels.training.ring import modes_covered, share_on_modes
from tutorial_kernels.training.signals import OWN, RACE, READERS, signals
from tutorial_kernels.training.state import Report
from tutorial_kernels.training.task import Task, evaluate
from tutorial_kernels.training.tasks import (
    TASKS,
    config_of,
    make_task,
    read_preset,
)
from tutorial_kernels.training.world import World, choose_device, open_world

__all__ = [
    "OWN",
    "RACE",
    "READERS",
    "TASKS",
    "Report",
    "Splits",
    "Task",
    "TrainConfig",
    "World",
    "checkpoints",
    "choose_device",
    "classification",
    "config_of",
    "day_ahead_errors",
    "evaluate",
    "export_weights",
    "judged_weights",
    "load_splits",
    "make_task",
    "modes_covered",
    "ngram_nats",
    "open_world",
    "plain_errors",
    "play_windows",
    "prepare_folder",
    "read_command_line",
    "read_preset",
    "round_to_half",
    "shakespeare",
    "share_on_modes",
    "signals",
    "train",
]
