"""The committed Transformer: NumPy says what torch says, letter by letter."""

import hashlib
import json

import numpy as np
import pytest
import torch

from site_tests.training.numpy_nats import nats_of
from tutorial_kernels import no_grad
from tutorial_kernels.data import (
    load_tiny_shakespeare,
    read_asset,
    romeo_and_juliet,
)
from tutorial_kernels.data.texts import TINY_SHAKESPEARE
from tutorial_kernels.models import transformer
from tutorial_kernels.torch_models import transformer as torch_transformer
from tutorial_kernels.training.language import text_windows
from tutorial_kernels.weights import read_safetensors


@pytest.fixture(scope="module")
def record():
    return json.loads(read_asset("weights/transformer.json"))


@pytest.fixture(scope="module")
def models(record):
    weights = read_safetensors(read_asset("weights/transformer.safetensors"))
    model, twin = (
        kind.GPT(**record["arguments"])
        for kind in (transformer, torch_transformer)
    )
    model.load_state_dict(weights)
    twin.load_state_dict({n: torch.from_numpy(w) for n, w in weights.items()})
    return model.eval(), twin.eval()


def tokens_of(record, count):
    """Shakespeare, without the few characters that the network lacks."""
    characters = record["facts"]["characters"]
    text = "".join(c for c in romeo_and_juliet()[1] if c in characters)
    return np.array([characters.index(c) for c in text[:count]])


def test_the_record_names_this_file(record, models):
    content = read_asset("weights/transformer.safetensors")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] < 1_700_000
    sizes = [parameter.data.size for parameter in models[0].parameters()]
    assert record["parameters"] == sum(sizes) == 818_176
    assert not record["commit"].endswith("-dirty")


def test_numpy_and_torch_say_the_same_of_a_thousand_windows(record, models):
    model, twin = models
    windows = tokens_of(record, 8_000).reshape(1_000, 8)
    with no_grad():
        ours = model(windows).data
    with torch.no_grad():
        theirs = twin(torch.from_numpy(windows)).numpy()
    assert np.abs(ours - theirs).max() < 1e-4


def test_greedy_both_write_the_same_text(record, models):
    model, twin = models
    prompt = tokens_of(record, 40)[np.newaxis]
    uniform = np.zeros((1, 60), np.float32)
    ours = np.asarray(model.generate(prompt, uniform, temperature=0))
    theirs = twin.generate(
        torch.from_numpy(prompt), torch.from_numpy(uniform), temperature=0
    )
    assert ours.shape == (1, 100)
    assert ours.tolist() == theirs.tolist()


def test_the_recorded_metric_comes_out_again(record, models, root):
    results = json.loads(
        (root / "docs/assets/results/tiny_shakespeare.json").read_text()
    )
    shown = {row["model"]: row for row in results["models"]}
    row = shown["Transformer, nanoGPT's CPU budget"]
    nats = record["test_nats_per_character"]
    assert row["nats_per_character"] == pytest.approx(nats, abs=1e-4)
    assert row["bits_per_character"] == pytest.approx(
        nats / np.log(2), abs=1e-4
    )
    assert shown["5-gram, Witten-Bell"]["nats_per_character"] == 1.6688
    if TINY_SHAKESPEARE.find() is None:
        pytest.skip("Tiny Shakespeare is not on this machine: --download")
    _, test = load_tiny_shakespeare()
    facts = record["facts"]
    x, target = text_windows(test, facts["characters"], facts["context_length"])
    assert nats_of(models[0], x, target) == pytest.approx(nats, abs=1e-4)


def test_the_table_of_the_script(record, root):
    text = (root / "docs/offline/train_transformer.py").read_text()
    nats = record["test_nats_per_character"]
    assert f"| 818,176 | {nats:.4f} |" in text
    for name, shown in (
        ("4-gram", "4-gram, which only counts"),
        ("5-gram", "5-gram"),
    ):
        results = json.loads(
            (root / "docs/assets/results/tiny_shakespeare.json").read_text()
        )
        (row,) = [
            row
            for row in results["models"]
            if row["model"] == f"{name}, Witten-Bell"
        ]
        assert f"| {shown} | | {row['nats_per_character']:.4f} |" in text
    minutes = sum(epoch["seconds"] for epoch in record["epochs"]) / 60
    assert f"took {minutes:.0f} minutes" in text
    config = record["config"]
    seen = config["steps"] * config["batch_size"]
    assert round(record["training_examples"] / seen) == 40
