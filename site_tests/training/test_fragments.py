"""The figures on the offline pages are those of the committed records."""

import json
import re

import pytest

from site_tests.programs import module_of
from tutorial_kernels.data import read_asset
from tutorial_kernels.training import TASKS
from tutorial_kernels.training.presets import PRESETS


@pytest.fixture(scope="module")
def maker(root):
    return module_of(root / "docs/assets/results/make_fragments.py")


@pytest.fixture(scope="module")
def found(maker):
    return dict(maker.fragments())


def test_the_fragments_come_out_again(maker, found):
    assert len(found) == len(maker.CURVES) + 3
    for name, text in found.items():
        assert (maker.HERE / name).read_text() == text, name


def test_every_fragment_stands_on_a_page(found, root):
    pages = "".join(
        path.read_text() for path in (root / "docs/offline").iterdir()
    )
    for name in found:
        assert f'--8<-- "assets/results/{name}"' in pages, name


PRESET_ROWS = json.loads(read_asset("results/presets.json"))["rows"]
LARGE = 2e10  # operations: such a step takes seconds, and is not made again


def test_every_preset_has_its_row():
    named = [(row["task"], row["preset"]) for row in PRESET_ROWS]
    assert named == [(task, size) for task in TASKS for size in PRESETS[task]]
    assert sum(row["flops"] < LARGE for row in PRESET_ROWS) > 36
    bigrams = [row for row in PRESET_ROWS if row["task"] == "bigram"]
    assert {row["parameters"] for row in bigrams} == {69**2}


@pytest.mark.parametrize(
    "row",
    [row for row in PRESET_ROWS if row["flops"] < LARGE],
    ids=lambda row: f"{row['task']}-{row['preset']}",
)
def test_what_a_step_takes_is_counted_again(row, root):
    maker = module_of(root / "docs/assets/results/make_presets.py")
    again = maker.counted(row["task"], row["preset"])
    memory = again.pop("bytes")
    assert again == {key: row[key] for key in again}
    assert memory == pytest.approx(row["bytes"], rel=0.1)  # the library's


def record_of(name):
    return json.loads(read_asset(f"weights/{name}.json"))


def table_of(page, root):
    """The cells of a page's table rows, without the marks of code."""
    text = (root / "docs/offline" / f"{page}.py").read_text()
    rows = re.findall(r"^# \| (.+) \|$", text, re.MULTILINE)
    return [row.replace("`", "").split(" | ") for row in rows]


def test_the_table_of_the_classifiers(root):
    rows = table_of("train_cnn", root)
    for name in ("cnn", "deep_cnn"):
        record = record_of(name)
        assert [
            record["model"],
            "55,000 images",
            f"{record['parameters']:,}",
            f"{record['test_accuracy']:.4f}",
        ] in rows
    epochs = record_of("deep_cnn")["epochs"]
    best = max(epochs, key=lambda epoch: epoch["validation_accuracy"])
    assert (best["epoch"], len(epochs)) == (11, 12)
    minutes = sum(epoch["seconds"] for epoch in epochs) / 60
    assert round(minutes) == 11


def test_the_table_of_the_autoencoder(root):
    rows = table_of("train_autoencoder", root)
    record = record_of("autoencoder")
    found = {
        f"{record[f'{kind}_squared_error_per_image']:.2f}": record[
            f"{kind}_squared_error_per_image"
        ]
        for kind in ("mean", "pca", "test")
    }
    for shown, value in found.items():
        assert any(row[1:] == [shown, f"{value / 784:.4f}"] for row in rows)


def test_the_table_of_the_vae(root):
    rows = dict(row for row in table_of("train_vae", root) if len(row) == 2)
    record = record_of("vae")
    nats, kl = record["test_negative_elbo_in_nats"], record["test_kl_in_nats"]
    assert rows["without a code"] == f"{record['without_a_code_in_nats']:.1f}"
    assert rows["VAE, negative ELBO"] == f"{nats:.1f}"
    assert rows["of these, the pixels from the code"] == f"{nats - kl:.1f}"
    assert rows["and the code, KL"] == f"{kl:.1f}"


@pytest.mark.parametrize("name", ["autoencoder", "vae"])
def test_the_seconds_of_an_epoch(name, root):
    text = (root / "docs/offline" / f"train_{name}.py").read_text()
    shown = re.search(r"epochs of (\d) to (\d) seconds", text)
    seconds = [epoch["seconds"] for epoch in record_of(name)["epochs"]]
    assert [int(part) for part in shown.groups()] == [
        round(min(seconds)),
        round(max(seconds)),
    ]
