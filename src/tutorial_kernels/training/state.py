"""All that a training run changes, and so all that a checkpoint keeps."""

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.optim import lr_scheduler, swa_utils

from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.sharding import cut_as, sharded, whole
from tutorial_kernels.training.task import Task
from tutorial_kernels.training.world import World

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


class Snapshot(NamedTuple):
    """What a checkpoint holds: nothing of it is cut up over the ranks."""

    weights: Weights
    tensors: dict[str, Any]
    progress: Progress


class TrainingState:
    """The network in training, its optimizer, averages and best weights.

    The random numbers of a step come from the seed and the step's number
    alone, so that ``progress.step`` is their whole state.
    """

    def __init__(
        self,
        task: Task,
        config: TrainConfig,
        steps: int,
        world: World | None = None,
    ) -> None:
        """Makes the state before the first of ``steps`` steps."""
        self.model = task.model
        self.average = None
        if config.ema:
            self.average = swa_utils.AveragedModel(
                self.model,
                multi_avg_fn=swa_utils.get_ema_multi_avg_fn(config.ema),
            )
        if config.shard and world is not None and world.size > 1:
            if task.exported is not None:
                raise ValueError(
                    f"shard is True, but {task.name} has two networks in one, "
                    "expected a task with one"
                )
            self.model = sharded(self.model, world)
            if self.average is not None:
                self.average.module = sharded(self.average.module, world)
        self.optimizer = _optimizer(self.model, config)
        self.scheduler = _scheduler(self.optimizer, config, steps)
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

    def snapshot(self) -> Snapshot:
        """All there is to keep; the ranks put it together, if it is cut up."""
        average = self.average
        tensors = {
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "average": None if average is None else average.state_dict(),
            "best_weights": self.best_weights,
        }
        weights = dict(self.model.state_dict())
        return Snapshot(whole(weights), whole(tensors), self.progress)

    def restore(self, kept: Snapshot) -> None:
        """Goes back to what a checkpoint holds, to the same bits."""
        device = next(self.model.parameters()).device
        self.model.load_state_dict(_cut(kept.weights, self.model))
        optimizer = kept.tensors["optimizer"]
        for number, weight in enumerate(self.model.parameters()):
            moments = optimizer["state"].get(number, {})
            for name, moment in moments.items():
                moments[name] = cut_as(moment, weight)
        self.optimizer.load_state_dict(optimizer)
        self.scheduler.load_state_dict(kept.tensors["scheduler"])
        if self.average is not None:
            average = kept.tensors["average"]
            self.average.load_state_dict(_cut(average, self.average))
        best = _cut(kept.tensors["best_weights"], self.model)
        self.best_weights = {name: w.to(device) for name, w in best.items()}
        self.progress = kept.progress


def _cut(weights: Weights, model: nn.Module) -> Weights:
    """Whole weights, cut up as a network's are."""
    like = model.state_dict()
    return {
        name: cut_as(weight, like.get(name, weight))
        for name, weight in weights.items()
    }


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
