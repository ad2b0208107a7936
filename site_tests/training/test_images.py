"""Augmentation, the judge of made-up images, the readers of signals."""

import numpy as np
import pytest
import torch

from tutorial_kernels.data import mnist1d
from tutorial_kernels.training import TrainConfig, evaluate, train
from tutorial_kernels.training.augmentation import mirrored_and_shifted
from tutorial_kernels.training.batches import Batches
from tutorial_kernels.training.checkpoint import checkpoints, judged_weights
from tutorial_kernels.training.frechet import (
    Moments,
    frechet_distance,
    moments_of,
)
from tutorial_kernels.training.ring import (
    modes_covered,
    ring_of_gaussians,
    share_on_modes,
)
from tutorial_kernels.training.signals import READERS, signals
from tutorial_kernels.training.task import seeded
from tutorial_kernels.training.tasks import config_of, make_task, read_preset
from tutorial_kernels.training.world import World


def test_noise_decides_how_an_image_is_mirrored_and_shifted():
    images = torch.rand(4, 1, 6, 5)
    noise = torch.tensor(
        [[-1.0, 0.9, -0.9], [0.5, 0.0, 0.0], [-1.0, 1.2, -2.4], [2, -9, 9]]
    )
    seen = mirrored_and_shifted(images, noise)
    assert torch.equal(seen[0], images[0])
    assert torch.equal(seen[1], images[1].flip(2))
    moved = torch.zeros(1, 6, 5)  # one row up, one column to the right
    moved[:, :-1, 1:] = images[2, :, 1:, :-1]
    assert torch.equal(seen[2], moved)
    moved = torch.zeros(1, 6, 5)  # never farther: one down, one left
    moved[:, 1:, :-1] = images[3].flip(2)[:, :-1, 1:]
    assert torch.equal(seen[3], moved)


def test_augmented_images_are_the_same_on_any_number_of_ranks():
    config = config_of("cnn", "small", data="excerpt", limit=40, device="cpu")
    task = make_task("cnn", "small", config)
    alone = Batches(task, config, World())
    (whole,) = alone.parts(1)
    halves = [
        Batches(task, config, World(rank=rank, size=2)).parts(1)[0]
        for rank in (0, 1)
    ]
    for both, mine, others in zip(whole.batch, *(h.batch for h in halves),
                                  strict=True):  # fmt: skip
        assert torch.equal(both, torch.cat([mine, others]))
    assert len(whole.batch) == 3  # images, labels, noise


def test_the_distance_of_gaussians_is_the_formula():
    rng = np.random.default_rng(0)
    spread = np.diag([1.0, 4.0, 9.0])
    one = Moments(np.zeros(3), spread)
    other = Moments(np.array([1.0, 2.0, 2.0]), spread * 4)
    # For covariances that commute: the sum of (sqrt(a) - sqrt(b))**2.
    assert frechet_distance(one, other) == pytest.approx(9 + 1 + 4 + 9)
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    turned = [Moments(turn @ m, turn @ c @ turn.T) for m, c in (one, other)]
    assert frechet_distance(*turned) == pytest.approx(23)
    rows = rng.standard_normal((500, 3)) * [1, 2, 3]
    assert frechet_distance(moments_of(rows), moments_of(rows)) < 1e-10
    assert frechet_distance(moments_of(rows), moments_of(rows[:, ::-1])) > 1


def test_modes_are_counted_only_where_points_are():
    points = torch.from_numpy(ring_of_gaussians(2_000, 0))
    assert modes_covered(points) == 8
    right = points[points[:, 0] > 0.5]  # three of the eight
    assert modes_covered(right) == 3
    assert modes_covered(torch.zeros(100, 2)) == 0
    stray = torch.cat([right, points[points[:, 0] < 0.5][:2]])
    assert modes_covered(stray) == 3
    assert share_on_modes(points) > 0.95
    assert share_on_modes(torch.cat([points, 0 * points])) < 0.5


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_learns_from_signals(reader, tmp_path):
    config = TrainConfig(
        steps=2, limit=50, device="cpu", out=str(tmp_path), seed=3
    )
    task = signals(reader, config)
    assert len(task.training[1]) == 45
    assert len(task.validation[1]) == 5
    assert len(task.test[1]) == 1_000
    assert np.isfinite(train(task, config, str)[-1].loss)
    with seeded(3):
        network, arguments = READERS[reader]
        again = network(**arguments)
    first = signals(reader, config).model
    for mine, theirs in zip(first.parameters(), again.parameters(),
                            strict=True):  # fmt: skip
        assert torch.equal(mine, theirs)


def test_shuffled_signals_are_the_same_values_elsewhere():
    task = signals("mlp", TrainConfig(device="cpu"), shuffled=True)
    known, test = mnist1d()
    assert task.name == "mnist1d_mlp_shuffled"
    assert len(task.training[1]) == 3_600
    for row in (0, 7):
        shuffled = task.test[0][row].numpy()
        assert not np.array_equal(shuffled, test.signals[row])
        assert np.array_equal(np.sort(shuffled), np.sort(test.signals[row]))
    order = [
        int(np.flatnonzero(known.signals[0] == value)[0])
        for value in task.training[0][0].numpy()
    ]
    assert np.array_equal(task.test[0].numpy(), test.signals[:, order])


def test_a_reader_may_learn_from_what_would_be_held_back():
    config = TrainConfig(device="cpu", limit=50)
    held, every = (
        signals("linear", config, held_back=held_back)
        for held_back in (True, False)
    )
    known, _ = mnist1d()
    assert (held.name, every.name) == ("mnist1d_linear", "mnist1d_linear_all")
    assert [len(held.training[1]), len(every.training[1])] == [45, 50]
    for number, part in enumerate(known):
        assert np.array_equal(every.training[number].numpy(), part[:50])
        kept = every.validation[number], held.validation[number]
        assert torch.equal(*kept)
        assert np.array_equal(kept[0].numpy(), part[45:50])


def test_a_reader_that_is_not_there():
    with pytest.raises(ValueError, match="reader is 'lstm', expected one of"):
        signals("lstm", TrainConfig())


@pytest.mark.parametrize("ema", [0.0, 0.5])
def test_a_checkpoint_gives_what_was_judged_at_it(ema, tmp_path):
    config = TrainConfig(
        steps=4, evaluate_every=2, limit=50, device="cpu", ema=ema, keep=5
    )
    task = signals("mlp", config)
    reports = train(task, config, str, tmp_path)
    for path, report in zip(checkpoints(tmp_path), reports, strict=True):
        task.model.load_state_dict(judged_weights(path))
        assert evaluate(task, task.validation) == report.value


def test_a_presets_options():
    words = ["--steps", "7", "--beta1", "0.1"]
    config = read_preset("gan", "page", "x", words)
    assert config == config_of("gan", "page", steps=7, beta1=0.1)
    with pytest.raises(SystemExit, match="beta1 is 2"):
        read_preset("gan", "page", "x", ["--beta1", "2"])
