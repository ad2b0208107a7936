"""Writes mnist1d.json: readers of signals that learned from all 4,000.

The settings are those of the race of docs/offline/train_gru.py, chosen there
by 400 signals that are kept back. The authors of the set keep none back; here
nothing is left to choose, so the weights at the end are taken. Run it in a
checkout; it also writes the weights of the CNN and the GRU, for each seed, in
the folder of weights. A run that was cut short goes on where it was. Names of
readers make their rows alone, and the others stay:

    python docs/assets/results/make_mnist1d.py
    python docs/assets/results/make_mnist1d.py gru
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch

from tutorial_kernels import training
from tutorial_kernels.durable import write_whole
from tutorial_kernels.training.config import TrainConfig

RESULTS = Path(__file__).with_name("mnist1d.json")
WEIGHTS = Path(__file__).parents[1] / "weights"
RUNS = Path("runs/mnist1d_all")
SEEDS = (0, 1, 2)
KEPT = ("cnn", "gru")  # whose weights as made are written


def run(reader: str, shuffled: bool, seed: int) -> tuple[float, float]:
    """One reader's test accuracy, and the seconds it took."""
    own = training.OWN[reader]
    config = replace(
        TrainConfig(**{**training.RACE, "device": "cpu", **own}),
        seed=seed,
        evaluate_every=10**9,
        checkpoint_every=200,
        resume=True,
    )
    task = training.signals(reader, config, shuffled, held_back=False)
    folder = RUNS / f"{task.name}_{seed}"
    reports = training.train(task, config, lambda report: None, folder)
    training.round_to_half(task.network)
    accuracy = training.evaluate(task, task.test)
    print(f"{task.name} seed {seed}: {accuracy:.3f}", flush=True)
    if reader in KEPT and not shuffled:
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


def write(new: dict[str, Any]) -> None:
    """Puts a row into the record, in the place of the same one of before."""
    rows = json.loads(RESULTS.read_text())["rows"] if RESULTS.exists() else []
    what = new["reader"], new["shuffled"]
    others = [r for r in rows if (r["reader"], r["shuffled"]) != what]
    text = json.dumps({"rows": [*others, new]}, indent=2) + "\n"
    write_whole(RESULTS, [text.encode()])


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:] or training.READERS:
        for is_shuffled in (False, True):
            found = row(name, is_shuffled)
            print(found, flush=True)
            write(found)
