"""Writes presets.json: what a step of every task in every size takes.

Parameters, arithmetic and memory are counted; the time of a step is that of
the processor, on one core, so that others on the machine matter little. The
networks are those of the presets, the examples those that come with the
course. Run it in a checkout; it takes some minutes:

    python docs/assets/results/make_presets.py
"""

import json
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import torch

from tutorial_kernels.durable import write_whole
from tutorial_kernels.training import TASKS, World, config_of, make_task
from tutorial_kernels.training.config import EXCERPT
from tutorial_kernels.training.cost import cost_of_step
from tutorial_kernels.training.loop import Run
from tutorial_kernels.training.presets import PRESETS

RECORD = Path(__file__).with_name("presets.json")
ENOUGH = 1.0  # seconds of steps, at least two of them


def counted(name: str, preset: str) -> dict[str, Any]:
    """What a first step takes, by counting."""
    config = config_of(name, preset, data=EXCERPT, device="cpu")
    task = make_task(name, preset, config)
    cost = cost_of_step(task, config)
    is_text = task.training[0].dtype == torch.int64
    return {
        "task": name,
        "preset": preset,
        "network": type(task.network).__name__,
        "batch": config.batch_size,
        "characters": task.training[0].shape[1] if is_text else None,
        **cost._asdict(),
    }


def measured(name: str, preset: str) -> float:
    """Milliseconds of the processor for a step of a full batch."""
    config = config_of(
        name, preset, data=EXCERPT, device="cpu", checkpoint_every=10**9
    )
    task = make_task(name, preset, config)
    run = Run(task, config, lambda report: None, None, World())
    run.bar = lambda step, loss: None
    found: list[float] = []
    while len(found) < 3 or sum(found) < ENOUGH:
        start = process_time()
        parts = list(run.batches.parts(run.state.progress.step))
        run.step(parts)
        spent = process_time() - start
        if sum(len(part.batch[0]) for part in parts) == config.batch_size:
            found.append(spent)
        if len(found) > 1 and sum(found) > 30:
            break
    return round(1000 * median(found[1:]), 3)  # the first one warms up


if __name__ == "__main__":
    torch.set_num_threads(1)
    rows = []
    for name in TASKS:
        for preset in PRESETS[name]:
            row = counted(name, preset) | {"step_ms": measured(name, preset)}
            print(row, flush=True)
            rows.append(row)
    text = json.dumps({"threads": 1, "rows": rows}, indent=1) + "\n"
    write_whole(RECORD, [text.encode()])
