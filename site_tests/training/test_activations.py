"""Six activations on Fashion-MNIST: their record holds together.

The runs take a quarter of an hour and are not made again here; what starts
them, and the networks that were never trained, are.
"""

import json

import numpy as np
import pytest
import torch
from torch import nn

from site_tests.programs import module_of
from tutorial_kernels.data import fashion_mnist_excerpt


@pytest.fixture(scope="module")
def maker(root):
    return module_of(root / "docs/assets/results/make_activations.py")


@pytest.fixture(scope="module")
def record(maker):
    return json.loads(maker.RESULTS.read_text())


def test_all_six_ran_as_the_script_says(maker, record):
    config = maker.CONFIG
    assert [run["activation"] for run in record["runs"]] == list(maker.SIX)
    assert tuple(record["hidden"]) == maker.HIDDEN
    assert record["seed"] == config.seed
    for run in record["runs"]:
        assert run["published"] == maker.SIX[run["activation"]][1]
        assert run["epochs"] == min(
            config.epochs, run["best_epoch"] + config.patience
        )


def test_they_come_as_near_to_the_published_as_the_chapter_says(record):
    for run in record["runs"]:
        assert abs(run["test_accuracy"] - run["published"]) <= 0.01, run


def test_a_layer_adds_up(maker, record):
    for run in record["runs"]:
        units = tuple(layer["units"] for layer in run["layers"])
        assert units == maker.HIDDEN
        for layer in run["layers"]:
            assert len(layer["shares"]) == maker.BINS
            drawn = sum(layer["shares"]) + layer["zeros"]
            assert drawn == pytest.approx(1, abs=0.003)  # the far ends
            assert layer["dead_in_test"] <= layer["zeros"]


def test_units_are_counted_dead_only_if_all_images_leave_them_at_0(maker):
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 3), nn.ReLU())
    model.append(nn.Linear(3, 2))
    with torch.no_grad():
        model[1].weight[:] = torch.tensor([[1.0], [-1.0], [0.0]])
        model[1].bias[:] = torch.tensor([0.0, -1_998.0, -1.0])
    images = torch.arange(2_000.0)[:, None]
    assert maker.dead(model, images) == [0.6667]
    assert maker.dead(model, -images) == [0.6667]
    assert maker.dead(model, torch.cat([images, -images])) == [0.3333]


def test_the_networks_that_were_not_trained_are_counted_again(maker, record):
    """On 2,000 images: a few more units are 0 on all of them."""
    images = torch.from_numpy(2 * fashion_mnist_excerpt()[0].images - 1)
    again = maker.ten_layers(images, seeds=maker.SEEDS[:1])
    for key in ("dead_as_torch_starts", "dead_as_he_starts"):
        more = np.subtract(again[key][0], record["ten_layers"][key][0])
        assert more.min() > -0.009  # a unit of 128
        assert more.mean() < 0.05
    assert record["ten_layers"]["dead_as_torch_starts"][0][8] == 0.5625
