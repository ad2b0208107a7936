"""A ledger counts what torch counts, and leaves the model as it was."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tutorial_kernels import nn
from tutorial_kernels.models.autoencoder import ConvAutoencoder
from tutorial_kernels.models.cnn import SimpleCNN
from tutorial_kernels.models.fnn import SimpleNN
from tutorial_kernels.page.widgets import Ledger
from tutorial_kernels.page.widgets.layer_costs import costs_of


def rows(cost):
    return [
        (layer.name, layer.shape, layer.parameters, layer.multiply_adds)
        for layer in cost.layers
    ]


def test_the_two_networks_of_the_architecture_chapter():
    assert rows(costs_of(SimpleNN(), np.zeros((1, 4), np.float32))) == [
        ("fc1", (1, 8), 40, 32),
        ("relu", (1, 8), 0, 0),
        ("fc2", (1, 3), 27, 24),
    ]
    cost = costs_of(SimpleCNN(), np.zeros((1, 1, 28, 28), np.float32))
    assert rows(cost) == [
        ("conv1", (1, 16, 26, 26), 160, 97_344),
        ("relu", (1, 16, 26, 26), 0, 0),
        ("pool", (1, 16, 13, 13), 0, 0),
        ("(flatten)", (1, 2704), 0, 0),
        ("fc1", (1, 10), 27_050, 27_040),
    ]
    assert cost.parameters == 27_210
    memory = [layer.bytes for layer in cost.layers]
    assert memory == [43_264, 43_264, 10_816, 0, 40]  # flatten is a view


LAYERS = {
    "conv2d": (lambda n: n.Conv2d(4, 6, 3, 2, 1, groups=2), (2, 4, 9, 9)),
    "transposed": (lambda n: n.ConvTranspose2d(3, 5, 4, 2, 1), (2, 3, 7, 7)),
    "linear": (lambda n: n.Linear(5, 7), (2, 3, 5)),
    "attention": (
        lambda n: n.TransformerEncoderLayer(16, 4, 32, batch_first=True),
        (2, 6, 16),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_multiply_adds_are_half_of_torchs_flops(name):
    make, shape = LAYERS[name]
    cost = costs_of(make(nn), np.ones(shape, np.float32))
    twin = make(torch.nn)
    with FlopCounterMode(display=False) as counter:
        twin.train()(torch.ones(shape))
    ours = sum(layer.multiply_adds for layer in cost.layers)
    assert ours == counter.get_total_flops() // 2
    assert cost.parameters == sum(p.numel() for p in twin.parameters())
    assert sum(layer.parameters for layer in cost.layers) == cost.parameters


@pytest.mark.parametrize(
    ("kind", "gates"), [("RNN", 1), ("GRU", 3), ("LSTM", 4)]
)
def test_a_recurrent_layer_works_at_every_step(kind, gates):
    layer = getattr(nn, kind)(5, 7, 2, batch_first=True, bidirectional=True)
    (row,) = costs_of(layer, np.ones((3, 11, 5), np.float32)).layers
    first, second = gates * 7 * (5 + 7), gates * 7 * (14 + 7)
    assert row.multiply_adds == 3 * 11 * 2 * (first + second)
    assert (row.kind, row.shape) == (kind, (3, 11, 14))


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_steps_in_time_wait_for_one_another_and_directions_do_not(kind):
    for layers, ways in ((1, False), (3, False), (1, True), (2, True)):
        layer = getattr(nn, kind)(
            5, 7, layers, batch_first=True, bidirectional=ways
        )
        cost = costs_of(layer, np.ones((3, 11, 5), np.float32))
        joined = layers * ways  # of both directions, after each layer
        assert cost.steps == cost.layers[0].steps == 11 * layers + joined


def test_attention_takes_as_many_steps_however_long_the_sequence():
    block = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
    short, long = (
        costs_of(block, np.ones((2, length, 16), np.float32))
        for length in (3, 60)
    )
    assert short.steps == long.steps == sum(x.steps for x in long.layers)


def test_branches_count_by_the_longer_one_and_views_as_nothing():
    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.short, self.long = nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, x):
            return self.short(x).reshape(-1) + self.long(x).exp().flatten()

    cost = costs_of(Branches(), np.ones((2, 4), np.float32))
    assert sum(row.steps for row in cost.layers) == 4
    assert cost.steps == 3  # a product, exp, and the sum


def test_another_model_takes_the_place_of_the_first():
    widget = Ledger(SimpleNN(), (1, 4))
    widget.redraw(SimpleCNN(), (2, 1, 28, 28))
    assert widget["shapes"] == [[2, 1, 28, 28]]
    assert widget.model()["initial"]["shapes"] == [[2, 1, 28, 28]]
    assert widget.summary().startswith("5 rows, 27,210 parameters, ")
    assert widget.receive({"shapes": [[1, 4]]}) == []  # the first one's
    for callback in widget.receive({"shapes": [[1, 1, 30, 30]]}):
        callback(widget)
    assert "linear: weight has 2704" in widget["failure"]
    with pytest.raises(TypeError, match="give the shape of an input"):
        widget.redraw(SimpleNN())
    with pytest.raises(ValueError, match="is too large"):
        widget.redraw(SimpleNN(), (1_000_001, 4))
    assert widget["shapes"] == [[1, 1, 30, 30]]  # as it was


def test_every_model_is_accounted_for_to_the_last_parameter():
    cases = [
        (SimpleNN(), (2, 4)),
        (ConvAutoencoder(), (2, 1, 28, 28)),
        (nn.TransformerDecoderLayer(16, 4, 32), (5, 2, 16), (6, 2, 16)),
    ]
    for model, *shapes in cases:
        cost = costs_of(model, *[np.ones(shape, "f4") for shape in shapes])
        assert cost.failure == ""
        assert sum(row.parameters for row in cost.layers) == cost.parameters


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.5), nn.Linear(6, 2)
    )
    model[0].weight.requires_grad = False
    model[1].eval()
    before = {key: value.copy() for key, value in model.state_dict().items()}
    costs_of(model, np.random.default_rng(0).normal(size=(8, 4)).astype("f4"))
    assert not any("forward" in vars(module) for module in model.modules())
    for key, value in model.state_dict().items():
        assert np.array_equal(value, before[key])
    assert [m.training for m in model] == [True, False, True, True]
    wishes = [p.requires_grad for p in model.parameters()]
    assert wishes == [False, True, True, True, True, True]
    assert all(p.grad is None for p in model.parameters())


def test_a_shared_layer_counts_once_and_works_twice():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x):
            return self.fc(self.fc(x)) + x

    cost = costs_of(Twice(), np.ones((1, 4), np.float32))
    assert rows(cost) == [
        ("fc", (1, 4), 20, 16),
        ("fc", (1, 4), 0, 16),
        ("(add)", (1, 4), 0, 0),
    ]


def test_token_ids_are_an_input_too():
    model = nn.Sequential(nn.Embedding(10, 6), nn.Flatten(), nn.Linear(18, 2))
    cost = costs_of(model, np.array([[1, 2, 9]]))
    assert [row.parameters for row in cost.layers] == [60, 0, 38]
    widget = Ledger(model, np.array([[1, 2, 9]]))
    for callback in widget.receive({"shapes": [[5, 3]]}):
        callback(widget)  # the same ids again: none is out of range
    assert widget["failure"] == ""
    assert widget["rows"][-1]["shape"] == "5×2"


def test_a_size_that_does_not_fit_shows_where_and_why():
    widget = Ledger(SimpleCNN(), (1, 1, 28, 28))
    assert "27,210 parameters, 124,384 multiply-adds" in widget.summary()
    for size, refused in ((29, False), (30, True), (28, False)):
        for callback in widget.receive({"shapes": [[1, 1, size, size]]}):
            callback(widget)
        assert (widget["rows"][-1]["shape"] == "refused") is refused
        assert ("linear: weight has 2704" in widget["failure"]) is refused
        assert widget["totals"]["parameters"] == 27_210


@pytest.mark.parametrize(
    "shapes",
    [[[1, 1, 28]], [[1, 1, 0, 28]], [[1, 1, 28.0, 28]], [], "x", None,
     [[1, 1, 9999, 9999]], [[1, 1, True, 28]]],
)  # fmt: skip
def test_a_link_with_another_shape_is_set_back(shapes):
    widget = Ledger(SimpleCNN(), (1, 1, 28, 28))
    assert widget.receive({"shapes": shapes, "column": "color"}) == []
    assert widget["shapes"] == [[1, 1, 28, 28]]
    assert widget["column"] == "parameters"


def test_what_is_no_model_gets_a_sentence():
    with pytest.raises(TypeError, match="must be a Module, got function"):
        Ledger(lambda x: x, (1, 4))
    with pytest.raises(TypeError, match="give the shape of an input"):
        Ledger(SimpleNN())
    with pytest.raises(ValueError, match="is too large, at most 4,000,000"):
        Ledger(SimpleNN(), (1_000_001, 4))


def test_the_table_of_a_terminal():
    lines = Ledger(SimpleNN(), (1, 4)).text().splitlines()
    assert lines[1].split() == ["fc1", "Linear", "1×8", "40", "32", "32", "1"]
    assert lines[-1].split() == ["Total", "67", "56", "76", "3"]
    assert len({len(line) for line in lines}) == 1
