"""RNN, LSTM, GRU and their cells beside torch's: form, keys, mistakes."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.kernels.case import as_tuple
from tutorial_kernels import Tensor, kernels, manual_seed, nn
from tutorial_kernels.autograd import differentiable
from tutorial_kernels.gradcheck import GradientError, check_gradients
from tutorial_kernels.randomness import generator

LAYERS = ["RNN", "LSTM", "GRU"]
CELLS = ["RNNCell", "LSTMCell", "GRUCell"]
every_layer = pytest.mark.parametrize("name", LAYERS)
every_cell = pytest.mark.parametrize("name", CELLS)
every_module = pytest.mark.parametrize("name", LAYERS + CELLS)


def both(name: str, *args: Any, **options: Any) -> tuple[Any, Any]:
    """Our module and torch's, with torch's first values in both."""
    theirs = getattr(torch.nn, name)(*args, **options)
    ours = getattr(nn, name)(*args, **options)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


PRINTED: list[dict[str, Any]] = [
    {},
    {"num_layers": 2},
    {"bias": False},
    {"batch_first": True},
    {"num_layers": 3, "dropout": 0.25},
    {"num_layers": 2, "dropout": 1},
    {"bidirectional": True},
    {"num_layers": 2, "bias": False, "batch_first": True, "dropout": 0.5,
     "bidirectional": True},
]  # fmt: skip


@every_layer
@pytest.mark.parametrize("options", PRINTED, ids=str)
def test_printed_form_and_keys(name: str, options: Any) -> None:
    ours, theirs = both(name, 3, 4, **options)
    assert repr(ours) == repr(theirs)
    assert {k: v.shape for k, v in ours.state_dict().items()} == {
        k: tuple(v.shape) for k, v in theirs.state_dict().items()
    }
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_printed_form_with_a_nonlinearity() -> None:
    for build in (
        lambda nn: nn.RNN(3, 4, nonlinearity="relu"),
        lambda nn: nn.RNN(3, 4, 2, "relu", False, True, 0.5, True),
        lambda nn: nn.LSTM(3, 4, 2, False, True, 0.5, True),
        lambda nn: nn.GRU(3, 4, 2, False, True, 0.5, True),
        lambda nn: nn.RNNCell(3, 4, False, "relu"),
        lambda nn: nn.RNNCell(3, 4, nonlinearity="relu"),
        lambda nn: nn.LSTMCell(3, 4, False),
        lambda nn: nn.GRUCell(3, 4, bias=False),
        lambda nn: nn.Sequential(nn.LSTMCell(3, 4), nn.RNNCell(3, 4)),
    ):
        assert repr(build(nn)) == repr(build(torch.nn))


@every_module
@pytest.mark.parametrize("bias", [True, False])
def test_state_dict_moves_both_ways_bit_for_bit(name: str, bias: bool) -> None:
    options = {"bias": bias}
    if name in LAYERS:
        options |= {"num_layers": 2, "bidirectional": True}
    ours, theirs = both(name, 3, 4, **options)
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[key], tensor.numpy())
    fresh = getattr(nn, name)(3, 4, **options)
    theirs.load_state_dict(
        {k: torch.from_numpy(v) for k, v in fresh.state_dict().items()}
    )
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(fresh.state_dict()[key], tensor.numpy())


@every_module
def test_first_values_are_spread_as_in_torch(name: str) -> None:
    """Evenly from -1/sqrt(H) to 1/sqrt(H), weights and biases alike."""
    manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = (getattr(n, name)(200, 64) for n in (nn, torch.nn))
    for key, tensor in theirs.state_dict().items():
        for values in (ours.state_dict()[key], tensor.numpy()):
            assert values.dtype == np.float32
            assert np.abs(values).max() <= 1 / 8
            assert np.abs(values).max() > 0.95 / 8
            assert values.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.2)
            assert abs(values.mean()) < 0.03
    assert (
        getattr(nn, name)(3, 4, dtype=np.float64).weight_hh_l0.dtype
        == (np.float64)
        if name in LAYERS
        else True
    )
    manual_seed(1)
    one = getattr(nn, name)(3, 4).state_dict()
    manual_seed(1)
    other = getattr(nn, name)(3, 4).state_dict()
    for key in one:
        np.testing.assert_array_equal(one[key], other[key])


def masked(theirs: Any, x: torch.Tensor, masks: list[torch.Tensor]) -> Any:
    """torch's layers one by one, with our masks between them."""
    for layer in range(theirs.num_layers):
        one = type(theirs)(x.shape[-1], theirs.hidden_size, bidirectional=True)
        ends = ["", "_reverse"]
        names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
        state = theirs.state_dict()
        one.load_state_dict(
            {
                f"{n}_l0{end}": state[f"{n}_l{layer}{end}"]
                for n in names
                for end in ends
            }
        )
        x, _ = one(x if layer == 0 else x * masks[layer - 1])
    return x


@every_layer
@pytest.mark.parametrize("p", [0.3, 1.0])
def test_dropout_acts_between_the_layers(name: str, p: float) -> None:
    options = {"num_layers": 3, "bidirectional": True, "dropout": p}
    ours, theirs = both(name, 3, 4, **options)
    x = np.float32(np.random.default_rng(0).standard_normal((5, 2, 3)))
    manual_seed(7)
    output, _ = ours(Tensor(x))
    manual_seed(7)
    keep = [generator.random((5, 2, 8)) >= p for _ in range(2)]
    scale = 1 / (1 - p) if p < 1 else 0.0
    masks = [torch.tensor(np.float32(k * scale)) for k in keep]
    expected = masked(theirs, torch.tensor(x), masks).detach().numpy()
    np.testing.assert_allclose(output.data, expected, atol=1e-6)
    assert p == 1 or 0.5 < np.mean(keep) < 0.9

    ours.eval()
    theirs.eval()
    calm, _ = ours(Tensor(x))
    np.testing.assert_allclose(
        calm.data, theirs(torch.tensor(x))[0].detach().numpy(), atol=1e-6
    )
    assert np.abs(calm.data - output.data).max() > 1e-3
    np.testing.assert_array_equal(ours(Tensor(x))[0].data, calm.data)


def test_dropout_with_one_layer_says_that_it_does_nothing() -> None:
    sentence = "GRU: dropout acts between layers, and there is only one"
    with pytest.warns(UserWarning, match=sentence):
        layer = nn.GRU(3, 4, dropout=0.5)
    x = Tensor(np.ones((2, 1, 3), np.float32))
    np.testing.assert_array_equal(layer(x)[0].data, layer(x)[0].data)


@every_layer
def test_gradients_by_moving_every_parameter(name: str) -> None:
    """All outputs at once: the sequence and the last states."""
    layer = getattr(nn, name)(2, 3, 2, bidirectional=True, batch_first=True)
    rng = np.random.default_rng(0)
    states = [rng.standard_normal((4, 2, 3)) for _ in layer.states]

    def run(x: Tensor, *states: Tensor) -> Any:
        return layer(x, states if len(states) > 1 else states[0])

    x = rng.standard_normal((2, 3, 2))
    check = check_gradients(layer, x)
    assert len(check.elements) == 17
    assert check.largest < 1e-6
    layer.double()
    check = check_gradients(run, x, *states)
    assert len(check.elements) == 1 + len(states)
    assert check.largest < 1e-6


def test_a_wrong_second_output_is_caught() -> None:
    """The check weighs every output: the last state must fit as well."""

    def backward(grad_output: Any, grad_h: Any, cache: Any) -> Any:
        return kernels.gru_backward(grad_output, 0 * grad_h, cache)

    read = differentiable(kernels.gru_forward, backward)
    rng = np.random.default_rng(0)
    shapes = ((4, 2, 3), (2, 3), (9, 3), (9, 3))
    arrays = [rng.standard_normal(shape) for shape in shapes]
    with pytest.raises(GradientError, match="the gradient of input 0 is wrong"):
        check_gradients(read, *arrays)
    check_gradients(lambda *args: read(*args)[0], *arrays)


@every_cell
def test_a_loop_over_a_cell_is_the_layer(name: str) -> None:
    cell = getattr(nn, name)(3, 4, dtype=np.float64)
    layer = getattr(nn, name.removesuffix("Cell"))(3, 4, dtype=np.float64)
    layer.load_state_dict(
        {f"{key}_l0": value for key, value in cell.state_dict().items()}
    )
    x = np.random.default_rng(0).standard_normal((5, 2, 3))
    state = None
    for step in x:
        state = cell(Tensor(step), state)
    _, last = layer(Tensor(x))
    pairs = zip(as_tuple(state), as_tuple(last), strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(other.data[0], one.data, rtol=1e-12)


@every_layer
def test_arrays_are_as_good_as_tensors(name: str) -> None:
    layer = getattr(nn, name)(3, 4, batch_first=True)
    x, h = np.ones((2, 5, 3), np.float32), np.ones((1, 2, 4), np.float32)
    hx: Any = (h, h) if name == "LSTM" else h
    boxed: Any = (Tensor(h), Tensor(h)) if name == "LSTM" else Tensor(h)
    output, _ = layer(x, hx)
    assert output.shape == (2, 5, 4)
    np.testing.assert_array_equal(output.data, layer(Tensor(x), boxed)[0].data)


def zeros(*shape: int) -> Tensor:
    return Tensor(np.zeros(shape, np.float32))


X = zeros(5, 2, 3)
MISTAKES: list[tuple[Any, type, str]] = [
    (lambda: nn.LSTM(3, 4, proj_size=2), ValueError,
     "LSTM: proj_size must be 0, projections are not there, got 2"),
    (lambda: nn.RNN(3, 4, nonlinearity="gelu"), ValueError,
     "RNN: nonlinearity must be 'tanh' or 'relu', got 'gelu'"),
    (lambda: nn.RNNCell(3, 4, nonlinearity="gelu"), ValueError,
     "RNNCell: nonlinearity must be 'tanh' or 'relu', got 'gelu'"),
    (lambda: nn.GRU(3, 4, dropout=1.5), ValueError,
     "GRU: dropout must be a number from 0 to 1, got 1.5"),
    (lambda: nn.GRU(3, 4, 2, dropout=True), ValueError,
     "GRU: dropout must be a number from 0 to 1, got True"),
    (lambda: nn.GRU(0, 4), ValueError,
     "GRU: input_size must be an integer, at least 1, got 0"),
    (lambda: nn.LSTM(3, 4.0), ValueError,
     "LSTM: hidden_size must be an integer, at least 1, got 4.0"),
    (lambda: nn.LSTM(3, 4, 0), ValueError,
     "LSTM: num_layers must be an integer, at least 1, got 0"),
    (lambda: nn.LSTMCell(3, -1), ValueError,
     "LSTMCell: hidden_size must be an integer, at least 1, got -1"),
    (lambda: nn.GRU(3, 4)(zeros(3)), ValueError,
     "GRU: x must be (T, B, C) or (T, C), got shape (3,)"),
    (lambda: nn.GRU(3, 4, batch_first=True)(zeros(3)), ValueError,
     "GRU: x must be (B, T, C) or (T, C), got shape (3,)"),
    (lambda: nn.GRU(3, 4)(zeros(5, 2, 6)), ValueError,
     "GRU: input_size is 3, x has shape (5, 2, 6)"),
    (lambda: nn.GRU(3, 4)(zeros(0, 2, 3)), ValueError,
     "gru: x needs at least one time step, got shape (0, 2, 3)"),
    (lambda: nn.GRU(3, 4)(X, zeros(2, 2, 4)), ValueError,
     "GRU: h0 must have shape (1, 2, 4), got (2, 2, 4)"),
    (lambda: nn.GRU(3, 4, batch_first=True)(X, zeros(1, 2, 4)), ValueError,
     "GRU: h0 must have shape (1, 5, 4), got (1, 2, 4)"),
    (lambda: nn.GRU(3, 4)(zeros(5, 3), zeros(1, 1, 4)), ValueError,
     "GRU: h0 must have shape (1, 4), got (1, 1, 4)"),
    (lambda: nn.RNN(3, 4)(X, (zeros(1, 2, 4), zeros(1, 2, 4))), TypeError,
     "RNN: hx must be one tensor, got a tuple"),
    (lambda: nn.LSTM(3, 4)(X, zeros(1, 2, 4)), TypeError,
     "LSTM: hx must be the pair (h0, c0), got a Tensor"),
    (lambda: nn.LSTM(3, 4)(X, (zeros(1, 2, 4),)), TypeError,
     "LSTM: hx must be the pair (h0, c0), got a tuple of 1"),
    (lambda: nn.LSTM(3, 4, 2)(X, (zeros(2, 2, 4), zeros(2, 2, 5))), ValueError,
     "LSTM: c0 must have shape (2, 2, 4), got (2, 2, 5)"),
    (lambda: nn.LSTM(3, 4)(Tensor(np.zeros((5, 2, 3)))), TypeError,
     "lstm: weight_ih is float32, x is float64"),
    (lambda: nn.LSTMCell(3, 4)(zeros(2, 2, 3)), ValueError,
     "LSTMCell: x must be (B, 3) or (3), got shape (2, 2, 3)"),
    (lambda: nn.LSTMCell(3, 4)(zeros(2, 3), zeros(2, 4)), TypeError,
     "LSTMCell: hx must be the pair (h, c), got a Tensor"),
    (lambda: nn.GRUCell(3, 4)(zeros(2, 3), zeros(3, 4)), ValueError,
     "GRUCell: h must have shape (2, 4), got (3, 4)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    mistake: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        mistake()
    assert str(caught.value) == sentence


def test_packed_sequences_are_refused() -> None:
    packed = torch.nn.utils.rnn.pack_sequence([torch.zeros(4, 3)])
    sentence = "LSTM: packed sequences are not supported, give one tensor"
    with pytest.raises(TypeError, match=sentence):
        nn.LSTM(3, 4)(packed)
