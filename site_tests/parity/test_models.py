"""The models: hand = tape = torch, and a hundred steps side by side."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, manual_seed
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.models import cnn, fnn
from tutorial_kernels.parity import Comparison, compare, load_into_torch
from tutorial_kernels.torch_models import cnn as torch_cnn
from tutorial_kernels.torch_models import fnn as torch_fnn

MODELS = {
    "SimpleNN": (fnn, torch_fnn, (4,), 3, 67, fnn.simple_nn_loss_and_gradients),
    "SimpleCNN": (cnn, torch_cnn, (1, 28, 28), 10, 27_210, cnn.simple_cnn_loss_and_gradients),
}  # fmt: skip

every_model = pytest.mark.parametrize("name", MODELS)


def twins(name: str, dtype: Any) -> tuple[Any, Any]:
    """The model and its twin, with the same weights."""
    ours, theirs, *_ = MODELS[name]
    manual_seed(0)
    model = getattr(ours, name)().to(dtype)
    twin = getattr(theirs, name)().to(
        torch.from_numpy(np.zeros(0, dtype)).dtype
    )
    load_into_torch(model, twin)
    return model, twin


def batch(
    name: str, dtype: Any, size: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    shape, classes = MODELS[name][2:4]
    rng = np.random.default_rng(0)
    x = rng.standard_normal((size, *shape)).astype(dtype)
    return x, rng.integers(0, classes, size)


@every_model
def test_printed_form_size_and_keys(name: str) -> None:
    model, twin = twins(name, np.float32)
    assert repr(model) == repr(twin)
    assert sum(p.data.size for p in model.parameters()) == MODELS[name][4]
    assert {k: v.shape for k, v in model.state_dict().items()} == {
        k: tuple(v.shape) for k, v in twin.state_dict().items()
    }


@every_model
@pytest.mark.parametrize("label_type", [np.int32, np.int64])
def test_hand_is_tape_is_torch(name: str, label_type: Any) -> None:
    model, twin = twins(name, np.float64)
    x, labels = batch(name, np.float64)
    by_hand: Callable[..., Any] = MODELS[name][5]
    loss, gradients = by_hand(model.state_dict(), x, labels.astype(label_type))

    tape = F.cross_entropy(model(Tensor(x)), labels.astype(label_type))
    tape.backward()
    referee = torch.nn.functional.cross_entropy(
        twin(torch.tensor(x)), torch.tensor(labels)
    )
    referee.backward()

    assert loss == pytest.approx(tape.item(), rel=1e-14)
    assert loss == pytest.approx(referee.item(), rel=1e-10)
    assert list(gradients) == list(model.state_dict())
    parameters = dict(twin.named_parameters())
    for key, parameter in model.named_parameters():
        np.testing.assert_array_equal(gradients[key], parameter.grad)
        expected = parameters[key].grad.numpy()
        difference = np.abs(gradients[key] - expected).max()
        assert difference <= 1e-10 * np.abs(expected).max()


def test_gradients_of_the_models_by_moving_them() -> None:
    assert (
        check_gradients(
            fnn.SimpleNN(), batch("SimpleNN", np.float64)[0]
        ).largest
        < 1e-6
    )
    assert (
        check_gradients(
            cnn.SimpleCNN(), batch("SimpleCNN", np.float64, 2)[0]
        ).largest
        < 1e-6
    )


@every_model
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_hundred_steps_in_float32(name: str, optimizer: str) -> None:
    result = trained(name, np.float32, optimizer)
    assert result[f"losses of {result.steps} steps"].absolute <= 1e-5
    for key in ("logits", "loss"):
        assert result[key].relative <= 1e-5
    for difference in result.differences:
        if difference.name.startswith("gradient"):
            assert difference.relative <= 1e-5, difference


def trained(name: str, dtype: Any, optimizer: str) -> Comparison:
    model, twin = twins(name, dtype)
    # Larger steps make the CNN jumpy: float32 rounding then decides which
    # pixel of a window wins, and the two trainings part by more than 1e-5.
    lr = {"SGD": 0.05 if name == "SimpleNN" else 0.01, "Adam": 0.002}[optimizer]
    result = compare(
        model, twin, *batch(name, dtype), steps=100, optimizer=optimizer, lr=lr
    )
    assert len(result.losses) == len(result.torch_losses) == 100
    assert result.losses[-1] < 0.9 * result.losses[0]
    return result


def test_compare_lists_every_tensor() -> None:
    model, twin = twins("SimpleNN", np.float64)
    result = compare(model, twin, *batch("SimpleNN", np.float64), steps=2)
    keys = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    assert [d.name for d in result.differences] == [
        "logits", "loss", *(f"gradient of {k}" for k in keys),
        *(f"{k} after 1 step" for k in keys),
        "losses of 2 steps", *(f"{k} after 2 steps" for k in keys),
    ]  # fmt: skip
    assert (result.model, result.dtype, result.steps) == (
        "SimpleNN",
        "float64",
        2,
    )
    with pytest.raises(KeyError):
        result["nothing"]


def test_compare_sees_a_difference() -> None:
    model, twin = twins("SimpleNN", np.float64)
    x, labels = batch("SimpleNN", np.float64)
    good = compare(model, twin, x, labels)
    assert good.largest.relative < 1e-10
    model.relu.forward = lambda t: t * 1.0
    bad = compare(model, twin, x, labels)
    assert bad["logits"].relative > 1e-3
    assert bad["gradient of fc1.weight"].absolute > 1e-6


def test_an_empty_batch_passes_through() -> None:
    for name in MODELS:
        model, twin = twins(name, np.float64)
        x, labels = batch(name, np.float64, 0)
        logits, expected = model(Tensor(x)), twin(torch.tensor(x))
        assert logits.shape == tuple(expected.shape)
        F.cross_entropy(logits, labels, reduction="sum").backward()
        for parameter in model.parameters():
            np.testing.assert_array_equal(
                parameter.grad, np.zeros(parameter.shape)
            )
