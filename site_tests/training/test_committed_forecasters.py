"""The committed forecasters and their table: what stands there is so."""

import hashlib
import json

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view

from site_tests.programs import module_of
from tutorial_kernels import Tensor
from tutorial_kernels.data import (
    day_ahead_windows,
    electricity,
    read_asset,
)
from tutorial_kernels.models import gru, lstm
from tutorial_kernels.torch_models import gru as torch_gru
from tutorial_kernels.torch_models import lstm as torch_lstm
from tutorial_kernels.training.baselines import Errors, Ridge
from tutorial_kernels.weights import read_safetensors

TWINS = {
    "lstm": (lstm.SimpleLSTM, torch_lstm.SimpleLSTM),
    "electricity_lstm": (lstm.SimpleLSTM, torch_lstm.SimpleLSTM),
    "electricity_gru": (gru.SimpleGRU, torch_gru.SimpleGRU),
}
every_network = pytest.mark.parametrize("name", TWINS)


@pytest.fixture(scope="module")
def table(root):
    path = root / "docs/assets/results/electricity_day_ahead.json"
    return {
        row["forecast"]: row
        for row in json.loads(path.read_text())["forecasts"]
    }


@pytest.fixture(scope="module")
def maker(root):
    return module_of(root / "docs/assets/results/make_electricity.py")


def committed(name):
    """The record, the network in NumPy and its twin in torch."""
    record = json.loads(read_asset(f"weights/{name}.json"))
    weights = read_safetensors(read_asset(f"weights/{name}.safetensors"))
    model, twin = (kind(**record["arguments"]) for kind in TWINS[name])
    model.load_state_dict(weights)
    twin.load_state_dict({n: torch.from_numpy(w) for n, w in weights.items()})
    return record, model, twin


def read_before(record):
    """What a network reads, scaled, and what follows it, in kW."""
    load = np.concatenate([part.values for part in electricity()])
    facts = record["facts"]
    if "days" in facts:
        past, following = day_ahead_windows(load, facts["days"])
    else:
        pieces = sliding_window_view(load, facts["hours"] + 1)
        past, following = pieces[:, :-1, None], pieces[:, -1:]
    x = (past - facts["mean"]) / facts["std"]
    return x.astype(np.float32), following


@every_network
def test_the_record_names_this_file(name):
    record, model, _ = committed(name)
    content = read_asset(f"weights/{name}.safetensors")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] < 40_000
    assert record["parameters"] == sum(p.data.size for p in model.parameters())
    assert not record["commit"].endswith("-dirty")
    training = electricity()[0].values
    assert record["facts"]["mean"] == pytest.approx(training.mean(), rel=1e-6)
    assert record["facts"]["std"] == pytest.approx(training.std(), rel=1e-6)


@every_network
def test_numpy_and_torch_say_the_same_of_a_thousand_windows(name):
    record, model, twin = committed(name)
    x = read_before(record)[0][-1_000:]
    assert len(x) == 1_000
    with torch.no_grad():
        expected = twin(torch.from_numpy(x)).numpy()
    assert np.abs(model(Tensor(x)).data - expected).max() < 1e-4


def test_the_lstm_of_the_gate_scope_is_as_its_record_says():
    record, _, twin = committed("lstm")
    x, following = read_before(record)
    with torch.no_grad():
        out = twin(torch.from_numpy(x[-8_760:])).numpy()
    forecast = out * record["facts"]["std"] + record["facts"]["mean"]
    error = np.abs(forecast - following[-8_760:]).mean()
    expected = record["test_mean_absolute_error_in_kW"]
    assert error == pytest.approx(expected, abs=0.001)
    config = record["config"]
    assert (record["preset"], config["steps"]) == ("small", 1_000)
    assert record["facts"]["hours"] == 48
    assert record["arguments"] == {"hidden_size": 32}


def test_the_table_comes_out_again(maker, table):
    """NumPy alone makes every row anew: baselines and networks."""
    again = maker.results(maker.seeds_of([]))["forecasts"]
    assert [row["forecast"] for row in again] == list(table)
    for row in again:
        shown = table[row["forecast"]]
        assert row.keys() == shown.keys()
        for error in Errors._fields:
            assert row[error] == pytest.approx(shown[error], abs=0.011)
    for name, network in (("LSTM", "lstm"), ("GRU", "gru")):
        record = json.loads(read_asset(f"weights/electricity_{network}.json"))
        mae = record["test_mean_absolute_error_in_kW"]
        assert table[name]["mae"] == pytest.approx(mae, abs=0.006)
        seeds = table[name]["mae_of_seeds"]
        assert len(seeds) == 3
        assert seeds["0"] == pytest.approx(mae, abs=0.006)


def test_the_networks_beat_the_ridges_with_every_seed(table):
    ridges = [table[name]["mae"] for name in table if "ridge" in name]
    for name in ("LSTM", "GRU"):
        assert max(table[name]["mae_of_seeds"].values()) < min(ridges)
    assert table["ridge, every hour of both years"]["mae"] == 81.2


def test_a_ridge_by_hand():
    rng = np.random.default_rng(0)
    x, y = rng.normal(3, 2, (30, 4)), rng.normal(3, 2, (30, 2))
    ridge = Ridge.fit(x, y, 2.0)
    # The same as least squares on examples with a row for each weight more.
    z, target = (x - x.mean()) / x.std(), (y - x.mean()) / x.std()
    z, target = z - z.mean(0), target - target.mean(0)
    rows = np.vstack([z, np.sqrt(2.0) * np.eye(4)])
    expected = np.linalg.lstsq(rows, np.vstack([target, np.zeros((4, 2))]))[0]
    np.testing.assert_allclose(ridge.weight, expected, rtol=1e-9)
    np.testing.assert_allclose(ridge.forecast(x).mean(0), y.mean(0), rtol=1e-9)
    assert Errors.of(y + 2, y)[:2] == pytest.approx((2, 2))


def test_windows_of_days():
    values = np.arange(24 * 5, dtype=np.float32)
    past, following = day_ahead_windows(values, days=2)
    assert past.shape == (3, 2, 24)
    assert following.shape == (3, 24)
    for row in range(3):
        assert past[row].ravel().tolist() == values[24 * row :][:48].tolist()
        assert following[row, 0] == past[row, -1, -1] + 1
    for wrong in (values[:-1], values[:48]):
        with pytest.raises(
            ValueError,
            match=rf"day_ahead_windows: got {len(wrong)} values, expected "
            "whole days of 24 hours and more than 2 of them",
        ):
            day_ahead_windows(wrong, days=2)


def test_the_figures_of_the_script_are_those_of_the_table(root, table):
    text = (root / "docs/offline/train_lstm.py").read_text()
    prose = " ".join(text.replace("\n#", "\n").split())
    named = {
        "the last hour, repeated": "persistence",
        "the week before": "the week before",
        "the day before": "the day before",
        "ridge, every hour of both years": "ridge, every hour of both years",
        "ridge, every hour": "ridge, every hour",
        "ridge": "ridge",
        "LSTM, 8,216 parameters": "LSTM",
        "GRU, 6,360 parameters": "GRU",
    }
    for words, name in named.items():
        assert f"| {words} | {table[name]['mae']:.1f} |" in prose
    for name in ("LSTM", "GRU"):
        seeds = table[name]["mae_of_seeds"]
        words = f"seeds 1 and 2: {seeds['1']:.1f}, {seeds['2']:.1f}"
        assert words in prose
        assert f"{name}, {table[name]['parameters']:,} parameters" in prose
        assert table[name]["seconds"] == 8
    every = [
        error
        for name in ("LSTM", "GRU")
        for error in table[name]["mae_of_seeds"].values()
    ]
    ridge = table["ridge"]
    margins = [ridge["mae"] - max(every), ridge["mae"] - min(every)]
    assert "by little: {:.1f} to {:.1f} kW".format(*margins) in prose
    loses = f"ridge, {table['LSTM']['rmse']:.1f} to {ridge['rmse']:.1f} kW"
    assert loses in prose
    for count, part in ((632, "midnights"), (92, "midnights"), (365, "mid")):
        assert f"{count} {part}" in prose
