"""The first values of parameters: torch's distributions, from one seed."""

from typing import Any

import numpy as np
import pytest
import torch

import tutorial_kernels
from site_tests.nn.twins import both
from tutorial_kernels import nn


@pytest.mark.parametrize(
    "build",
    [lambda nn: nn.Linear(50, 400), lambda nn: nn.Conv2d(8, 300, 3, groups=2)],
)
def test_first_values_are_spread_as_in_torch(build: Any) -> None:
    tutorial_kernels.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = both(build)
    for key, tensor in theirs.state_dict().items():
        one, other = ours.state_dict()[key], tensor.numpy()
        assert one.dtype == other.dtype == np.float32
        bound = 1 / np.sqrt(np.prod(ours.weight.shape[1:]))
        assert np.abs(one).max() <= bound
        assert np.abs(one).max() > 0.97 * bound
        assert one.std() == pytest.approx(bound / np.sqrt(3), rel=0.08)
        assert other.std() == pytest.approx(bound / np.sqrt(3), rel=0.08)


def test_manual_seed_repeats_the_first_values() -> None:
    from tutorial_kernels.nn.init import generator

    tutorial_kernels.manual_seed(3)
    one, drawn = nn.Linear(3, 3).state_dict(), generator.random()
    tutorial_kernels.manual_seed(3)
    other = nn.Linear(3, 3).state_dict()
    np.testing.assert_array_equal(one["weight"], other["weight"])
    assert generator.random() == drawn
    tutorial_kernels.manual_seed(4)
    assert not np.array_equal(
        one["weight"], nn.Linear(3, 3).state_dict()["weight"]
    )


INIT = [
    ("uniform_", {"a": -2.0, "b": 3.0}),
    ("normal_", {"mean": 1.0, "std": 0.5}),
    ("xavier_uniform_", {"gain": 2.0}),
    ("xavier_normal_", {}),
    ("kaiming_uniform_", {"a": 0.3, "mode": "fan_out"}),
    ("kaiming_uniform_", {"nonlinearity": "relu"}),
    ("kaiming_normal_", {"nonlinearity": "tanh"}),
    ("kaiming_normal_", {"a": 1.0}),
]


@pytest.mark.parametrize(("name", "options"), INIT)
def test_init_draws_torchs_distributions(name: str, options: Any) -> None:
    ours = nn.Parameter(np.zeros((60, 50, 3, 3), np.float32))
    theirs = torch.zeros(60, 50, 3, 3)
    assert getattr(nn.init, name)(ours, **options) is ours
    getattr(torch.nn.init, name)(theirs, **options)
    assert ours.dtype == np.float32
    quantiles = (
        [0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0]
        if "uniform" in name
        else [0.01, 0.25, 0.5, 0.75, 0.99]
    )
    one, other = (
        np.quantile(ours.data, quantiles),
        np.quantile(theirs.numpy(), quantiles),
    )
    np.testing.assert_allclose(one, other, atol=0.04 * np.abs(other).max())


def test_init_constants_gains_and_complaints() -> None:
    x = nn.Parameter(np.empty(3))
    assert (nn.init.ones_(x).data == 1).all()
    assert (nn.init.zeros_(x).data == 0).all()
    for name in (
        "linear",
        "conv2d",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "selu",
    ):
        assert nn.init.calculate_gain(name) == pytest.approx(
            torch.nn.init.calculate_gain(name)
        )
    assert nn.init.calculate_gain(
        "leaky_relu", 0.2
    ) == torch.nn.init.calculate_gain("leaky_relu", 0.2)
    with pytest.raises(
        ValueError, match=r"at least two dimensions .* got shape \(3,\)"
    ):
        nn.init.kaiming_uniform_(x)
    with pytest.raises(
        ValueError, match="mode must be 'fan_in' or 'fan_out', got 'in'"
    ):
        nn.init.kaiming_normal_(nn.Parameter(np.empty((2, 2))), mode="in")
    with pytest.raises(
        ValueError, match="calculate_gain: nonlinearity must be one of"
    ):
        nn.init.calculate_gain("swish")
