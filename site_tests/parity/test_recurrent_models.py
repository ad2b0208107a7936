"""The recurrent models: hand = tape = torch, and a hundred steps of training.

Each forecasts the next value of a noisy wave from the twelve before it.
"""

from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor, manual_seed
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.models import gru, lstm, rnn
from tutorial_kernels.optim import SGD
from tutorial_kernels.parity import Comparison, compare, load_into_torch
from tutorial_kernels.torch_models import gru as torch_gru
from tutorial_kernels.torch_models import lstm as torch_lstm
from tutorial_kernels.torch_models import rnn as torch_rnn

MODELS = {
    "SimpleRNN": (rnn.SimpleRNN, torch_rnn.SimpleRNN, 321),
    "SimpleLSTM": (lstm.SimpleLSTM, torch_lstm.SimpleLSTM, 1233),
    "SimpleGRU": (gru.SimpleGRU, torch_gru.SimpleGRU, 929),
}
every_model = pytest.mark.parametrize("name", MODELS)


def twins(name: str, dtype: Any, *sizes: int) -> tuple[Any, Any]:
    """The model and its twin, with the same weights."""
    ours, theirs, _ = MODELS[name]
    manual_seed(0)
    model = ours(*sizes).to(dtype)
    twin = theirs(*sizes).to(torch.from_numpy(np.zeros(0, dtype)).dtype)
    load_into_torch(model, twin)
    return model, twin


def windows(dtype: Any, size: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Twelve values of a wave, and the one that follows."""
    rng = np.random.default_rng(0)
    starts = rng.uniform(0, 6, (size, 1))
    wave = np.sin(starts + 0.5 * np.arange(13))
    wave = (wave + 0.1 * rng.standard_normal(wave.shape)).astype(dtype)
    return wave[:, :12, np.newaxis], wave[:, 12:]


@every_model
def test_printed_form_size_and_keys(name: str) -> None:
    model, twin = twins(name, np.float32)
    assert repr(model) == repr(twin)
    assert sum(p.data.size for p in model.parameters()) == MODELS[name][2]
    assert {k: v.shape for k, v in model.state_dict().items()} == {
        k: tuple(v.shape) for k, v in twin.state_dict().items()
    }


def by_hand(
    model: Any, x: np.ndarray, targets: np.ndarray
) -> tuple[Any, dict[str, Any]]:
    return lstm.simple_lstm_loss_and_gradients(model.state_dict(), x, targets)


@pytest.mark.parametrize("sizes", [(), (1, 5, 1), (3, 2, 4)], ids=str)
def test_hand_is_tape_is_torch(sizes: tuple[int, ...]) -> None:
    model, twin = twins("SimpleLSTM", np.float64, *sizes)
    rng = np.random.default_rng(2)
    input_size, _, output_size = sizes or (1, 16, 1)
    x = rng.standard_normal((6, 9, input_size))
    targets = rng.standard_normal((6, output_size))
    loss, gradients = by_hand(model, x, targets)

    tape = F.mse_loss(model(Tensor(x)), targets)
    tape.backward()
    referee = torch.nn.functional.mse_loss(
        twin(torch.tensor(x)), torch.tensor(targets)
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


def test_a_hundred_steps_by_hand_on_the_tape_and_in_torch() -> None:
    model, twin = twins("SimpleLSTM", np.float64)
    x, targets = windows(np.float64)
    parameters = model.state_dict()
    optimizer = SGD(model.parameters(), lr=0.1)
    referee = torch.optim.SGD(twin.parameters(), lr=0.1)
    losses = []
    for _ in range(100):
        loss, gradients = lstm.simple_lstm_loss_and_gradients(
            parameters, x, targets
        )
        for key, gradient in gradients.items():
            parameters[key] = parameters[key] - 0.1 * gradient
        optimizer.zero_grad()
        tape = F.mse_loss(model(Tensor(x)), targets)
        tape.backward()
        optimizer.step()
        referee.zero_grad()
        other = torch.nn.functional.mse_loss(
            twin(torch.tensor(x)), torch.tensor(targets)
        )
        other.backward()
        referee.step()
        losses.append((loss.item(), tape.item(), other.item()))
    hand, tapes, others = np.array(losses).T
    assert hand[-1] < 0.8 * hand[0]
    np.testing.assert_allclose(hand, tapes, rtol=1e-8)
    np.testing.assert_allclose(hand, others, rtol=1e-8)
    for key, tensor in twin.state_dict().items():
        np.testing.assert_allclose(
            parameters[key], tensor.numpy(), rtol=1e-8, atol=1e-10
        )


@every_model
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_hundred_steps_in_float32(name: str, optimizer: str) -> None:
    result = trained(name, np.float32, optimizer)
    assert result["losses of 100 steps"].absolute <= 1e-5
    if optimizer == "Adam":
        # It divides a gradient by its own size and eps: with the usual 1e-8
        # the rounding of one that is next to nothing, which differs from
        # processor to processor, is all that a first step shows.
        result = trained(name, np.float32, optimizer, eps=1e-6)
        assert result["losses of 100 steps"].absolute <= 1e-5
    for difference in result.differences:
        if "steps" not in difference.name:
            assert difference.relative <= 1e-5, difference


def trained(
    name: str, dtype: Any, optimizer: str, **options: Any
) -> Comparison:
    model, twin = twins(name, dtype)
    result = compare(
        model,
        twin,
        *windows(dtype),
        loss="mse_loss",
        steps=100,
        optimizer=optimizer,
        lr={"SGD": 0.1, "Adam": 0.005}[optimizer],
        **options,
    )
    assert len(result.losses) == len(result.torch_losses) == 100
    assert result.losses[-1] < 0.8 * result.losses[0]
    return result


@every_model
def test_gradients_by_moving_every_parameter(name: str) -> None:
    model = MODELS[name][0](2, 3, 2)
    x = np.random.default_rng(0).standard_normal((2, 4, 2))
    check = check_gradients(model, x)
    assert len(check.elements) == 7
    assert check.largest < 1e-6


@every_model
def test_it_can_say_a_class(name: str) -> None:
    """The same model with a cross-entropy: one logit for each class."""
    model, twin = twins(name, np.float64, 3, 5, 4)
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((8, 6, 3)), rng.integers(0, 4, 8)
    result = compare(model, twin, x, labels, steps=5)
    assert result.largest.relative <= 1e-10


@every_model
def test_an_empty_batch_passes_through(name: str) -> None:
    model, twin = twins(name, np.float64)
    x, targets = windows(np.float64, 0)
    out, expected = model(Tensor(x)), twin(torch.tensor(x))
    assert out.shape == tuple(expected.shape) == (0, 1)
    F.mse_loss(out, targets, reduction="sum").backward()
    for parameter in model.parameters():
        np.testing.assert_array_equal(parameter.grad, np.zeros(parameter.shape))
