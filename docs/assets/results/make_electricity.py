"""Writes electricity_day_ahead.json: forecasts of 2014, side by side.

Run it in a checkout after training, with the records of other seeds' runs:

    python docs/assets/results/make_electricity.py runs/*/electricity_*.json
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tutorial_kernels import Tensor
from tutorial_kernels.data import day_ahead_windows, electricity, read_asset
from tutorial_kernels.models import gru, lstm
from tutorial_kernels.training.baselines import Errors, day_ahead_errors
from tutorial_kernels.weights import read_safetensors

RESULTS = Path(__file__).with_name("electricity_day_ahead.json")
NETWORKS = {
    "LSTM": ("electricity_lstm", lstm.SimpleLSTM),
    "GRU": ("electricity_gru", gru.SimpleGRU),
}
METRIC = "test_mean_absolute_error_in_kW"


def network_errors(name: str, model: Any) -> tuple[dict[str, Any], Errors]:
    """The record of committed weights, and their errors with NumPy alone."""
    record = json.loads(read_asset(f"weights/{name}.json"))
    network = model(**record["arguments"])
    weights = read_asset(f"weights/{name}.safetensors")
    network.load_state_dict(read_safetensors(weights))
    facts = record["facts"]
    parts = [part.values for part in electricity()]
    past, following = day_ahead_windows(np.concatenate(parts), facts["days"])
    past, following = past[-365:], following[-365:]
    x = (past - facts["mean"]) / facts["std"]
    change = network(Tensor(x.astype(np.float32))).data
    forecast = past[:, -1] + facts["std"] * change.astype(np.float64)
    return record, Errors.of(forecast, following.astype(np.float64))


def results(seeds: dict[str, dict[str, float]]) -> dict[str, Any]:
    """All that the file says."""
    rows: list[dict[str, Any]] = [
        {"forecast": name, **_rounded(errors)}
        for name, errors in day_ahead_errors().items()
    ]
    for name, (weights, model) in NETWORKS.items():
        record, errors = network_errors(weights, model)
        rows.append(
            {
                "forecast": name,
                **_rounded(errors),
                "parameters": record["parameters"],
                "weights": f"{weights}.safetensors",
                "seconds": round(sum(e["seconds"] for e in record["epochs"])),
                "mae_of_seeds": seeds.get(weights, {}),
            }
        )
    return {
        "task": "hourly electricity load, a day ahead",
        "protocol": (
            "At each midnight of 2014 (365 of them) the seven days before it, "
            "168 hours, are seen and the 24 hours after it are forecast, all "
            "at once. Errors are means over all 8,760 hours of 2014, against "
            "the values as they are, the hour of the clock change included. "
            "Networks and ridges learn from January 2012 to September 2013 "
            "(632 midnights), and choose penalty or step by October to "
            "December 2013 (92 midnights); scales come from the training "
            "part. Weights and epochs were not chosen by 2014; its error was "
            "seen while the network was designed."
        ),
        "unit": "kW, mean of 321 clients; mape in percent",
        "forecasts": rows,
    }


def _rounded(errors: Errors) -> dict[str, float]:
    return {name: round(value, 2) for name, value in errors._asdict().items()}


def seeds_of(paths: list[str]) -> dict[str, dict[str, float]]:
    """The metric of runs by task and seed; those known already stay."""
    seeds: dict[str, dict[str, float]] = {}
    if RESULTS.exists():
        known = json.loads(RESULTS.read_text())["forecasts"]
        seeds = {
            row["weights"].removesuffix(".safetensors"): row["mae_of_seeds"]
            for row in known
            if "weights" in row
        }
    for path in paths:
        record = json.loads(Path(path).read_text())
        of_task = seeds.setdefault(record["task"], {})
        of_task[str(record["config"]["seed"])] = round(record[METRIC], 2)
    return seeds


if __name__ == "__main__":
    found = results(seeds_of(sys.argv[1:]))
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    for row in found["forecasts"]:
        print(f"{row['forecast']:32} {row['mae']:8.2f} {row['rmse']:8.2f}")
