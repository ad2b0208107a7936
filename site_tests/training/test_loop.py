"""The loop: it learns, repeats itself, keeps the best, says what is wrong."""

import dataclasses

import numpy as np
import pytest
import torch

from tutorial_kernels.data import Examples
from tutorial_kernels.training import (
    TrainConfig,
    World,
    batches,
    choose_device,
    classification,
    evaluate,
    load_splits,
    loop,
    train,
)


def weights_of(model):
    return {name: w.numpy().copy() for name, w in model.state_dict().items()}


def classify(model, training, validation, config, report=print):
    """Trains a classifier."""
    task = classification("net", model, training, validation)
    return train(task, config, report)


def accuracy(model, examples):
    """The share of the examples that it gets right."""
    return evaluate(classification("net", model, examples, examples), examples)


def same(ours, theirs):
    return all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_it_learns(bright_or_dark, small_network):
    model, test = small_network(), bright_or_dark(300, seed=2)
    before = accuracy(model, test)
    config = TrainConfig(
        epochs=20, batch_size=32, learning_rate=0.02, device="cpu"
    )
    reports = classify(
        model, bright_or_dark(600), bright_or_dark(100, 1), config, str
    )
    assert [report.epoch for report in reports] == list(range(1, 21))
    assert reports[-1].loss < 0.5 * reports[0].loss
    assert before < 0.6
    assert accuracy(model, test) > 0.85


def test_one_seed_one_result(bright_or_dark, small_network):
    def run(seed):
        model = small_network()
        config = TrainConfig(epochs=3, batch_size=7, seed=seed, device="cpu")
        torch.rand(seed + 5)  # the global generator is no input
        reports = classify(
            model, bright_or_dark(50), bright_or_dark(20), config, str
        )
        return weights_of(model), [report.loss for report in reports]

    first, second, other = run(1), run(1), run(2)
    assert same(first[0], second[0])
    assert first[1] == second[1]
    assert not same(first[0], other[0])


def test_each_epoch_sees_every_example_once_in_its_own_order():
    labels = torch.arange(103)
    task = classification("net", None, (labels, labels), (labels, labels))
    orders = []
    for seed in (0, 1):
        config = TrainConfig(batch_size=10, seed=seed)
        dealt = batches.Batches(task, config, World())
        assert dealt.steps_per_epoch == 11
        for epoch in range(3):
            found = [dealt.indices(11 * epoch + step) for step in range(11)]
            assert [len(part) for part in found] == [10] * 10 + [3]
            orders.append(tuple(torch.cat(found).tolist()))
    assert all(sorted(order) == labels.tolist() for order in orders)
    assert len(set(orders)) == len(orders)


@pytest.mark.parametrize("ranks", [1, 2, 3, 8])
@pytest.mark.parametrize("accumulation", [1, 3])
def test_ranks_and_parts_share_what_one_would_see(ranks, accumulation):
    rows = torch.arange(23)
    task = classification("net", None, (rows, rows), (rows, rows))
    task = dataclasses.replace(task, noise_size=2)
    config = TrainConfig(batch_size=10, accumulation=accumulation)
    ((whole, _, noise), share) = batches.Batches(
        task, TrainConfig(batch_size=10), World()
    ).parts(2)[0]  # the epoch's last: three examples
    assert (len(whole), share) == (3, 1.0)
    seen, seen_noise, shares = [], [], 0.0
    for rank in range(ranks):
        dealt = batches.Batches(task, config, World(rank, ranks))
        parts = dealt.parts(2)
        assert len(parts) == accumulation
        for (x, labels, drawn), share in parts:
            assert len(x) >= 1  # every rank has something to do
            assert torch.equal(x, labels)
            shares += share
            if share:
                seen.append(x)
                seen_noise.append(drawn)
    assert torch.equal(torch.cat(seen), whole)
    assert torch.equal(torch.cat(seen_noise), noise)
    assert shares == pytest.approx(1.0)


def test_the_loss_is_the_mean_over_examples(bright_or_dark, small_network):
    # A step too small to matter: then the mean is that of the first weights.
    model, examples = small_network(), bright_or_dark(103)
    logits = model(torch.from_numpy(examples.images))
    labels = torch.from_numpy(examples.labels)
    expected = torch.nn.functional.cross_entropy(logits, labels).item()
    config = TrainConfig(
        epochs=1, batch_size=10, learning_rate=1e-12, device="cpu"
    )
    (report,) = classify(model, examples, examples, config, str)
    assert report.loss == pytest.approx(expected, rel=1e-6)


def test_the_best_epoch_is_kept(bright_or_dark, small_network, monkeypatch):
    # Validation says: the second of four is best. Whose weights are kept?
    said = iter([0.3, 0.8, 0.8, 0.1])
    seen = []

    def evaluation(task, examples, world, model):
        seen.append(weights_of(model))
        return next(said)

    monkeypatch.setattr(loop, "evaluate", evaluation)
    model = small_network()
    config = TrainConfig(epochs=4, batch_size=10, device="cpu")
    reports = classify(
        model, bright_or_dark(100), bright_or_dark(10), config, str
    )
    assert [r.value for r in reports] == [0.3, 0.8, 0.8, 0.1]
    assert same(weights_of(model), seen[1])
    assert not same(weights_of(model), seen[3])


def test_the_learning_rate_falls_to_zero(
    bright_or_dark, small_network, monkeypatch
):
    rates = []

    class Adam(torch.optim.Adam):
        def step(self, *args):
            rates.append(self.param_groups[0]["lr"])
            return super().step(*args)

    monkeypatch.setattr(torch.optim, "Adam", Adam)
    config = TrainConfig(
        epochs=2, batch_size=10, learning_rate=0.1, device="cpu"
    )
    classify(
        small_network(), bright_or_dark(50), bright_or_dark(10), config, str
    )
    expected = 0.1 * (1 + np.cos(np.pi * np.arange(10) / 10)) / 2
    assert rates == pytest.approx(expected.tolist())


def test_reports_come_as_epochs_end(bright_or_dark, small_network, capsys):
    config = TrainConfig(epochs=2, batch_size=50, device="cpu")
    classify(small_network(), bright_or_dark(50), bright_or_dark(10), config)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("epoch   1   loss ")
    assert "validation accuracy" in second


def test_evaluate_counts_by_hand(bright_or_dark, small_network):
    model, examples = small_network(), bright_or_dark(2345)
    weight, bias = (w.detach().double().numpy() for w in model.parameters())
    logits = examples.images.reshape(2345, -1).astype(float) @ weight.T + bias
    expected = (logits.argmax(1) == examples.labels).mean()
    model.train()
    assert accuracy(model, examples) == expected
    assert model.training  # left as it was
    model.eval()
    accuracy(model, examples)
    assert not model.training


def test_evaluate_switches_dropout_off(bright_or_dark, small_network):
    plain = small_network()
    dropping = torch.nn.Sequential(torch.nn.Dropout(0.9), plain)
    examples = bright_or_dark(200)
    assert accuracy(dropping, examples) == accuracy(plain, examples)


def test_a_loss_that_is_not_finite_ends_the_run(bright_or_dark, small_network):
    images, labels = bright_or_dark(40)
    images[7, 0, 2, 2] = np.inf
    config = TrainConfig(epochs=2, batch_size=10, device="cpu")
    with pytest.raises(FloatingPointError, match=r"learning_rate below 0\.003"):
        classify(
            small_network(), Examples(images, labels), bright_or_dark(9), config
        )


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "cpu:x", "", "meta"])
def test_a_device_that_is_not_there(name):
    with pytest.raises(ValueError, match="device is") as caught:
        choose_device(name)
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_devices():
    assert choose_device("cpu") == torch.device("cpu")
    expected = "cuda" if torch.cuda.is_available() else "cpu"
    assert choose_device("auto").type == expected


def test_on_a_gpu(bright_or_dark, small_network):
    if not torch.cuda.is_available():
        pytest.skip("this machine has no CUDA device")
    model = small_network()
    config = TrainConfig(
        epochs=20, batch_size=32, learning_rate=0.02, device="cuda"
    )
    classify(model, bright_or_dark(600), bright_or_dark(100, 1), config, str)
    assert next(model.parameters()).is_cuda
    assert next(model.parameters()).dtype == torch.float32
    assert accuracy(model, bright_or_dark(300, 2)) > 0.85


def test_splits_of_the_excerpt():
    training, validation, test = load_splits(TrainConfig(data="excerpt"))
    assert [len(part.labels) for part in (training, validation, test)] == [
        1800,
        200,
        500,
    ]
    rows = [
        {image.tobytes() for image in part.images}
        for part in (training, validation, test)
    ]
    assert not rows[0] & rows[1]
    assert not rows[0] & rows[2]
    assert not rows[1] & rows[2]
    small = load_splits(TrainConfig(data="excerpt", limit=100))
    assert [len(part.labels) for part in small] == [90, 10, 100]
    assert np.array_equal(small.training.images, training.images[:90])
    with pytest.raises(ValueError, match="limit is 9, expected at least 10"):
        load_splits(TrainConfig(data="excerpt", limit=9))


def test_splits_of_the_full_size(monkeypatch):
    # The shapes of the full set, in one pixel an image.
    def full(folder, download):
        assert (folder, download) == ("there", True)
        return tuple(
            Examples(
                np.arange(n, dtype=np.float32).reshape(n, 1, 1, 1), np.arange(n)
            )
            for n in (60_000, 10_000)
        )

    monkeypatch.setattr(
        "tutorial_kernels.training.examples.load_fashion_mnist", full
    )
    splits = load_splits(TrainConfig(data="there", download=True))
    assert [len(part.labels) for part in splits] == [55_000, 5_000, 10_000]
    assert splits.validation.labels[0] == 55_000
    assert splits.validation.images[-1].item() == 59_999
