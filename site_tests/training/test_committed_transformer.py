"""The committed Transformers: NumPy says what torch says, letter by letter."""

import hashlib
import json
import math

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
from tutorial_kernels.training.language import play_windows, text_windows
from tutorial_kernels.training.presets import PRESETS
from tutorial_kernels.weights import read_safetensors

PARAMETERS = {"transformer": 818_176, "transformer_medium": 628_096}
ROWS = {
    "transformer": "Transformer, nanoGPT's CPU budget",
    "transformer_medium": "Transformer, 4,000 steps of 16 windows of 128",
}


@pytest.fixture(scope="module", params=PARAMETERS)
def record(request):
    return json.loads(read_asset(f"weights/{request.param}.json"))


@pytest.fixture(scope="module")
def models(record):
    weights = read_safetensors(read_asset(f"weights/{record['file']}"))
    model, twin = (
        kind.GPT(**record["arguments"])
        for kind in (transformer, torch_transformer)
    )
    model.load_state_dict(weights)
    twin.load_state_dict({n: torch.from_numpy(w) for n, w in weights.items()})
    return model.eval(), twin.eval()


def name_of(record):
    return record["file"].removesuffix(".safetensors")


def tokens_of(record, count):
    """Shakespeare, without the few characters that the network lacks."""
    characters = record["facts"]["characters"]
    text = "".join(c for c in romeo_and_juliet()[1] if c in characters)
    return np.array([characters.index(c) for c in text[:count]])


def test_the_record_names_this_file(record, models):
    content = read_asset(f"weights/{record['file']}")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] < 1_700_000
    sizes = [parameter.data.size for parameter in models[0].parameters()]
    assert record["parameters"] == sum(sizes) == PARAMETERS[name_of(record)]
    assert not record["commit"].endswith("-dirty")


def test_it_was_trained_as_its_preset_says(record):
    preset = PRESETS["transformer"][record["preset"]]
    for given, recorded in (
        (preset.settings, record["config"]),
        (preset.arguments, record["arguments"]),
    ):
        assert given.items() <= recorded.items()
    assert record["epochs"][-1]["step"] == record["config"]["steps"]


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
    row = shown[ROWS[name_of(record)]]
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


def test_numpy_finds_the_metric_of_the_play(root):
    """Tiny Shakespeare is not on every machine; the play is."""
    record = json.loads(read_asset("weights/transformer_medium.json"))
    model = transformer.GPT(**record["arguments"])
    model.load_state_dict(
        read_safetensors(read_asset("weights/transformer_medium.safetensors"))
    )
    found = nats_of(model.eval(), *play_windows(**record["facts"]))
    assert found == pytest.approx(record["play_nats_per_character"], abs=1e-5)


@pytest.fixture(scope="module")
def rows(root):
    path = root / "docs/assets/results/tiny_shakespeare.json"
    return {row["model"]: row for row in json.loads(path.read_text())["models"]}


def test_the_table_of_the_script(root, rows):
    text = (root / "docs/offline/train_transformer.py").read_text()
    for shown, name in (
        ("4-gram, which only counts", "4-gram, Witten-Bell"),
        ("5-gram", "5-gram, Witten-Bell"),
        ("GRU, 2,000 steps of 12", "GRU"),
        ("Transformer `small`, 2,000 steps of 12", ROWS["transformer"]),
        ("Transformer `medium`, 4,000 of 16", ROWS["transformer_medium"]),
    ):
        size = rows[name].get("parameters")
        size = "" if size is None or "gram" in shown else f"{size:,} "
        nats = rows[name]["nats_per_character"]
        assert f"| {shown} | {size}| {nats:.4f} |" in text
    prose = text.replace("\n# ", " ")
    small, medium = (
        json.loads(read_asset(f"weights/{name}.json")) for name in PARAMETERS
    )
    spans = [
        round(sum(epoch["seconds"] for epoch in record["epochs"]) / 60)
        for record in (small, medium)
    ]
    assert f"took {spans[0]} and {spans[1]} minutes" in prose
    config = small["config"]
    seen = config["steps"] * config["batch_size"]
    assert round(small["training_examples"] / seen) == 40


def test_what_the_page_says_of_the_two(root, rows):
    text = (root / "docs/offline/train_transformer.py").read_text()
    prose = text.replace("\n# ", " ")
    nats = {name: row["nats_per_character"] for name, row in rows.items()}
    counted = nats["5-gram, Witten-Bell"]
    small, medium = (nats[row] for row in ROWS.values())
    assert medium < nats["GRU"] < counted < small
    assert f"by {counted - medium:.2f} nats" in prose
    read = [
        math.prod(
            (
                record["config"]["steps"],
                record["config"]["batch_size"],
                record["arguments"]["context_length"],
            )
        )
        for record in (
            json.loads(read_asset(f"weights/{name}.json"))
            for name in PARAMETERS
        )
    ]
    assert f"{read[1] / read[0]:.1f} times as many characters" in prose
    assert f"{read[1] / 1e6:.1f} million" in prose
