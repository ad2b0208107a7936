"""All that a training run changes, and so all that a checkpoint keeps."""

from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import lr_scheduler, swa_utils

from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Task

type Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Report:
    """What the steps since the last evaluation came to."""

    step: int
    epoch: int  # counted from 1
    loss: float  # the mean over their examples, while the weights changed
    metric: str
    value: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"epoch {self.epoch:3}   loss {self.loss:.4f}   "
            f"validation {self.metric} {self.value:.4f}   "
            f"{self.seconds:.1f} s"
        )

    def as_record(self) -> dict[str, Any]:
        """What a record keeps of it."""
        return {
            "step": self.step,
            "epoch": self.epoch,
            "loss": self.loss,
            f"validation_{self.metric.replace(' ', '_')}": self.value,
            "seconds": self.seconds,
        }


@dataclass
class Progress:
    """How far a run has come; plain numbers, as JSON can hold them."""

    step: int = 0
    loss_sum: float = 0.0  # over the examples since the last report
    examples: int = 0
    seconds: float = 0.0
    best: float | None = None
    best_step: int = 0
    evaluations_since_best: int = 0
    stopped_early: bool = False
    reports: list[Report] = field(default_factory=list)

    def as_record(self) -> dict[str, Any]:
        """Turns it into what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Progress":
        """Turns it back."""
        reports = [Report(**report) for report in record["reports"]]
        return cls(**{**record, "reports": reports})


class TrainingState:
    """The network in training, its optimizer, averages and best weights.

    The random numbers of a step come from the seed and the step's number
    alone, so that ``progress.step`` is their whole state.
    """

    def __init__(self, task: Task, config: TrainConfig, steps: int) -> None:
        """Makes the state before the first of ``steps`` steps."""
        self.model = task.model
        self.optimizer = _optimizer(self.model, config)
        self.scheduler = _scheduler(self.optimizer, config, steps)
        self.average = None
        if config.ema:
            self.average = swa_utils.AveragedModel(
                self.model,
                multi_avg_fn=swa_utils.get_ema_multi_avg_fn(config.ema),
            )
        self.best_weights: Weights = {}
        self.progress = Progress()

    @property
    def judged(self) -> nn.Module:
        """The network that is evaluated: the averaged one, if there is."""
        return self.model if self.average is None else self.average.module

    def keep_as_best(self, value: float) -> None:
        """Copies the judged weights, with the value that they reached."""
        state: Weights = self.judged.state_dict()
        self.best_weights = {name: state[name].clone() for name in state}
        self.progress.best = value
        self.progress.best_step = self.progress.step
        self.progress.evaluations_since_best = 0

    def tensors(self) -> dict[str, Any]:
        """All but the weights in training and the progress."""
        average = self.average
        return {
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "average": None if average is None else average.state_dict(),
            "best_weights": self.best_weights,
        }

    def restore(
        self, weights: Weights, tensors: dict[str, Any], progress: Progress
    ) -> None:
        """Goes back to what a checkpoint holds, to the same bits."""
        device = next(self.model.parameters()).device
        self.model.load_state_dict(weights)
        self.optimizer.load_state_dict(tensors["optimizer"])
        self.scheduler.load_state_dict(tensors["scheduler"])
        if self.average is not None:
            self.average.load_state_dict(tensors["average"])
        self.best_weights = {
            name: weight.to(device)
            for name, weight in tensors["best_weights"].items()
        }
        self.progress = progress


def _optimizer(model: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    rate, decay = config.learning_rate, config.weight_decay
    weights, betas = model.parameters(), (config.beta1, config.beta2)
    if config.optimizer == "adam":
        return torch.optim.Adam(weights, rate, betas, weight_decay=decay)
    if config.optimizer == "adamw":
        return torch.optim.AdamW(weights, rate, betas, weight_decay=decay)
    return torch.optim.SGD(weights, rate, config.beta1, weight_decay=decay)


def _scheduler(
    optimizer: torch.optim.Optimizer, config: TrainConfig, steps: int
) -> lr_scheduler.LRScheduler:
    """Rises for ``warmup`` steps, then falls to zero or stays."""
    falling = max(steps - config.warmup, 1)

    def after_warmup() -> lr_scheduler.LRScheduler:
        if config.schedule == "cosine":
            return lr_scheduler.CosineAnnealingLR(optimizer, T_max=falling)
        end = 0.0 if config.schedule == "linear" else 1.0
        return lr_scheduler.LinearLR(optimizer, 1.0, end, falling)

    if not config.warmup:
        return after_warmup()
    rise = lr_scheduler.LinearLR(
        optimizer, 1 / (config.warmup + 1), 1.0, config.warmup
    )
    return lr_scheduler.SequentialLR(
        optimizer, [rise, after_warmup()], milestones=[config.warmup]
    )
