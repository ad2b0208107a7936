"""Parameters and buffers: what a module owns, saves and learns."""

from typing import Any

import numpy as np
import torch

from site_tests.nn.twins import both, make
from tutorial_kernels import Tensor, nn


def test_parameter_prints_like_a_parameter_and_owns_its_data() -> None:
    array = np.ones(2, np.float32)
    parameter = nn.Parameter(array)
    assert (
        repr(parameter)
        == "Parameter containing:\nTensor([1., 1.], requires_grad=True)"
    )
    assert not np.shares_memory(parameter.data, array)
    assert not np.shares_memory(
        nn.Parameter(array, requires_grad=False).data, array
    )


def test_buffers_are_saved_and_converted_but_not_learned() -> None:
    def build(nn: Any) -> Any:
        model = nn.Module()
        model.mean = nn.Buffer(make(nn, 2))
        model.weight = nn.Parameter(make(nn, 3))
        return model

    ours, theirs = both(build)
    assert (
        list(ours.state_dict())
        == list(theirs.state_dict())
        == ["weight", "mean"]
    )
    assert [n for n, _ in ours.named_parameters()] == ["weight"]
    ours.load_state_dict({"weight": np.ones(3), "mean": np.ones(2)})
    assert ours.double().mean.dtype == np.float64
    np.testing.assert_array_equal(ours.mean.data, [1, 1])
    assert not ours.mean.requires_grad


def test_class_weights_of_a_loss_are_a_buffer_as_in_torch() -> None:
    ours, theirs = (
        nn.CrossEntropyLoss(np.ones(3)),
        torch.nn.CrossEntropyLoss(torch.ones(3)),
    )
    assert list(ours.state_dict()) == list(theirs.state_dict()) == ["weight"]
    assert nn.CrossEntropyLoss().state_dict() == {}
    logits = Tensor(np.zeros((2, 3), np.float32), requires_grad=True)
    ours.float()(logits, [0, 2]).backward()
    assert logits.grad is not None
