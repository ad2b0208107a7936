"""The committed networks of images and signals: their records are true.

NumPy loads each and finds the metric that its record gives; PyTorch, given
the same file, says the same of 1,000 test examples.
"""

import hashlib
import json
import re
from importlib import import_module

import numpy as np
import pytest
import torch

from site_tests.programs import module_of
from tutorial_kernels import Tensor, no_grad
from tutorial_kernels.data import (
    fashion_mnist,
    fashion_mnist_excerpt,
    load_fashion_mnist,
    mnist1d,
    read_asset,
)
from tutorial_kernels.training.frechet import Moments, judge_images
from tutorial_kernels.training.ring import modes_covered, share_on_modes
from tutorial_kernels.training.task import noise_for
from tutorial_kernels.training.tasks import config_of, make_task
from tutorial_kernels.weights import read_safetensors

FILES = {
    "deep_cnn": "cnn",
    "autoencoder": "autoencoder",
    "vae": "vae",
}
every_image_network = pytest.mark.parametrize("name", FILES)
LARGEST = 310_000
NO_MOMENTS = Moments(np.zeros(64), np.eye(64))  # the distance is not asked
SANDAL = 5


def record_of(name):
    return json.loads(read_asset(f"weights/{name}.json"))


def pair(name, file):
    """The committed network in NumPy and in PyTorch, in float32."""
    record = record_of(name)
    content = read_asset(f"weights/{name}.safetensors")
    weights = read_safetensors(content)
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] <= LARGEST
    assert record["file"] == f"{name}.safetensors"
    assert all(
        weight.dtype == (np.int64 if "batches" in key else np.float16)
        for key, weight in weights.items()
    )
    models = []
    for package in ("models", "torch_models"):
        module = import_module(f"tutorial_kernels.{package}.{file}")
        models.append(getattr(module, record["model"])(**record["arguments"]))
    ours, theirs = models
    ours.load_state_dict(weights)
    tensors = {key: torch.from_numpy(part) for key, part in weights.items()}
    theirs.load_state_dict(tensors)
    assert record["parameters"] == sum(p.data.size for p in ours.parameters())
    return record, ours.eval(), theirs.eval()


def forward(model, *inputs):
    """What a network of ours gives, in parts that fit."""
    with no_grad():
        parts = [
            model(*(Tensor(x[start : start + 500]) for x in inputs))
            for start in range(0, len(inputs[0]), 500)
        ]
    if not isinstance(parts[0], tuple):
        return np.concatenate([part.data for part in parts])
    return tuple(
        np.concatenate([part.data for part in column])
        for column in zip(*parts, strict=True)
    )


def inputs_of(name, images):
    """What a network takes of images, noise as the evaluation draws it."""
    if name == "deep_cnn":
        return (images,)
    rows = images.reshape(len(images), -1)
    if name == "autoencoder":
        return (rows,)
    task = make_task("vae", "small", config_of("vae", "small", limit=50,
                                               data="excerpt"))  # fmt: skip
    starts = range(0, len(rows), 1_000)
    noise = [
        noise_for(task, min(1_000, len(rows) - start), "evaluation", start)[0]
        for start in starts
    ]
    return rows, torch.cat(noise).numpy()


def metric(name, model, examples):
    """The recorded metric, computed from NumPy's outputs alone."""
    inputs = inputs_of(name, examples.images)
    found = forward(model, *inputs)
    if name == "deep_cnn":
        return (found.argmax(1) == examples.labels).mean()
    x = inputs[0].astype(np.float64)
    if name == "autoencoder":
        return ((found - x) ** 2).sum(1).mean()
    logits, mean, log_variance = (part.astype(np.float64) for part in found)
    pixels = np.logaddexp(0, logits) - x * logits
    kl = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance)
    return pixels.sum(1).mean() + kl.sum(1).mean()


RECORDED = {
    "deep_cnn": "accuracy",
    "autoencoder": "squared_error_per_image",
    "vae": "negative_elbo_in_nats",
}


@every_image_network
def test_numpy_finds_the_metric_of_the_excerpt(name):
    record, model, _ = pair(name, FILES[name])
    found = metric(name, model, fashion_mnist_excerpt()[1])
    recorded = record[
        f"excerpt_{'test_' * (name == 'deep_cnn')}{RECORDED[name]}"
    ]
    assert found == pytest.approx(recorded, rel=1e-6)


@every_image_network
def test_numpy_finds_the_metric_of_the_whole_test_set(name):
    if fashion_mnist.FASHION_MNIST.find() is None:
        pytest.skip(
            "the full Fashion-MNIST is not on this machine: install the "
            f"Debian package {fashion_mnist.FASHION_MNIST.package}"
        )
    record, model, _ = pair(name, FILES[name])
    found = metric(name, model, load_fashion_mnist()[1])
    assert found == pytest.approx(record[f"test_{RECORDED[name]}"], rel=1e-6)


@every_image_network
def test_torch_says_the_same_of_a_thousand_images(name):
    _, ours, theirs = pair(name, FILES[name])
    images = np.concatenate([part.images for part in fashion_mnist_excerpt()])
    inputs = inputs_of(name, images[-1_000:])
    mine = forward(ours, *inputs)
    with torch.inference_mode():
        others = theirs(*map(torch.from_numpy, inputs))
    if name != "vae":
        mine, others = (mine,), (others,)
    for ours_part, theirs_part in zip(mine, others, strict=True):
        assert np.abs(ours_part - theirs_part.numpy()).max() < 1e-4


def test_the_targets_are_met():
    assert record_of("deep_cnn")["test_accuracy"] >= 0.91
    record = record_of("autoencoder")
    assert record["arguments"]["code_size"] == 2
    error, pca = (
        record[f"{kind}_squared_error_per_image"] for kind in ("test", "pca")
    )
    assert error < 0.7 * pca
    record = record_of("vae")
    assert record["arguments"]["latent_size"] == 2
    assert record["without_a_code_in_nats"] == pytest.approx(385, abs=0.1)
    assert record["test_negative_elbo_in_nats"] < 270


def test_the_generator_of_the_ring_reaches_all_modes():
    record, ours, theirs = pair("ring_gan", "gan")
    noise = np.random.default_rng(0).standard_normal((10_000, 2))
    noise = noise.astype(np.float32)
    points = forward(ours, noise)
    assert record["modes"] == modes_covered(torch.from_numpy(points)) == 8
    share = share_on_modes(torch.from_numpy(points))
    assert share == pytest.approx(record["on_a_mode"], abs=0.02)
    with torch.inference_mode():
        others = theirs(torch.from_numpy(noise)).numpy()
    assert np.abs(points - others).max() < 1e-4


def test_the_page_says_what_the_ring_gave(root):
    text = (root / "docs/offline/train_gan.py").read_text()
    shown = f"{100 * record_of('ring_gan')['on_a_mode']:.0f} % of the points"
    assert shown in text


@pytest.fixture(scope="module")
def games(root):
    """What docs/offline/train_gan.py left."""
    return json.loads((root / "docs/assets/results/gan.json").read_text())


def test_the_page_says_what_the_games_gave(root, games):
    text = (root / "docs/offline/train_gan.py").read_text()
    assert [row["modes"] for row in games["ring"]] == [8, 8, 8]
    for row in games["ring"]:
        shown = f"{row['on_a_mode']:.3f} | {row['energy_distance']:.4f}"
        assert f"# | {row['seed']} | 8 of 8 | {shown} |" in text
    for row in games["dcgan"]:
        if row["step"] in (430, 860, 1_720, 3_440):
            shown = f"{row['distance']:.2f} | {100 * min(row['shares']):.1f} %"
            assert (
                f"| {row['step']:,} | {row['step'] / 860:g} | {shown}" in text
            )
    real = games["real_images"]
    shown = f"{real['distance']:.2f} | {100 * min(real['shares']):.1f} %"
    assert f"# | other real images | | {shown} |" in text
    assert f"{games['seconds'] / 60:.0f} minutes on that core" in text


def test_the_classifier_sees_all_ten_classes_in_what_numpy_makes(games):
    distances = [row["distance"] for row in games["dcgan"]]
    assert distances == sorted(distances, reverse=True)
    source = torch.Generator().manual_seed(0)
    noise = torch.randn(5_000, 32, generator=source)
    for row in games["dcgan"]:
        if row["step"] not in (430, 860, 1_720, 3_440):
            continue
        record, ours, theirs = pair(f"dcgan_{row['step']:06}", "gan")
        assert record["shares"] == row["shares"]
        assert record["distance"] == row["distance"]
        made = forward(ours, noise[:1_000].numpy())
        with torch.inference_mode():
            others = theirs(noise[:1_000]).numpy()
        assert np.abs(made - others).max() < 1e-4
    shares = judge_images(torch.from_numpy(made), NO_MOMENTS).shares
    assert shares == pytest.approx(record["shares"], abs=0.03)
    assert SANDAL == np.argmin(record["shares"]) == np.argmin(shares)
    assert min(shares) > 0.02


READERS = {"linear": "fnn", "mlp": "fnn", "cnn": "cnn", "gru": "gru"}


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_of_signals_is_as_its_record_says(reader, root):
    record, ours, theirs = pair(f"mnist1d_{reader}", READERS[reader])
    signals, labels = mnist1d()[1]
    logits = forward(ours, signals)
    accuracy = (logits.argmax(1) == labels).mean()
    assert accuracy == pytest.approx(record["test_accuracy"], abs=1e-9)
    with torch.inference_mode():
        others = theirs(torch.from_numpy(signals)).numpy()
    assert np.abs(logits - others).max() < 1e-4
    text = (root / "docs/offline/train_gru.py").read_text()
    words = text.replace("\n# ", " ")
    ended = re.search(r"four ended with (\S+), (\S+), (\S+) and (\S+):", words)
    assert ended is not None
    shown = dict(zip(READERS, ended.groups(), strict=True))[reader]
    assert float(shown) == pytest.approx(100 * record["test_accuracy"])


@pytest.fixture(scope="module")
def from_all(root):
    """What readers that learned from all 4,000 signals reach, by row."""
    path = root / "docs/assets/results/mnist1d.json"
    rows = json.loads(path.read_text())["rows"]
    return {(row["reader"], row["shuffled"]): row for row in rows}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("reader", ["cnn", "gru"])
def test_a_reader_that_saw_all_signals_is_as_its_record_says(
    reader, seed, from_all
):
    record, ours, _ = pair(f"mnist1d_{reader}_all_{seed}", READERS[reader])
    assert record["config"]["seed"] == seed
    assert record["training_examples"] == 4_000
    assert not record["commit"].endswith("-dirty")
    signals, labels = mnist1d()[1]
    accuracy = (forward(ours, signals).argmax(1) == labels).mean()
    assert accuracy == pytest.approx(record["test_accuracy"], abs=1e-9)
    row = from_all[reader, False]
    shown = dict(zip(row["seeds"], row["test_accuracies"], strict=True))
    assert shown[seed] == record["test_accuracy"]


def test_the_tables_of_those_that_saw_all_signals(from_all, root):
    text = (root / "docs/offline/train_gru.py").read_text()
    chapter = (root / "docs/chapters/architecture.md").read_text()
    published = {False: (32, 68, 94, 91), True: (32, 68, 56, 57)}
    for shuffled, name, short in (
        (False, "as made", "in place"),
        (True, "shuffled", "shuffled"),
    ):
        cells, rounded = [], []
        for reader, theirs in zip(READERS, published[shuffled], strict=True):
            row = from_all[reader, shuffled]
            found = 100 * np.array(row["test_accuracies"])
            assert 100 * row["mean"] == pytest.approx(found.mean(), abs=0.01)
            cells.append(f"{found.mean():.1f} ± {found.std(ddof=1):.1f}")
            rounded.append(f"{found.mean():.0f}")
            if not shuffled:
                assert found.mean() > theirs - 2, reader
        assert f"# | ours, all, {name} | {' | '.join(cells)} |" in text
        assert f"| Ours, {short} | {' | '.join(rounded)} |" in chapter
        # "The GRU's are within one standard deviation of what is published"
        assert abs(found.mean() - theirs) < found.std(ddof=1)


def test_the_rows_of_those_that_kept_signals_back(root):
    text = (root / "docs/offline/train_gru.py").read_text()
    path = root / "docs/assets/results/mnist1d_kept_back.json"
    rows = json.loads(path.read_text())["rows"]
    for shuffled, name in ((False, "as made"), (True, "shuffled")):
        cells = []
        for row in rows:
            if row["shuffled"] == shuffled:
                found = 100 * np.array(row["test_accuracies"])
                assert 100 * row["mean"] == pytest.approx(found.mean())
                cells.append(f"{found.mean():.1f} ± {found.std(ddof=1):.1f}")
        assert f"# | ours, {name} | {' | '.join(cells)} |" in text


def test_the_order_of_the_authors_and_what_it_gives(root):
    """Its labels are those of the set: it was drawn as they drew it."""
    results = root / "docs/assets/results"
    labels, order = module_of(results / "make_mnist1d_order.py").their_order()
    known = np.concatenate([part.labels for part in mnist1d()])
    assert np.array_equal(labels, known)
    record = json.loads((results / "mnist1d_order.json").read_text())
    assert record["order"] == order.tolist()
    found = 100 * np.array(record["test_accuracies"])
    assert 100 * record["mean"] == pytest.approx(found.mean(), abs=0.01)
    text = (root / "docs/offline/train_gru.py").read_text()
    words = text.replace("\n# ", " ")
    assert f"own order of positions, {record['steps']:,} steps on" in words
    shown = f"{found.mean():.1f} ± {found.std(ddof=1):.1f}"
    assert f"three seeds end with {shown}." in words
    assert abs(found.mean() - 56) < 2, "not what they publish"
