"""Every task: a few steps of its page, and NumPy reads what comes out."""

import importlib
import json

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor
from tutorial_kernels.training import (
    TASKS,
    TrainConfig,
    config_of,
    evaluate,
    export_weights,
    make_task,
    train,
)
from tutorial_kernels.training.presets import PRESETS
from tutorial_kernels.training.ring import (
    Players,
    energy_distance,
    game_loss,
    ring_of_gaussians,
)
from tutorial_kernels.training.tasks import preset_of
from tutorial_kernels.weights import read_safetensors

LANGUAGE = ("bigram", "char_rnn", "char_lstm", "char_gru", "transformer")
LIMITS = dict.fromkeys(LANGUAGE, 4_000)


def page(name, tmp_path, **settings):
    given = {
        "device": "cpu", "steps": 3, "evaluate_every": 3,
        "limit": LIMITS.get(name, 200), "out": str(tmp_path),
    }  # fmt: skip
    config = config_of(name, "page", **given | settings)
    return config, make_task(name, "page", config)


@pytest.mark.parametrize("name", TASKS)
def test_numpy_reads_what_three_steps_export(name, tmp_path):
    config, task = page(name, tmp_path)
    (report,) = train(task, config, str)
    assert report.metric == task.metric == TASKS[name].metric
    assert np.isfinite([report.loss, report.value]).all()
    assert np.isfinite(evaluate(task, task.test))
    path = export_weights(
        task.network, tmp_path, name, config, [report],
        arguments=dict(task.arguments),
    )  # fmt: skip
    record = json.loads(path.with_suffix(".json").read_text())

    twin = type(task.network).__module__.replace("torch_models", "models")
    module = importlib.import_module(twin)
    model = getattr(module, record["model"])(**record["arguments"])
    model.load_state_dict(read_safetensors(path))
    if name == "gan":
        inputs = (torch.randn(5, task.noise_size),)
    else:
        inputs = (task.test[0][:5],)
        if task.noise_size:
            inputs += (torch.randn(5, task.noise_size),)
    task.network.eval()
    model.eval()
    with torch.no_grad():
        theirs = task.network(*inputs)
    ours = model(*(given(x) for x in inputs))
    if not isinstance(ours, tuple):
        ours, theirs = (ours,), (theirs,)
    for mine, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.data, expected.numpy(), atol=1e-4)


def given(x):
    """Tokens stay integers; the rest becomes a tensor of ours."""
    array = np.ascontiguousarray(x.numpy())
    return Tensor(array) if x.is_floating_point() else array


@pytest.mark.parametrize("name", TASKS)
def test_every_preset_is_a_set_of_settings(name):
    assert list(PRESETS) == list(TASKS)
    sizes = ["page", "small", "full"]
    if name == "transformer":
        sizes.insert(2, "medium")
    assert list(PRESETS[name]) == sizes
    for preset in PRESETS[name]:
        config = config_of(name, preset)
        assert config.out == f"runs/{name}"
        assert config.steps or config.epochs


def test_options_win_over_presets():
    config = config_of("lstm", "page", learning_rate=0.5, epochs=2)
    assert config == TrainConfig(
        learning_rate=0.5, epochs=2, evaluate_every=100, out="runs/lstm"
    )
    assert config_of("lstm", "page").steps == 300


def test_names_that_are_not_there():
    with pytest.raises(ValueError, match="no task 'mlp', expected one of fnn"):
        config_of("mlp", "page")
    with pytest.raises(ValueError, match="fnn has no preset 'huge', expected"):
        preset_of("fnn", "huge")
    with pytest.raises(TypeError, match="TrainConfig has no setting 'lr'"):
        config_of("fnn", "page", lr=0.1)


@pytest.mark.parametrize("name", ["fnn", "autoencoder", "cnn", "transformer"])
def test_a_limit_that_leaves_too_little(name, tmp_path):
    with pytest.raises(ValueError, match="limit is 9, expected"):
        page(name, tmp_path, limit=9)


def test_one_seed_one_network(tmp_path):
    def first_weight(seed):
        torch.rand(3)  # the global generator is no input
        _, task = page("vae", tmp_path, seed=seed)
        return next(task.model.parameters()).detach().numpy().copy()

    before = torch.get_rng_state()
    _, _ = page("vae", tmp_path)
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(first_weight(1), first_weight(1))
    assert not np.array_equal(first_weight(1), first_weight(2))


def test_a_forecast_sees_the_hours_before_and_not_the_hour_itself(tmp_path):
    from tutorial_kernels.data import electricity

    _, task = page("lstm", tmp_path, limit=None)
    training, validation, test = (part.values for part in electricity())
    mean, std = task.facts["mean"], task.facts["std"]
    assert mean == pytest.approx(training.mean())
    assert std == pytest.approx(training.std())
    load = np.concatenate([training, validation, test])
    start = 0
    for part, values in (
        (task.training, training[24:]),
        (task.validation, validation),
        (task.test, test),
    ):
        x, target = (side.numpy() * std + mean for side in part)
        assert np.allclose(target[:, 0], values, rtol=1e-5)
        for row in (0, len(x) - 1):
            hours = load[start + row : start + row + 24]
            assert np.allclose(x[row, :, 0], hours, rtol=1e-5)
        start += len(x)


def test_a_day_ahead_sees_the_days_before_and_not_the_day_itself(tmp_path):
    from tutorial_kernels.data import electricity

    _, task = page("electricity_lstm", tmp_path, limit=None)
    parts = [part.values for part in electricity()]
    mean, std = task.facts["mean"], task.facts["std"]
    assert mean == pytest.approx(parts[0].mean())
    assert std == pytest.approx(parts[0].std())
    days = np.concatenate(parts).reshape(-1, 24)
    assert [len(part[0]) for part in (task.training, task.validation)] == [
        len(parts[0]) // 24 - 7,
        len(parts[1]) // 24,
    ]
    assert len(task.test[0]) == 365
    start = 0
    for x, change in (task.training, task.validation, task.test):
        for row in (0, len(x) - 1):
            day = start + row + 7
            seen = x[row].numpy() * std + mean
            assert np.allclose(seen, days[day - 7 : day], rtol=1e-5)
            forecast = days[day - 1] + change[row].numpy() * std
            assert np.allclose(forecast, days[day], rtol=1e-5)
        start += len(x)


def test_the_measure_of_a_day_is_its_mean_error_in_kilowatts(tmp_path):
    _, task = page("electricity_gru", tmp_path)
    with torch.no_grad():
        wrong = (task.model(task.test[0]) - task.test[1]).abs().numpy()
    expected = wrong.mean() * task.facts["std"]
    assert evaluate(task, task.test) == pytest.approx(expected, rel=1e-5)


def test_the_measure_of_a_forecast_is_in_kilowatts(tmp_path):
    _, task = page("gru", tmp_path)
    target = task.test[1].numpy()
    with torch.no_grad():
        forecast = task.model(task.test[0]).numpy()
    expected = np.abs(forecast - target).mean() * task.facts["std"]
    assert evaluate(task, task.test) == pytest.approx(expected, rel=1e-5)


def test_a_text_is_read_character_by_character(tmp_path):
    from tutorial_kernels.data import romeo_and_juliet

    _, task = page("transformer", tmp_path)
    characters, (known, _) = task.facts["characters"], romeo_and_juliet()
    tokens, targets = task.training
    assert "".join(characters[n] for n in tokens[7]) == known[207:239]
    assert "".join(characters[n] for n in targets[7]) == known[208:240]
    # A network that knows nothing needs log(V) nats.
    torch.nn.init.zeros_(task.model.head.weight)
    nats = np.log(len(characters))
    assert evaluate(task, task.test) == pytest.approx(nats, rel=1e-5)


def test_each_player_gets_the_gradient_of_its_own_loss():
    from tutorial_kernels.torch_models.gan import (
        discriminator_loss,
        generator_loss,
    )

    torch.manual_seed(0)
    players = Players(2, 8).double()
    real, noise = torch.randn(2, 6, 2, dtype=torch.float64)
    generator, discriminator = players.generator, players.discriminator
    fooled = generator_loss(discriminator(generator(noise)))
    expected = list(torch.autograd.grad(fooled, generator.parameters()))
    caught = discriminator_loss(
        discriminator(real), discriminator(generator(noise).detach())
    )
    expected += torch.autograd.grad(caught, discriminator.parameters())
    loss = game_loss(players, real, noise)
    assert loss.item() == pytest.approx((fooled + caught).item())
    found = torch.autograd.grad(loss, players.parameters())
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-14)


def test_the_energy_distance_sees_a_mode_that_is_missed():
    points = torch.from_numpy(ring_of_gaussians(1_000, 1))
    others = torch.from_numpy(ring_of_gaussians(1_000, 2))
    one_mode = points[(points - torch.tensor([2.0, 0.0])).norm(dim=1) < 0.5]

    def distance(fakes):
        players = torch.nn.Module()
        players.generator = lambda noise: fakes[: len(noise)]
        noise = torch.zeros(len(fakes), 1)
        return energy_distance(players, points[: len(fakes)], noise).mean()

    assert abs(distance(others)) < 0.01
    assert distance(one_mode) > 1
    radii = points.norm(dim=1)
    assert abs(radii.mean() - 2) < 0.01
    assert radii.std() == pytest.approx(0.05, rel=0.1)
