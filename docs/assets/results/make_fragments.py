"""Writes the curves, results and costs that the offline pages show.

From the committed records, so that no figure is typed in. Run it in a
checkout when a record or a preset has changed:

    python docs/assets/results/make_fragments.py
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutorial_kernels.data import read_asset
from tutorial_kernels.site.cell import read_plot, render_plot
from tutorial_kernels.training.config import EXCERPT
from tutorial_kernels.training.cost import cost_of_step
from tutorial_kernels.training.tasks import config_of, make_task

HERE = Path(__file__).parent
CURVES = ("deep_cnn", "autoencoder", "vae")
FULL = ("fnn", "cnn", "autoencoder", "vae", "gan")
IMAGES = 55_000  # that are learned from


def curve(record: dict[str, Any]) -> str:
    """A record's validation metric, epoch by epoch, as a figure."""
    epochs = record["epochs"]
    key = next(key for key in epochs[0] if key.startswith("validation_"))
    metric = key.removeprefix("validation_").replace("_", " ")
    return figure(
        f"{record['model']} on validation images",
        "epoch",
        metric.replace("elbo", "ELBO"),
        {
            "validation": (
                [epoch["epoch"] for epoch in epochs],
                [epoch[key] for epoch in epochs],
            )
        },
    )


def figure(
    title: str,
    x_label: str,
    y_label: str,
    curves: dict[str, tuple[list[float], list[float]]],
    log: bool = False,
) -> str:
    """A still picture of curves, with its summary and its numbers."""
    series = [
        {"name": name, "x": x, "y": [float(f"{value:.4g}") for value in y]}
        for name, (x, y) in curves.items()
    ]
    data = {
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "log": log,
        "series": series,
    }
    return render_plot(read_plot(json.dumps(data))).replace("\n", "") + "\n"


def costs() -> str:
    """What the presets `full` take, as a table."""
    lines = [
        "| Task | Network | Parameters | A step | The whole run | Memory |",
        "|---|---|---|---|---|---|",
    ]
    for name in FULL:
        config = config_of(name, "full", data=EXCERPT, limit=600, device="cpu")
        task = make_task(name, "full", config)
        cost = cost_of_step(task, config)
        steps = config.epochs * -(-IMAGES // config.batch_size)
        total = cost.flops * steps
        lines.append(
            f"| `{name}` | `{type(task.network).__name__}` "
            f"| {cost.parameters:,} | {cost.flops / 1e9:.2g} GFLOP "
            f"| {total / 1e12:,.0f} TFLOP | {cost.bytes / 1e6:.0f} MB |"
        )
    return "\n".join(lines) + "\n"


def presets() -> str:
    """What every preset takes, as a table, from the record."""
    lines = [
        "| Task, preset | Network | Parameters | A step | Memory "
        "| In a second |",
        "|---|---|---|---|---|---|",
    ]
    for row in json.loads(read_asset("results/presets.json"))["rows"]:
        length = row["characters"]
        rate = 1000 * row["batch"] * (length or 1) / row["step_ms"]
        lines.append(
            f"| `{row['task']}`, `{row['preset']}` | `{row['network']}` "
            f"| {row['parameters']:,} "
            f"| {amount(row['flops'], 'FLOP')} for {row['batch']} "
            f"| {amount(row['bytes'], 'B')} "
            f"| {float(f'{rate:.2g}'):,.0f} "
            f"{'characters' if length else 'examples'} |"
        )
    return "\n".join(lines) + "\n"


def amount(value: float, unit: str) -> str:
    """Two digits that count, of thousands, millions, billions or more."""
    thousands = int(math.log10(max(value, 1)) / 3)
    rounded = float(f"{value / 1000**thousands:.2g}")
    return f"{rounded:g} {('', 'k', 'M', 'G', 'T')[thousands]}{unit}"


# Weights, what the record calls the metric, its unit, and what others publish.
RUNS = (
    ("mnist1d_linear", "test_accuracy", "", "0.32, Greydanus and Kobak"),
    ("mnist1d_mlp", "test_accuracy", "", "0.68, the same"),
    ("mnist1d_cnn", "test_accuracy", "", "0.94, the same"),
    ("mnist1d_gru", "test_accuracy", "", "0.91, the same"),
    ("cnn", "test_accuracy", "", "0.916, two convolutions and pooling"),
    ("deep_cnn", "test_accuracy", "", "0.925, two convolutions"),
    ("bigram", "test_nats_per_character", " nats", ""),
    ("char_rnn", "test_nats_per_character", " nats", ""),
    ("char_lstm", "test_nats_per_character", " nats", ""),
    ("char_gru", "test_nats_per_character", " nats", ""),
    ("transformer", "test_nats_per_character", " nats", "1.88, nanoGPT"),
    ("transformer_medium", "test_nats_per_character", " nats", ""),
    ("lstm", "test_mean_absolute_error_in_kW", " kW", ""),
    ("electricity_lstm", "test_mean_absolute_error_in_kW", " kW", ""),
    ("electricity_gru", "test_mean_absolute_error_in_kW", " kW", ""),
)


def runs() -> str:
    """What the committed weights reach, as a table."""
    lines = [
        "| Weights | Parameters | On the test set | Published | Minutes |",
        "|---|---|---|---|---|",
    ]
    for name, metric, unit, published in RUNS:
        record = json.loads(read_asset(f"weights/{name}.json"))
        minutes = sum(epoch["seconds"] for epoch in record["epochs"]) / 60
        shown = (
            f"{record[metric]:.1f}"
            if unit == " kW"
            else f"{record[metric]:.4f}"
        )
        lines.append(
            f"| `{name}` | {record['parameters']:,} | {shown}{unit} "
            f"| {published} | {minutes:.1f} |"
        )
    return "\n".join(lines) + "\n"


def fragments() -> Iterator[tuple[str, str]]:
    """The names of the files and what stands in them."""
    for name in CURVES:
        yield (
            f"{name}.md",
            curve(json.loads(read_asset(f"weights/{name}.json"))),
        )
    yield "runs.md", runs()
    yield "full_presets.md", costs()
    yield "presets.md", presets()


if __name__ == "__main__":
    for name, text in fragments():
        (HERE / name).write_text(text)
