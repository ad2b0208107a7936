"""Every function of nn.init draws what torch's draws, in large samples."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.nn.twins import both
from tutorial_kernels import Tensor, manual_seed, nn

COUNT = 40_000
FAR = 1.95 * math.sqrt(2 / COUNT)  # one pair in 1,000 of one law is farther


def distance(one: Any, other: Any) -> float:
    """The largest gap between two distribution functions: Kolmogorov's."""
    one, other = np.sort(np.ravel(one)), np.sort(np.ravel(other))
    both_ = np.concatenate([one, other])
    steps = [np.searchsorted(x, both_, "right") / x.size for x in (one, other)]
    return float(np.abs(steps[0] - steps[1]).max())


def empties(*shape: int) -> tuple[Any, Any]:
    return nn.Parameter(np.full(shape, 7.0)), torch.full(shape, 7.0).double()


DRAWN: list[tuple[str, dict[str, Any]]] = [
    ("uniform_", {}),
    ("uniform_", {"a": -2.0, "b": 0.5}),
    ("normal_", {}),
    ("normal_", {"mean": 3.0, "std": 0.1}),
    ("trunc_normal_", {}),
    ("trunc_normal_", {"std": 0.02}),
    ("trunc_normal_", {"std": 5.0}),
    ("trunc_normal_", {"mean": 1.0, "std": 2.0, "a": 0.0, "b": 2.5}),
    ("trunc_normal_", {"mean": 0.5, "std": 0.5, "a": 1.0, "b": 2.0}),
    ("trunc_normal_", {"mean": 0.0, "std": 3.0, "a": -1.0, "b": 1.5}),
    ("xavier_uniform_", {}),
    ("xavier_normal_", {"gain": 3.0}),
    ("kaiming_uniform_", {}),
    ("kaiming_uniform_", {"a": 2.0, "mode": "fan_out"}),
    ("kaiming_normal_", {"nonlinearity": "selu"}),
    ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("orthogonal_", {}),
    ("orthogonal_", {"gain": 0.3}),
    ("sparse_", {"sparsity": 0.3}),
]


@pytest.mark.parametrize(("name", "options"), DRAWN, ids=str)
def test_large_samples_are_alike(name: str, options: dict[str, Any]) -> None:
    manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = empties(100, 400)
    assert getattr(nn.init, name)(ours, **options) is ours
    getattr(torch.nn.init, name)(theirs, **options)
    assert distance(ours.data, theirs.numpy()) < FAR
    assert ours.data.std() == pytest.approx(theirs.std().item(), rel=0.02)
    if "uniform" in name or options.get("std", 0) > 0.4:
        ends = theirs.min().item(), theirs.max().item()
        width = ends[1] - ends[0]
        found = ours.data.min(), ours.data.max()
        assert found == pytest.approx(ends, abs=0.02 * width)


def test_the_distance_tells_distributions_apart() -> None:
    rng = np.random.default_rng(0)
    one = rng.normal(size=COUNT)
    assert distance(one, rng.normal(size=COUNT)) < FAR
    assert distance(one, 1.05 * rng.normal(size=COUNT)) > FAR
    assert distance(one, 0.05 + rng.normal(size=COUNT)) > FAR


LAYERS: list[Callable[[Any], Any]] = [
    lambda nn: nn.Linear(100, 400),
    lambda nn: nn.Conv1d(40, 200, 5),
    lambda nn: nn.Conv2d(40, 120, 3, groups=2),
    lambda nn: nn.ConvTranspose1d(40, 200, 5),
    lambda nn: nn.ConvTranspose2d(40, 120, 3, groups=2),
    lambda nn: nn.Embedding(100, 400),
    lambda nn: nn.RNN(100, 300),
    lambda nn: nn.LSTM(80, 100, num_layers=2, bidirectional=True),
    lambda nn: nn.GRU(80, 100),
    lambda nn: nn.GRUCell(80, 100),
    lambda nn: nn.BatchNorm2d(5),
    lambda nn: nn.LayerNorm(5),
]


@pytest.mark.parametrize("build", LAYERS)
def test_layers_start_as_in_torch(build: Callable[[Any], Any]) -> None:
    manual_seed(1)
    torch.manual_seed(1)
    ours, theirs = both(build)
    state, torch_state = ours.state_dict(), theirs.state_dict()
    assert list(state) == list(torch_state)
    for key, tensor in torch_state.items():
        one, other = state[key], tensor.numpy()
        assert one.shape == other.shape
        bound = 1.95 * math.sqrt(2 / one.size)
        assert distance(one, other) <= bound, key
        assert abs(one).max() == pytest.approx(abs(other).max(), rel=0.3), key


@pytest.mark.parametrize(
    "shape", [(3, 5), (5, 3), (4, 4), (6, 2, 3), (2, 3, 2, 2), (0, 3)]
)
@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_orthogonal_weights(shape: tuple[int, ...], gain: float) -> None:
    ours, theirs = empties(*shape)
    nn.init.orthogonal_(ours, gain)
    torch.nn.init.orthogonal_(theirs, gain)
    for weight in (ours.data, theirs.numpy()):
        if weight.size:
            matrix = weight.reshape(len(weight), -1)
            short = min(matrix.shape)
            wide = matrix.shape[0] == short
            product = matrix @ matrix.T if wide else matrix.T @ matrix
            np.testing.assert_allclose(
                product, gain**2 * np.eye(short), atol=1e-12
            )


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4)])
def test_identity_weights(shape: tuple[int, int]) -> None:
    ours, theirs = empties(*shape)
    assert nn.init.eye_(ours) is ours
    torch.nn.init.eye_(theirs)
    np.testing.assert_array_equal(ours.data, theirs.numpy())


@pytest.mark.parametrize(
    ("shape", "groups"),
    [((4, 2, 3), 1), ((4, 2, 3), 2), ((2, 4, 2, 5), 1), ((6, 4, 3, 3), 3), ((2, 2, 3, 4, 5), 1)],
)  # fmt: skip
def test_dirac_weights(shape: tuple[int, ...], groups: int) -> None:
    ours, theirs = empties(*shape)
    assert nn.init.dirac_(ours, groups) is ours
    torch.nn.init.dirac_(theirs, groups)
    np.testing.assert_array_equal(ours.data, theirs.numpy())


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.55, 1.0])
def test_sparse_weights_have_torchs_zeros(sparsity: float) -> None:
    ours, theirs = empties(9, 7)
    nn.init.sparse_(ours, sparsity, std=2.0)
    torch.nn.init.sparse_(theirs, sparsity, std=2.0)
    zeros = (ours.data == 0).sum(0)
    np.testing.assert_array_equal(zeros, (theirs.numpy() == 0).sum(0))


def test_every_function_of_torch_is_there_with_its_arguments() -> None:
    theirs = {
        name
        for name in torch.nn.init.__all__
        if name.endswith("_") or name == "calculate_gain"
    }
    for name in theirs:
        one = inspect.signature(getattr(nn.init, name)).parameters
        other = inspect.signature(getattr(torch.nn.init, name)).parameters
        assert list(one) == list(other), name
        for key, parameter in other.items():
            assert one[key].default == parameter.default, (name, key)


def test_gains_are_torchs() -> None:
    names = [
        "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d",
        "conv_transpose2d", "conv_transpose3d", "sigmoid", "tanh", "relu",
        "leaky_relu", "selu",
    ]  # fmt: skip
    for name in names:
        for param in (None, 0.2, 0):
            expected = torch.nn.init.calculate_gain(name, param)
            assert nn.init.calculate_gain(name, param) == expected


def test_a_generator_of_ones_own_is_used() -> None:
    for name, options in DRAWN:
        values = []
        for _ in range(2):
            manual_seed(len(values))
            weight, _ = empties(4, 5)
            rng = np.random.default_rng(3)
            getattr(nn.init, name)(weight, **options, generator=rng)
            values.append(weight.data)
        np.testing.assert_array_equal(*values)


def test_layers_without_inputs_or_outputs() -> None:
    for inputs, outputs in ((0, 3), (3, 0), (0, 0)):
        ours = nn.Linear(inputs, outputs)
        out = ours(Tensor(np.ones((2, inputs), np.float32)))
        np.testing.assert_array_equal(
            out.data, np.broadcast_to(ours.bias.data, (2, outputs))
        )
        assert not inputs or not ours.bias.data.size or ours.bias.data.any()
        nn.init.xavier_normal_(ours.weight)


def zeros(*shape: int) -> Tensor:
    return Tensor(np.zeros(shape))


MISTAKES: list[tuple[Callable[[], Any], str]] = [
    (lambda: nn.init.eye_(zeros(3)), "eye_: the tensor must have 2 dimensions, got shape (3,)"),
    (lambda: nn.init.sparse_(zeros(2, 2, 2), 0.1), "sparse_: the tensor must have 2 dimensions, got shape (2, 2, 2)"),
    (lambda: nn.init.dirac_(zeros(4, 2)),
     "dirac_: the tensor must have 3 to 5 dimensions and groups divide the first, got shape (4, 2) and groups 1"),
    (lambda: nn.init.dirac_(zeros(4, 2, 3), 3),
     "dirac_: the tensor must have 3 to 5 dimensions and groups divide the first, got shape (4, 2, 3) and groups 3"),
    (lambda: nn.init.trunc_normal_(zeros(2), a=1.0, b=0.0),
     "trunc_normal_: a must be below b and std above 0, got a=1.0, b=0.0, std=1.0"),
    (lambda: nn.init.orthogonal_(zeros(3)),
     "init: weights need at least two dimensions to have a fan-in and a fan-out, got shape (3,)"),
    (lambda: nn.utils.vector_to_parameters(zeros(3), [zeros(2, 2)]),
     "vector_to_parameters: vec must have shape (4,), got (3,)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), MISTAKES)
def test_mistakes(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value) == sentence


def test_parameters_go_into_a_vector_and_back() -> None:
    ours, theirs = both(
        lambda nn: nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1, bias=False))
    )
    ours.load_state_dict(theirs.state_dict())
    vector = nn.utils.parameters_to_vector(ours.parameters())
    expected = torch.nn.utils.parameters_to_vector(theirs.parameters())
    np.testing.assert_array_equal(vector.data, expected.detach().numpy())
    weight = np.random.default_rng(0).standard_normal(vector.shape)
    vector.backward(weight)
    expected.backward(torch.tensor(weight))
    arrays = [p.data for p in ours.parameters()]
    nn.utils.vector_to_parameters(Tensor(vector.data + 1), ours.parameters())
    torch.nn.utils.vector_to_parameters(expected + 1, theirs.parameters())
    for p, q, a in zip(
        ours.parameters(), theirs.parameters(), arrays, strict=True
    ):
        assert p.data is a
        np.testing.assert_array_equal(p.data, q.detach().numpy())
        np.testing.assert_array_equal(p.grad, q.grad.numpy())
    nn.utils.vector_to_parameters(zeros(0), [])
