"""Writes mnist1d.json: readers of signals that learned from all 4,000.

The settings are those of the race of docs/offline/train_gru.py, chosen there
by 400 signals that are kept back. The authors of the set keep none back; here
nothing is left to choose, so the weights at the end are taken. Run it in a
checkout; it also writes the CNN's weights, for each seed, in the folder of
weights:

    python docs/assets/results/make_mnist1d.py
"""

import json
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch

from tutorial_kernels import training
from tutorial_kernels.training.config import TrainConfig

RESULTS = Path(__file__).with_name("mnist1d.json")
WEIGHTS = Path(__file__).parents[1] / "weights"
SEEDS = (0, 1, 2)
# With the whole race's GRU it takes an hour; these take minutes.
RACED = (
    ("cnn", False),
    ("cnn", True),
    ("mlp", True),
    ("mlp", False),
    ("linear", False),
    ("linear", True),
)


def run(reader: str, shuffled: bool, seed: int) -> tuple[float, float]:
    """One reader's test accuracy, and the seconds it took."""
    own = training.OWN[reader]
    config = replace(
        TrainConfig(**{**training.RACE, "device": "cpu", **own}),
        seed=seed,
        evaluate_every=10**9,
    )
    task = training.signals(reader, config, shuffled, held_back=False)
    reports = training.train(task, config, lambda report: None)
    training.round_to_half(task.network)
    accuracy = training.evaluate(task, task.test)
    if reader == "cnn" and not shuffled:
        training.export_weights(
            task.network, WEIGHTS, f"{task.name}_{seed}", config, reports,
            half=True, arguments=dict(task.arguments), shuffled=shuffled,
            training_examples=len(task.training[0]), test_accuracy=accuracy,
        )  # fmt: skip
    return accuracy, sum(report.seconds for report in reports)


def row(reader: str, shuffled: bool) -> dict[str, Any]:
    """One reader, every seed."""
    found, took = zip(
        *(run(reader, shuffled, seed) for seed in SEEDS), strict=True
    )
    return {
        "reader": reader,
        "shuffled": shuffled,
        "seeds": list(SEEDS),
        "test_accuracies": list(found),
        "mean": round(mean(found), 4),
        "standard_deviation": round(stdev(found), 4),
        "seconds": round(mean(took), 1),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    rows = []
    for reader, shuffled in RACED:
        rows.append(row(reader, shuffled))
        print(rows[-1], flush=True)
        RESULTS.write_text(json.dumps({"rows": rows}, indent=2) + "\n")
