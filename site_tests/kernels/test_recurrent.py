"""Recurrent pairs: mistakes, extreme numbers, gradients through time."""

import inspect
import re
import warnings
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.kernels.case import assert_close
from site_tests.kernels.cases_recurrent import (
    GATES,
    arrays_for,
    cell_arrays,
    layer_in_torch,
)
from tutorial_kernels import kernels, manual_seed, nn
from tutorial_kernels.gradcheck import GradientError, check_kernel
from tutorial_kernels.kernels import gradient_through_time


def zeros(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return np.zeros(shape, dtype)


X, H, W_IH, W_HH, B = (
    zeros(5, 2, 3), zeros(2, 4), zeros(16, 3), zeros(16, 4), zeros(16)
)  # fmt: skip
ONE = zeros(2, 3)
SINGLE, DOUBLE = np.float32, np.float64

MISTAKES: list[tuple[str, tuple[Any, ...], dict[str, Any], type, str]] = [
    ("lstm", (zeros(3), H, H, W_IH, W_HH), {}, ValueError,
     "lstm: x must be (T, B, C) or (T, C), got shape (3,)"),
    ("lstm", (zeros(0, 2, 3), H, H, W_IH, W_HH), {}, ValueError,
     "lstm: x needs at least one time step, got shape (0, 2, 3)"),
    ("lstm", (zeros(5, 2, 7), H, H, W_IH, W_HH), {}, ValueError,
     "lstm: weight_ih has 3 input features, x has 7"),
    ("lstm", (X, H, H, zeros(15, 3), W_HH), {}, ValueError,
     "lstm: weight_ih must be (4 * hidden_size, input_size), got shape (15, 3)"),
    ("lstm", (X, H, H, W_IH, zeros(16, 5)), {}, ValueError,
     "lstm: weight_hh must have shape (16, 4), got (16, 5)"),
    ("lstm", (X, zeros(3, 4), H, W_IH, W_HH), {}, ValueError,
     "lstm: h0 must have shape (2, 4), got (3, 4)"),
    ("lstm", (X, H, zeros(1, 2, 4), W_IH, W_HH), {}, ValueError,
     "lstm: c0 must have shape (2, 4), got (1, 2, 4)"),
    ("lstm", (X, H, H, W_IH, W_HH, zeros(4), B), {}, ValueError,
     "lstm: bias_ih must have shape (16,), got (4,)"),
    ("lstm", (X, H, H, W_IH, W_HH, B, zeros(4)), {}, ValueError,
     "lstm: bias_hh must have shape (16,), got (4,)"),
    ("lstm", (X, H, H, W_IH.astype(SINGLE), W_HH), {}, TypeError,
     "lstm: weight_ih is float32, x is float64"),
    ("lstm", (X, H, H.astype(SINGLE), W_IH, W_HH), {}, TypeError,
     "lstm: c0 is float32, x is float64"),
    ("gru", (X.astype(int), H, W_IH, W_HH), {}, TypeError,
     "gru: x must be floating point, got int64"),
    ("gru", (X, H, zeros(16, 3), W_HH), {}, ValueError,
     "gru: weight_ih must be (3 * hidden_size, input_size), got shape (16, 3)"),
    ("rnn", (X, H, zeros(4), zeros(4, 4)), {}, ValueError,
     "rnn: weight_ih must be (hidden_size, input_size), got shape (4,)"),
    ("rnn", (X, H, zeros(4, 3), zeros(4, 4)), {"nonlinearity": "gelu"}, ValueError,
     "rnn: nonlinearity must be 'tanh' or 'relu', got 'gelu'"),
    ("rnn_cell", (ONE, H, zeros(4, 3), zeros(4, 4)), {"nonlinearity": ""}, ValueError,
     "rnn_cell: nonlinearity must be 'tanh' or 'relu', got ''"),
    ("lstm_cell", (X, H, H, W_IH, W_HH), {}, ValueError,
     "lstm_cell: x must be (B, C) or (C), got shape (5, 2, 3)"),
    ("lstm_cell", (ONE, zeros(4), H, W_IH, W_HH), {}, ValueError,
     "lstm_cell: h must have shape (2, 4), got (4,)"),
    ("gru_cell", (zeros(3), H, zeros(12, 3), zeros(12, 4)), {}, ValueError,
     "gru_cell: h must have shape (4,), got (2, 4)"),
    ("cat", (), {}, ValueError, "cat: needs at least one array, got none"),
    ("cat", (zeros(2, 3), zeros(2, 4)), {}, ValueError,
     "cat: all sizes but that of dim 0 must be equal, got shapes (2, 3), (2, 4)"),
    ("cat", (zeros(), zeros()), {}, ValueError,
     "cat: all sizes but that of dim 0 must be equal, got shapes (), ()"),
    ("cat", (zeros(2), zeros(2)), {"dim": 1}, ValueError,
     "cat: dim must be from -1 to 0 for an array of 1 dimensions, got 1"),
    ("cat", (zeros(2), None), {}, TypeError,
     "cat: arrays[1] must be an array, got NoneType"),
    ("stack", (zeros(2), zeros(3)), {}, ValueError,
     "stack: all shapes must be equal, got (2,), (3,)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "arrays", "options", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    pair: str, arrays: Any, options: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        getattr(kernels, f"{pair}_forward")(*arrays, **options)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
@pytest.mark.parametrize("value", [1e4, -1e4, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("kind", GATES)
def test_extreme_inputs(kind: str, value: float, dtype: Any) -> None:
    """Values beside torch's; for finite ones gradients too, no warning."""
    rng = np.random.default_rng(0)
    arrays = [np.asarray(a, dtype) for a in arrays_for(rng, kind, (4, 2))]
    arrays[0][1, 0, 1] = value
    relative = 1e-5 if dtype == SINGLE else 1e-10
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = layer_in_torch(kind)(*tensors)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out, cache = getattr(kernels, f"{kind}_forward")(*arrays)
        weights = [np.asarray(rng.standard_normal(o.shape), dtype) for o in out]
        grads = getattr(kernels, f"{kind}_backward")(*weights, cache)
    for one, other in zip(out, expected, strict=True):
        assert_close(one, other.detach().numpy(), relative)
    if np.isfinite(value):
        torch.autograd.backward(expected, [torch.tensor(w) for w in weights])
        for one, tensor in zip(grads, tensors, strict=True):
            assert_close(one, tensor.grad.numpy(), relative)


def test_relu_that_overflows_does_so_without_a_word() -> None:
    """A relu network can grow past what float32 holds; torch gives inf."""
    rng = np.random.default_rng(0)
    arrays = [
        np.abs(np.asarray(a, SINGLE)) * 1e4
        for a in arrays_for(rng, "rnn", (20, 1))
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out, cache = kernels.rnn_forward(*arrays, "relu")
        kernels.rnn_backward(*(np.ones_like(o) for o in out), cache)
    expected = layer_in_torch("rnn")(
        *map(torch.tensor, arrays), nonlinearity="relu"
    )
    assert np.isinf(out[0][-1]).all()
    np.testing.assert_array_equal(np.isinf(out[0]), expected[0].isinf().numpy())


MUTANTS: dict[str, tuple[str, Any]] = {
    "lstm forgets the gradient of the last cell state": (
        "lstm",
        lambda grads: (*grads[:2], np.zeros_like(grads[2])),
    ),
    "lstm forgets the last hidden state": (
        "lstm",
        lambda grads: (grads[0], np.zeros_like(grads[1]), grads[2]),
    ),
    "gru hears its outputs one step late": (
        "gru",
        lambda grads: (np.roll(grads[0], 1, axis=0), grads[1]),
    ),
    "rnn hears only its last output": (
        "rnn",
        lambda grads: (grads[0] * (np.arange(5) == 4)[:, None, None], grads[1]),
    ),
}


@pytest.mark.parametrize("mistake", MUTANTS)
def test_a_backward_that_forgets_is_caught(mistake: str) -> None:
    kind, change = MUTANTS[mistake]
    forward = getattr(kernels, f"{kind}_forward")
    backward = getattr(kernels, f"{kind}_backward")
    arrays = arrays_for(np.random.default_rng(0), kind, (5, 2))
    check_kernel(forward, backward, *arrays)
    with pytest.raises(GradientError, match=f"{kind}: the gradient of x is"):
        check_kernel(
            forward, lambda *g: backward(*change(g[:-1]), g[-1]), *arrays
        )


PLACES = {"lstm": [0, 1, 2, 3, 4, 5, 6], "gru": [0, 1, 2, 3, 4, 5]}


@pytest.mark.parametrize(
    ("kind", "place"), [(k, p) for k, places in PLACES.items() for p in places]
)
def test_every_gradient_is_looked_at(kind: str, place: int) -> None:
    """A small mistake in any one of them, gates in another order, too."""
    forward = getattr(kernels, f"{kind}_forward")
    backward = getattr(kernels, f"{kind}_backward")
    arrays = arrays_for(np.random.default_rng(0), kind, (5, 2))

    def slightly_wrong(*args: Any) -> Any:
        grads = list(backward(*args))
        grads[place] = grads[place] * (1 + 1e-4)
        return tuple(grads)

    def other_order(*args: Any) -> Any:
        grads = list(backward(*args))
        grads[place] = np.roll(grads[place], 4, axis=0)
        return tuple(grads)

    name = list(inspect.signature(forward).parameters)[place]
    wrongs = [slightly_wrong, other_order][: 1 + (place >= len(arrays) - 4)]
    for wrong in wrongs:
        with pytest.raises(GradientError, match=f"the gradient of {name} is"):
            check_kernel(forward, wrong, *arrays)


@pytest.mark.parametrize("kind", GATES)
def test_gradient_through_time_is_torchs(kind: str) -> None:
    rng = np.random.default_rng(1)
    x, *rest = arrays_for(rng, kind, (7, 3))
    count = len(rest) - 4
    grad_h = rng.standard_normal((3, 4))
    ours = gradient_through_time(
        kind, x, tuple(rest[:count]), tuple(rest[count:]), grad_h
    )
    cell = getattr(torch, f"{'rnn_tanh' if kind == 'rnn' else kind}_cell")
    tensors = [torch.tensor(a, requires_grad=True) for a in rest]
    states, parameters = tensors[:count], tensors[count:]
    kept = [states[0]]
    for step in torch.tensor(x):
        out = cell(step, states if count > 1 else states[0], *parameters)
        states = out if isinstance(out, tuple) else (out,)
        states[0].retain_grad()
        kept.append(states[0])
    kept[-1].backward(torch.tensor(grad_h))
    norms = [h.grad.norm().item() for h in kept]
    assert len(ours) == 8
    np.testing.assert_allclose(ours, norms, rtol=1e-10)


def left_after(cell: Any, steps: int, forget_bias: float = 0.0) -> float:
    """||dL/dh_0|| / ||dL/dh_T|| of a fresh cell that reads noise."""
    manual_seed(0)
    rng = np.random.default_rng(0)
    cell = getattr(nn, cell)(4, 16, dtype=np.float64)
    if cell.gates == 4:
        cell.bias_ih.data[16:32] = forget_bias
        cell.bias_hh.data[16:32] = 0
    norms = gradient_through_time(
        {1: "rnn", 3: "gru", 4: "lstm"}[cell.gates],
        rng.standard_normal((steps, 1, 4)),
        tuple(np.zeros((1, 16)) for _ in cell.states),
        tuple(cell.state_dict().values()),
        rng.standard_normal((1, 16)),
    )
    return float(norms[0] / norms[-1])


def test_an_lstm_keeps_the_gradient_only_with_open_forget_gates() -> None:
    """The plain RNN and an LSTM that starts at bias 0 forget alike."""
    assert left_after("RNNCell", 60) < 1e-9
    assert left_after("LSTMCell", 60) < 1e-9
    assert 1e-8 < left_after("LSTMCell", 60, 1.0) < 1e-3
    assert left_after("LSTMCell", 60, 3.0) > 1e-2


def test_gradient_through_time_knows_three_kinds() -> None:
    x, *rest = cell_arrays(np.random.default_rng(0), "rnn", (2,))
    with pytest.raises(ValueError, match="must be 'rnn', 'lstm' or 'gru'"):
        gradient_through_time("elman", x[None], (rest[0],), (), rest[0])
