"""The committed readers of text: NumPy finds what their records say."""

import hashlib
import json

import numpy as np
import pytest
import torch

from site_tests.training.numpy_nats import nats_of
from tutorial_kernels import no_grad
from tutorial_kernels.data import load_tiny_shakespeare, read_asset
from tutorial_kernels.data.texts import TINY_SHAKESPEARE
from tutorial_kernels.models import language
from tutorial_kernels.torch_models import language as torch_language
from tutorial_kernels.training.language import play_windows, text_windows
from tutorial_kernels.weights import read_safetensors

SIZES = {
    "bigram": 9_000,
    "char_rnn": 210_000,
    "char_gru": 540_000,
    "char_lstm": 710_000,
}
ROWS = {
    "bigram": "bigram, learned",
    "char_rnn": "RNN",
    "char_lstm": "LSTM",
    "char_gru": "GRU",
}
every_reader = pytest.mark.parametrize("name", SIZES)


def committed(name):
    """The record, the network in NumPy and its twin in torch."""
    record = json.loads(read_asset(f"weights/{name}.json"))
    weights = read_safetensors(read_asset(f"weights/{name}.safetensors"))
    assert all(part.dtype == np.float16 for part in weights.values())
    model, twin = (
        getattr(package, record["model"])(**record["arguments"])
        for package in (language, torch_language)
    )
    model.load_state_dict(weights)
    twin.load_state_dict({n: torch.from_numpy(w) for n, w in weights.items()})
    return record, model, twin


@every_reader
def test_numpy_finds_the_metric_of_the_play(name):
    record, model, _ = committed(name)
    content = read_asset(f"weights/{name}.safetensors")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] < SIZES[name]
    assert record["parameters"] == sum(p.data.size for p in model.parameters())
    assert not record["commit"].endswith("-dirty")
    found = nats_of(model, *play_windows(**record["facts"]))
    assert found == pytest.approx(record["play_nats_per_character"], abs=1e-5)


@every_reader
def test_torch_says_the_same_of_a_thousand_windows(name):
    record, model, twin = committed(name)
    x, _ = play_windows(record["facts"]["characters"], 8)
    x = x[:1_000]
    assert len(x) == 1_000
    with no_grad():
        ours = model(x.numpy()).data
    with torch.no_grad():
        theirs = twin(x).numpy()
    assert np.abs(ours - theirs).max() < 1e-4


@every_reader
def test_the_recorded_metric_comes_out_again(name):
    record, model, _ = committed(name)
    if TINY_SHAKESPEARE.find() is None:
        pytest.skip("Tiny Shakespeare is not on this machine: --download")
    _, test = load_tiny_shakespeare()
    facts = record["facts"]
    x, target = text_windows(test, facts["characters"], facts["context_length"])
    assert nats_of(model, x, target) == pytest.approx(
        record["test_nats_per_character"], abs=1e-5
    )


@pytest.fixture(scope="module")
def rows(root):
    path = root / "docs/assets/results/tiny_shakespeare.json"
    return {row["model"]: row for row in json.loads(path.read_text())["models"]}


def test_the_table_of_the_script_is_that_of_the_records(root, rows):
    text = (root / "docs/offline/train_rnn.py").read_text()
    named = {ROWS[name]: ROWS[name] for name in SIZES}
    named["[Transformer](train_transformer.py)"] = (
        "Transformer, nanoGPT's CPU budget"
    )
    for shown, name in named.items():
        row = rows[name]
        assert (
            f"# | {shown} | {row['parameters']:,} "
            f"| {row['nats_per_character']:.4f} | {row['seconds']:,} |"
        ) in text
    for shown in ("2-gram", "4-gram", "5-gram"):
        nats = rows[f"{shown}, Witten-Bell"]["nats_per_character"]
        assert any(
            line.startswith(f"# | {shown}") and f"| {nats:.4f} |" in line
            for line in text.splitlines()
        )


def test_what_the_page_says_of_them_is_so(rows):
    nats = {name: row["nats_per_character"] for name, row in rows.items()}
    best_that_counts = min(nats[name] for name in nats if "gram," in name)
    assert best_that_counts == nats["5-gram, Witten-Bell"]
    assert nats["GRU"] < nats["LSTM"] < best_that_counts < nats["RNN"]
    assert nats["RNN"] < nats["4-gram, Witten-Bell"]
    assert nats["GRU"] < nats["Transformer, nanoGPT's CPU budget"]
    pairs = nats["2-gram, Witten-Bell"]
    assert nats["bigram, learned"] == pytest.approx(pairs, abs=0.005)
    for name, row in ROWS.items():
        record = json.loads(read_asset(f"weights/{name}.json"))
        assert nats[row] == pytest.approx(
            record["test_nats_per_character"], abs=1e-4
        )
