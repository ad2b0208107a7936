"""Writes activations.json: six activations on Fashion-MNIST, and their outputs.

The network, the settings and the seed are those of the UvA Deep Learning
Tutorial 3, whose test accuracies stand beside ours. It keeps 10,000 training
images, drawn at random, for validation; here they are the last 5,000. Run it
in a checkout, where the full set is (docs/offline/index.md says how to get
it):

    python docs/assets/results/make_activations.py
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from itertools import batched, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tutorial_kernels import training
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import seeded

RESULTS = Path(__file__).with_name("activations.json")
HIDDEN = (512, 256, 256, 128)
DEEP = (256,) * 5 + (128,) * 5
CONFIG = TrainConfig(
    epochs=50,
    patience=7,
    batch_size=256,
    optimizer="sgd",
    learning_rate=1e-2,
    beta1=0.9,  # the momentum
    schedule="constant",
    seed=42,
    device="cpu",
)
# The test accuracies of the tutorial; its leaky ReLU keeps a tenth.
SIX: dict[str, tuple[Callable[[], nn.Module], float]] = {
    "sigmoid": (nn.Sigmoid, 0.1000),
    "tanh": (nn.Tanh, 0.8759),
    "relu": (nn.ReLU, 0.8862),
    "leaky_relu": (partial(nn.LeakyReLU, 0.1), 0.8892),
    "elu": (nn.ELU, 0.8727),
    "silu": (nn.SiLU, 0.8873),
}
SEEDS = range(42, 52)
BINS = 40


def network(
    activation: Callable[[], nn.Module],
    hidden: Sequence[int] = HIDDEN,
    seed: int = CONFIG.seed,
) -> nn.Sequential:
    """Linear layers with an activation between each two, as torch starts."""
    layers: list[nn.Module] = [nn.Flatten()]
    with seeded(seed):
        for before, after in pairwise((784, *hidden, 10)):
            layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


@torch.inference_mode()
def outputs(model: nn.Sequential, images: Tensor) -> list[Tensor]:
    """What leaves each hidden layer, (images, units)."""
    left, h = [], images
    for layer in list(model)[:-1]:
        h = layer(h)
        left.append(h)
    return left[2::2]


def dead(model: nn.Sequential, images: Tensor) -> list[float]:
    """The share of each hidden layer's units that are 0 on all images."""
    parts = [
        [(h != 0).any(dim=0) for h in outputs(model, part)]
        for part in torch.split(images, 1_000)
    ]
    lives = [
        torch.stack(layer).any(dim=0) for layer in zip(*parts, strict=True)
    ]
    return [round(1 - float(units.double().mean()), 4) for units in lives]


def described(h: np.ndarray) -> dict[str, Any]:
    """A layer's outputs: what is 0, how a unit spreads, a histogram."""
    ends = np.quantile(h, (0.001, 0.999))
    count, _ = np.histogram(h[h != 0], BINS, tuple(ends))
    return {
        "units": h.shape[1],
        "zeros": round(float((h == 0).mean()), 4),
        "spread": float(f"{h.std(axis=0).mean():.3g}"),
        "ends": [float(f"{end:.4g}") for end in ends],
        "shares": (count / h.size).round(5).tolist(),
    }


def row(name: str, parts: Sequence[Any]) -> dict[str, Any]:
    """One activation: trained, tested, and looked into."""
    activation, published = SIX[name]
    model = network(activation)
    task = training.classification(name, model, *parts)
    before = dead(model, task.training[0])
    reports = training.train(task, CONFIG)
    best = max(reports, key=lambda report: report.value)
    images = task.test[0]
    columns = {
        "dead_in_test": dead(model, images),
        "dead_in_training": dead(model, task.training[0]),
        "dead_at_the_start": before,
    }
    layers = [described(h.double().numpy()) for h in outputs(model, images)]
    for place, layer in enumerate(layers):
        layer.update({key: shares[place] for key, shares in columns.items()})
    return {
        "activation": name,
        "test_accuracy": training.evaluate(task, task.test),
        "published": published,
        "validation_accuracy": best.value,
        "best_epoch": best.epoch,
        "epochs": len(reports),
        "seconds": round(sum(report.seconds for report in reports)),
        "layers": layers,
    }


def started_as_he(model: nn.Sequential, seed: int) -> nn.Sequential:
    """Weights with the gain of ReLU, biases at 0."""
    with seeded(seed):
        for weight, bias in batched(model.parameters(), 2):
            nn.init.kaiming_normal_(weight, nonlinearity="relu")
            nn.init.zeros_(bias)
    return model


def ten_layers(images: Tensor, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """The dead units of the tutorial's deepest network, not yet trained."""
    models = [network(nn.ReLU, DEEP, seed) for seed in seeds]
    as_torch_starts = [dead(model, images) for model in models]
    pairs = zip(models, seeds, strict=True)
    as_he_does = [dead(started_as_he(*pair), images) for pair in pairs]
    return {
        "units": DEEP,
        "seeds": list(seeds),
        "dead_as_torch_starts": as_torch_starts,
        "dead_as_he_starts": as_he_does,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    parts = [
        (2 * part.images - 1, part.labels)  # from -1 to 1
        for part in training.load_splits(CONFIG)
    ]
    found: dict[str, Any] = {
        "hidden": HIDDEN,
        "seed": CONFIG.seed,
        "ten_layers": ten_layers(torch.as_tensor(parts[0][0])),
        "runs": [],
    }
    for name in SIX:
        found["runs"].append(row(name, parts))
        print(name, found["runs"][-1]["test_accuracy"], flush=True)
        RESULTS.write_text(json.dumps(found) + "\n")
