"""The training loop, in the open: PyTorch, on one device or on many."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    closing,
    contextmanager,
    nullcontext,
)
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from tutorial_kernels.training.batches import Batches, Part
from tutorial_kernels.training.checkpoint import (
    clear_leftovers,
    latest,
    load_checkpoint,
    read_state,
    save_checkpoint,
)
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.journal import Journal, progress_bar
from tutorial_kernels.training.origin import origin_of, refuse_another
from tutorial_kernels.training.sharding import gradients_at_home, whole
from tutorial_kernels.training.state import Report, TrainingState
from tutorial_kernels.training.task import Task, evaluate, on_device, seed_of
from tutorial_kernels.training.world import World, open_world

_BLOCK = 100  # steps that are given their seeds at once


def train(
    task: Task,
    config: TrainConfig,
    report: Callable[[Report], None] = print,
    folder: Path | None = None,
    world: World | None = None,
) -> list[Report]:
    """Trains a task's network and leaves it with its best weights.

    A step's batch depends on the seed and the step alone. At every
    evaluation the metric is measured on the validation set; in the end the
    network has the weights that were best there. On CUDA the forward runs
    in bfloat16 (autocast).

    Args:
        task: What is trained; its model is changed in place and moved to
            the device.
        config: How it is trained.
        report: Called on rank 0 with the report of every evaluation.
        folder: Where checkpoints and metrics go; None writes none.
        world: The ranks that train together; those that torchrun started
            if None.

    Returns:
        The reports of all evaluations.

    Raises:
        OSError: The folder cannot be written, holds a run already, or
            another rank is gone.
        ValueError: The device cannot be used, or the folder holds a run
            with other settings.
        FloatingPointError: The loss or the metric is no longer finite.
    """
    if world is None:
        with open_world(config.device, config.timeout) as world:
            return train(task, config, report, folder, world)
    devices = [world.device] if world.device.type == "cuda" else []
    with torch.random.fork_rng(devices), repeatable(config.deterministic):
        run = Run(task, config, report, folder, world)
        with closing(run.journal):
            run.go_on()
        task.model.load_state_dict(whole(run.state.best_weights))
    return run.state.progress.reports


class Run:
    """A training run on its way: what the loop and its pauses share."""

    def __init__(
        self,
        task: Task,
        config: TrainConfig,
        report: Callable[[Report], None],
        folder: Path | None,
        world: World,
    ) -> None:
        """Makes all that a run needs, and goes back to its checkpoint."""
        self.task, self.config, self.world = task, config, world
        self.report, self.folder = report, folder
        dtype = torch.float64 if config.dtype == "float64" else torch.float32
        task.model.to(world.device, dtype)
        self.origin = origin_of(task, config)
        self.batches = Batches(task, config, world)
        self.total = config.steps or config.epochs * self.per_epoch
        self.state = TrainingState(task, config, self.total, world)
        if folder is not None:
            self._resume(folder)
        self.objective = objective_of(self.state.model, task, config, world)
        self.weight = next(self.state.model.parameters())  # one for all
        self.arithmetic = autocast(config, world.device)
        self.pending: list[Tensor] = []  # losses: a GPU need not wait
        self.started = time.perf_counter() - self.state.progress.seconds
        first = folder if world.is_first else None
        step = self.state.progress.step
        self.journal = Journal(first, step, config.tensorboard)

    @property
    def per_epoch(self) -> int:
        """The steps of an epoch."""
        return self.batches.steps_per_epoch

    def go_on(self) -> None:
        """The loop: one step after the other, until the last."""
        progress = self.state.progress
        with progress_bar(self.total, self.world.is_first) as self.bar:
            while progress.step < self.total and not progress.stopped_early:
                self.step(self.batches.parts(progress.step))
                if self.is_due(self.config.log_every):
                    self.log()
                if self.is_due(self.config.evaluate_every or self.per_epoch):
                    self.judge()
                if self.is_due(self.checkpoint_every):
                    self.save()

    def step(self, parts: list[Part]) -> None:
        """One step: forward, backward, update."""
        state, config = self.state, self.config
        step = state.progress.step
        block, place = divmod(step, _BLOCK)
        seeds = seeds_of_block(config.seed, block, self.world.rank)
        seed_step(seeds[place], self.world.device)
        state.optimizer.zero_grad()
        self.pending.append(self.backward(parts))
        if config.clip_grad_norm is not None:
            nn.utils.clip_grad_norm_(
                state.model.parameters(), config.clip_grad_norm
            )
        state.optimizer.step()
        state.scheduler.step()
        if state.average is not None:
            state.average.update_parameters(state.model)
        state.progress.step += 1

    def backward(self, parts: list[Part]) -> Tensor:
        """Leaves the gradient of the batch; returns this rank's loss of it.

        DDP averages the gradients over the ranks as the last part goes
        backward; the parts before it add up at home. Each part counts by
        its share of the examples, so the sum is the whole batch's mean.
        """
        counted: list[Tensor] = []
        for number, (batch, share) in enumerate(parts, 1):
            at_home = number < len(parts) and self.world.size > 1
            with self.objective.no_sync() if at_home else nullcontext():
                with self.arithmetic:
                    loss = self.objective(*on_device(batch, self.weight))
                counting(loss, share * self.world.size).backward()
            counted.append(counting(loss.detach(), share))
        return sum(counted[1:], counted[0])

    def is_due(self, every: int) -> bool:
        """Whether it is time for what happens every so many steps."""
        progress = self.state.progress
        last = progress.step == self.total or progress.stopped_early
        return last or progress.step % every == 0

    @property
    def checkpoint_every(self) -> int:
        """How many steps lie between two checkpoints."""
        config = self.config
        every = config.checkpoint_every or config.evaluate_every
        return every or self.per_epoch

    def log(self) -> None:
        """Adds up the ranks' losses, and writes a line for each step."""
        if not self.pending:
            return
        progress = self.state.progress
        losses = self.world.sum(torch.stack(self.pending)).tolist()
        self.pending.clear()
        lines = []
        for step, loss in enumerate(losses, progress.step - len(losses) + 1):
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"the loss of step {step} is {loss}: try a learning_rate "
                    f"below {self.config.learning_rate:g}"
                )
            count = self.batches.size(step - 1)
            progress.loss_sum += loss * count
            progress.examples += count
            lines.append({"step": step, "loss": loss})
        self.journal.write(*lines)
        self.bar(progress.step, losses[-1])

    def judge(self) -> None:
        """Evaluates, reports, keeps the best weights, and may stop."""
        self.log()
        state, progress = self.state, self.state.progress
        value = evaluate(
            self.task, self.task.validation, self.world, state.judged
        )
        if not math.isfinite(value):
            raise FloatingPointError(
                f"the {self.task.metric} after step {progress.step} is "
                f"{value}: try a learning_rate below "
                f"{self.config.learning_rate:g}"
            )
        progress.evaluations_since_best += 1
        if self.task.is_better(value, progress.best):
            state.keep_as_best(value)
        elif progress.evaluations_since_best == self.config.patience:
            progress.stopped_early = True
        self._report(value)

    def _report(self, value: float) -> None:
        progress = self.state.progress
        now = time.perf_counter() - self.started
        report = Report(
            progress.step,
            math.ceil(progress.step / self.per_epoch),
            progress.loss_sum / progress.examples,
            self.task.metric,
            value,
            round(now - progress.seconds, 2),
        )
        progress.loss_sum, progress.examples = 0.0, 0
        progress.seconds = now
        progress.reports.append(report)
        if self.world.is_first:
            self.journal.write(report.as_record())
            self.report(report)

    def save(self) -> None:
        """Writes a checkpoint on rank 0."""
        self.log()
        if self.folder is None:
            return
        kept = self.state.snapshot()
        if self.world.is_first:
            save_checkpoint(self.folder, kept, self.origin, self.config.keep)

    def _resume(self, folder: Path) -> None:
        """Goes back to the last checkpoint, which rank 0 chooses."""
        if self.world.is_first:
            folder.mkdir(parents=True, exist_ok=True)
            clear_leftovers(folder)
        path = latest(folder) if self.world.is_first else None
        step = self.world.agreed(int(path.name[5:]) if path else 0)
        if not step:
            return
        path = folder / f"step_{step:06}"
        restarted = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) > 0
        if not self.config.resume and not restarted:
            raise FileExistsError(
                f"{folder} holds a run at step {step}: add --resume to go on "
                "with it, or name another folder with --out"
            )
        refuse_another(folder, read_state(path)["origin"], self.origin)
        load_checkpoint(path, self.state)


class Objective(nn.Module):
    """A network and its loss as one module: what DDP and Inductor wrap."""

    def __init__(self, model: nn.Module, loss: Callable[..., Tensor]) -> None:
        """Takes a network and the loss of a task."""
        super().__init__()
        self.model, self.loss = model, loss

    def forward(self, *batch: Tensor) -> Tensor:
        """The mean loss of a batch."""
        return self.loss(self.model, *batch)

    def no_sync(self) -> AbstractContextManager[None]:
        """Keeps the gradients of a network that is cut up at home."""
        return gradients_at_home(self.model)


def objective_of(
    model: nn.Module, task: Task, config: TrainConfig, world: World
) -> Any:
    """Wraps a task's objective for the ranks, and compiles it if asked."""
    if world.size == 1 and not config.compile:
        return partial(task.loss, model)  # a module's call takes its time
    objective: nn.Module = Objective(model, task.loss)
    if world.size > 1 and not config.shard:
        on_cuda = world.device.type == "cuda"
        objective = DistributedDataParallel(
            objective, device_ids=[world.device] if on_cuda else None
        )
    return torch.compile(objective) if config.compile else objective


def autocast(
    config: TrainConfig, device: torch.device
) -> AbstractContextManager[object]:
    """The forward's arithmetic: bfloat16 if asked, or on CUDA by itself."""
    automatic = config.dtype == "auto" and device.type == "cuda"
    if automatic or config.dtype == "bfloat16":
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()


def counting(loss: Tensor, share: float) -> Tensor:
    """A part's loss as it counts; as it is, and so for nothing, if in full."""
    return loss if share == 1 else loss * share


@lru_cache(maxsize=1)
def seeds_of_block(seed: int, block: int, rank: int) -> list[int]:
    """The seeds of the next steps: a hundred at once cost little more.

    A hash alone takes 3 microseconds, and ten times that between the parts
    of a step, which leave nothing of it in the processor's cache.
    """
    first = block * _BLOCK
    return [seed_of(seed, first + place, rank) for place in range(_BLOCK)]


def seed_step(seed: int, device: torch.device) -> None:
    """Seeds the generators that a step draws from.

    ``torch.manual_seed`` seeds every kind of device. Where CUDA has not been
    begun it queues that, with a traceback, and so grows from step to step.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)


@contextmanager
def repeatable(wanted: bool) -> Iterator[None]:
    """Allows only deterministic algorithms for a while, if wanted."""
    if not wanted:
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
