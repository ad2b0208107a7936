"""The engine's step beside a loop written by hand, and what presets need.

Run it as ``python -m site_tests.bench.training_steps``. Both loops train the
same network on the same examples, in turns within one run; the time is that
of the processor, so that a busy machine does not count. It writes
``docs/assets/benchmark/training_steps.json`` and the table of the page on
offline training.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from tutorial_kernels.training import World, config_of, make_task
from tutorial_kernels.training.loop import Run
from tutorial_kernels.training.task import Task

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "docs/assets/benchmark/training_steps.json"
TABLE = ROOT / "docs/assets/benchmark/training_steps.md"
ROUNDS = 15
# Task, preset, steps in a turn, and what an example is made of.
MEASURED = (
    ("cnn", "page", 8, "images", 1),
    ("electricity_lstm", "small", 20, "days", 1),
    ("transformer", "small", 2, "characters", 64),
)
NOTHING = World()


def by_engine(task: Task, config: Any) -> Callable[[int], None]:
    """The engine's steps: batches, backward, update and its journal."""
    run = Run(task, config, lambda report: None, None, NOTHING)

    class Bar:
        def __call__(self, step: int, loss: float) -> None:
            pass

    run.bar = Bar()

    def steps(count: int) -> None:
        for _ in range(count):
            run.step(run.batches.parts(run.state.progress.step))
            if run.is_due(config.log_every):
                run.log()

    return steps


def by_hand(task: Task, config: Any) -> Callable[[int], None]:
    """What one writes oneself: the same network, examples and optimizer."""
    model = task.model
    kind = (
        torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    )
    optimizer = kind(
        model.parameters(), config.learning_rate, (config.beta1, config.beta2),
        weight_decay=config.weight_decay,
    )  # fmt: skip
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10_000)
    losses: list[float] = []

    def indices() -> Iterator[Tensor]:
        while True:
            order = torch.randperm(len(task.training[0]))
            yield from order.split(config.batch_size)

    drawn = indices()

    def steps(count: int) -> None:
        for step in range(count):
            chosen = next(drawn)
            batch = tuple(x[chosen] for x in task.training)
            optimizer.zero_grad()
            loss = task.loss(model, *batch)
            loss.backward()
            if config.clip_grad_norm is not None:
                nn.utils.clip_grad_norm_(
                    model.parameters(), config.clip_grad_norm
                )
            optimizer.step()
            scheduler.step()
            if step % config.log_every == 0:
                losses.append(loss.item())

    return steps


def measure(name: str, preset: str, count: int) -> dict[str, float]:
    """Seconds of the processor for a step of each, and their ratio."""
    config = config_of(
        name, preset, device="cpu", data="excerpt", checkpoint_every=10**9
    )
    task = make_task(name, preset, config)
    other = make_task(name, preset, config)
    other.model.load_state_dict(copy.deepcopy(task.model.state_dict()))
    ways = {"engine": by_engine(task, config), "hand": by_hand(other, config)}
    times: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(ROUNDS + 1):
        for way in list(ways)[:: 1 if number % 2 else -1]:
            start = time.process_time()
            ways[way](count)
            if number:  # the first turn warms up
                times[way].append((time.process_time() - start) / count)
    pairs = zip(times["engine"], times["hand"], strict=True)
    return {
        "engine_ms": 1e3 * statistics.median(times["engine"]),
        "hand_ms": 1e3 * statistics.median(times["hand"]),
        "ratio": statistics.median(ours / theirs for ours, theirs in pairs),
        "batch": config.batch_size,
    }


def needs(name: str, preset: str) -> dict[str, float]:
    """What a step of a preset computes and keeps, without computing it.

    The network and its batch are of torch's device "meta", shapes without
    numbers. Weights count four times in float32, for the gradient and Adam's
    two averages too, and once more for an average of the weights.
    """
    config = config_of(name, preset, device="cpu", data="excerpt")
    task = make_task(name, preset, config)
    model = task.model.to("meta")
    batch = tuple(
        torch.empty(
            (config.batch_size, *x.shape[1:]), dtype=x.dtype, device="meta"
        )
        for x in task.training
    )
    weights = sum(weight.numel() for weight in model.parameters())
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        if not isinstance(tensor, nn.Parameter):
            size = tensor.numel() * tensor.element_size()
            kept[tensor.untyped_storage()._cdata] = size
            held.append(tensor)
        return tensor

    held: list[Tensor] = []
    counter = FlopCounterMode(display=False)
    with counter, saved_tensors_hooks(keep, lambda tensor: tensor):
        task.loss(model, *batch).backward()
    copies = 4 + bool(config.ema)
    steps = config.steps or 0
    return {
        "parameters": weights,
        "steps": steps,
        "batch": config.batch_size,
        "flops_per_step": counter.get_total_flops(),
        "flops": steps * counter.get_total_flops(),
        "weights_bytes": 4 * copies * weights,
        "activations_bytes": sum(kept.values()),
    }


def table(entry: dict[str, Any]) -> str:
    """The two tables of the page."""
    lines = [
        f"One thread, {entry['machine']}, {entry['date']}, seconds of the "
        "processor:",
        "",
        "| Task, preset | our step | by hand | ratio | in a second |",
        "|---|---|---|---|---|",
    ]
    for row in entry["steps"]:
        rate = row["batch"] * row["items"] / row["engine_ms"] * 1e3
        lines.append(
            f"| `{row['task']}`, `{row['preset']}` | {row['engine_ms']:.3g} ms "
            f"| {row['hand_ms']:.3g} ms | {row['ratio']:.3f} "
            f"| {rate:,.0f} {row['unit']} |"
        )
    need = entry["full_transformer"]
    lines += [
        "",
        f"The `full` Transformer, {need['parameters'] / 1e6:.1f} million "
        f"parameters, computes {need['flops_per_step'] / 1e12:.2f} · 10¹² "
        f"operations in a step of {need['batch']} windows, "
        f"{need['flops'] / 1e15:.1f} · 10¹⁵ in its {need['steps']:,} steps. "
        f"It keeps {need['weights_bytes'] / 1e6:.0f} MB of weights, gradients "
        f"and averages, and at most {need['activations_bytes'] / 1e9:.1f} GB "
        "of activations in float32. Both are counted from shapes, not "
        "measured: no GPU was at hand.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="record nothing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    steps = [
        {"task": name, "preset": preset, "unit": unit, "items": items}
        | measure(name, preset, count)
        for name, preset, count, unit, items in MEASURED
    ]
    entry: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}",
        "torch": torch.__version__,
        "steps": steps,
        "full_transformer": needs("transformer", "full"),
    }
    print(table(entry))
    if not options.dry_run:
        RECORD.write_text(json.dumps(entry, indent=1) + "\n")
        TABLE.write_text(table(entry), encoding="utf-8")


if __name__ == "__main__":
    main()
