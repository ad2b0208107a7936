"""The engine's step beside a loop written by hand, and what presets need.

Run it as ``python -m site_tests.bench.training_steps``. Both loops train the
same network on the same examples, one step of the one and one of the other,
so that a busy machine slows both alike. A pair of steps gives a ratio, of the
processor's time and of the clock's; hundreds of pairs give a median, and
drawing them anew says how far it can be trusted. The C library is told to
keep freed memory: pages that are asked of the kernel anew in every step are
most of the noise. It writes
``docs/assets/benchmark/training_steps.json`` and the table of the page on
offline training.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from tutorial_kernels.training import World, config_of, make_task
from tutorial_kernels.training.loop import Run
from tutorial_kernels.training.task import Task

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "docs/assets/benchmark/training_steps.json"
TABLE = ROOT / "docs/assets/benchmark/training_steps.md"
WARM_UP, DRAWS = 10, 2_000
# Task, preset, pairs of steps, and what an example is made of.
MEASURED = (
    ("cnn", "page", 500, "images", 1),
    ("electricity_lstm", "small", 2_000, "days", 1),
    ("transformer", "small", 150, "characters", 64),
)
NOTHING = World()
KEPT = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**32),
}


def by_engine(task: Task, config: Any) -> Callable[[], None]:
    """The engine's step: batch, backward, update and its journal."""
    run = Run(task, config, lambda report: None, None, NOTHING)
    run.bar = lambda step, loss: None

    def step() -> None:
        run.step(run.batches.parts(run.state.progress.step))
        if run.is_due(config.log_every):
            run.log()

    return step


def by_hand(task: Task, config: Any) -> Callable[[], None]:
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

    def batches() -> Iterator[tuple[int, tuple[Tensor, ...]]]:
        number = 0
        while True:
            order = torch.randperm(len(task.training[0]))
            for chosen in order.split(config.batch_size):
                number += 1
                yield number, tuple(x[chosen] for x in task.training)

    drawn = batches()

    def step() -> None:
        number, batch = next(drawn)
        optimizer.zero_grad()
        loss = task.loss(model, *batch)
        loss.backward()
        if config.clip_grad_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_grad_norm)
        optimizer.step()
        scheduler.step()
        if number % config.log_every == 0:
            losses.append(loss.item())

    return step


def timed(step: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the processor and of the clock for a step."""
    clock, processor = time.perf_counter(), time.process_time()
    step()
    return time.process_time() - processor, time.perf_counter() - clock


def measure(name: str, preset: str, pairs: int) -> dict[str, Any]:
    """Times pairs of steps, each of the two first in every other pair."""
    config = config_of(
        name, preset, device="cpu", data="excerpt", checkpoint_every=10**9
    )
    task = make_task(name, preset, config)
    other = make_task(name, preset, config)
    other.model.load_state_dict(copy.deepcopy(task.model.state_dict()))
    ways = by_engine(task, config), by_hand(other, config)
    times = np.empty((pairs, 2, 2))  # pair; ours, theirs; processor, clock
    for pair in range(-WARM_UP, pairs):
        for way in (0, 1) if pair % 2 else (1, 0):
            took = timed(ways[way])
            if pair >= 0:
                times[pair, way] = took
    ratios = times[:, 0] / times[:, 1]
    return {
        "engine_ms": 1e3 * float(np.median(times[:, 0, 0])),
        "hand_ms": 1e3 * float(np.median(times[:, 1, 0])),
        "pairs": pairs,
        "ratio": float(np.median(ratios[:, 0])),
        "interval": interval(ratios[:, 0]),
        "ratio_by_clock": float(np.median(ratios[:, 1])),
        "interval_by_clock": interval(ratios[:, 1]),
        "batch": config.batch_size,
    }


def interval(ratios: NDArray[np.float64]) -> list[float]:
    """Where the median lies in 95 of 100 draws of as many, with return.

    Source: Efron, "Bootstrap methods: another look at the jackknife", 1979.
    """
    draws = np.random.default_rng(0).choice(ratios, (DRAWS, len(ratios)))
    return np.quantile(np.median(draws, axis=1), (0.025, 0.975)).tolist()


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
        f"One thread, {entry['machine']}, {entry['date']}. A ratio is the "
        "median over the pairs; behind it, where it lies in 95 of 100 draws "
        "of as many pairs, with return. Freed memory is kept:",
        "",
        "| Task, preset | our step | by hand | pairs "
        "| ratio, the processor's time | ratio, by the clock | in a second |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in entry["steps"]:
        rate = row["batch"] * row["items"] / row["engine_ms"] * 1e3
        lines.append(
            f"| `{row['task']}`, `{row['preset']}` | {row['engine_ms']:.3g} ms "
            f"| {row['hand_ms']:.3g} ms | {row['pairs']:,} "
            f"| {between(row['ratio'], row['interval'])} "
            f"| {between(row['ratio_by_clock'], row['interval_by_clock'])} "
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


def between(ratio: float, interval: list[float]) -> str:
    """A ratio and its interval, in a cell of the table."""
    low, high = interval
    return f"{ratio:.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="record nothing")
    options = parser.parse_args()
    if not KEPT.items() <= os.environ.items():
        module = ("-m", "site_tests.bench.training_steps", *sys.argv[1:])
        os.execve(sys.executable, (sys.executable, *module), os.environ | KEPT)
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
