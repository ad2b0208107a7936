"""What a step takes, against what pen and paper say."""

import pytest
import torch

from tutorial_kernels.training import TrainConfig, signals
from tutorial_kernels.training.cost import cost_of_step
from tutorial_kernels.training.tasks import config_of, make_task


def test_the_cost_of_linear_layers_is_the_formula():
    config = TrainConfig(batch_size=64, device="cpu", limit=100, ema=0.9)
    cost = cost_of_step(signals("mlp", config), config)
    sizes = [(40, 100), (100, 100), (100, 10)]
    products = sum(2 * 64 * a * b for a, b in sizes)
    # Backward as much again for the weights, and for all inputs but the first.
    assert cost.flops == 3 * products - 2 * 64 * 40 * 100
    assert cost.parameters == 15_210
    # Weights, gradients, two moments, the average; the rest was kept.
    kept = cost.bytes - 5 * 4 * 15_210
    assert 64 * 4 * (40 + 100 + 100 + 10) <= kept <= 64 * 4 * 600


def test_parts_of_a_batch_take_less_memory_and_no_less_arithmetic():
    whole, parts = (
        TrainConfig(batch_size=64, device="cpu", limit=100, accumulation=count)
        for count in (1, 4)
    )
    one = cost_of_step(signals("cnn", whole), whole)
    other = cost_of_step(signals("cnn", parts), parts)
    assert one.flops == other.flops
    assert one.bytes > other.bytes
    assert one.parameters == other.parameters


def test_a_player_that_is_not_trained_by_a_loss_costs_its_forward():
    config = config_of("gan", "page", limit=200, device="cpu")
    cost = cost_of_step(make_task("gan", "page", config), config)
    layer = 2 * 128 * (2 * 64 + 64 * 64 + 64 * 2)  # of the generator
    assert cost.flops > 3 * layer
    assert cost.parameters == 4_482 + 4_417


def test_an_lstm_has_four_products_for_the_three_of_a_gru(monkeypatch):
    """Also where the library makes all of it in one call, and another program
    has forbidden to set its flags for good."""
    monkeypatch.setattr(
        torch.backends, "__allow_nonbracketed_mutation_flag", False
    )
    flops = {}
    for name in ("lstm", "gru"):
        config = config_of(name, "small", limit=200, device="cpu")
        cost = cost_of_step(make_task(name, "small", config), config)
        flops[name] = cost.flops
    assert flops["lstm"] / flops["gru"] == pytest.approx(4 / 3, rel=0.02)
