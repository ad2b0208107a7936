"""Recurrent cells: one step of a network that reads a sequence.

A cell takes one time step of the input and what it remembers, and gives what
it remembers next. Each is two linear layers, one of the input and one of the
hidden state, whose sum goes through gates (see `gates`).
"""

from tutorial_kernels.kernels.contract import Array, Cache, quiet
from tutorial_kernels.kernels.gates import (
    Parameters,
    check_recurrent,
    gru_gates_backward,
    gru_gates_forward,
    lstm_gates_backward,
    lstm_gates_forward,
    nonlinearity_pair,
)
from tutorial_kernels.kernels.linear import linear_backward, linear_forward


@quiet
def rnn_cell_forward(
    x: Array,
    h: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    nonlinearity: str = "tanh",
) -> tuple[Array, Cache]:
    """One step of a plain RNN: mix the input with what is remembered.

    `h_next = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)`

    Args:
        x: One time step; a single example comes as (C), its state as (H).
        h: The hidden state: what the cell remembers.
        weight_ih: Weights from the input to the hidden state.
        weight_hh: Weights from the hidden state to the next one.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state. The two add up; torch has both.
        nonlinearity: "tanh" or "relu".

    Shapes:
        x: (B, C)
        h: (B, H)
        weight_ih: (H, C)
        weight_hh: (H, H)
        bias_ih: (H)
        bias_hh: (H)
        out: (B, H)

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ or are not floating point.

    Source: Elman, "Finding structure in time", 1990.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_cell("rnn_cell", 1, x, {"h": h}, parameters)
    activate, activate_backward = nonlinearity_pair("rnn_cell", nonlinearity)
    from_x, linear_x = linear_forward(x, weight_ih, bias_ih)
    from_h, linear_h = linear_forward(h, weight_hh, bias_hh)
    h_next, step = activate(from_x + from_h)
    return h_next, (linear_x, linear_h, activate_backward, step)


@quiet
def rnn_cell_backward(
    grad_h: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array | None, Array | None]:
    """Through the tanh, then through both linear layers."""
    linear_x, linear_h, activate_backward, step = cache
    grad_sums = activate_backward(grad_h, step)
    grad_x, grad_weight_ih, grad_bias_ih = linear_backward(grad_sums, linear_x)
    grad_h, grad_weight_hh, grad_bias_hh = linear_backward(grad_sums, linear_h)
    return (
        grad_x,
        grad_h,
        grad_weight_ih,
        grad_weight_hh,
        grad_bias_ih,
        grad_bias_hh,
    )


@quiet
def lstm_cell_forward(
    x: Array,
    h: Array,
    c: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
) -> tuple[tuple[Array, Array], Cache]:
    """One step of an LSTM: three gates around a cell state.

    `sums = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh` holds the
    four gates i f g o, one after the other. With
    `i, f, o = sigmoid(sums_i), sigmoid(sums_f), sigmoid(sums_o)` and
    `g = tanh(sums_g)`, the cell forgets, writes and shows:
    `c_next = f * c + i * g` and `h_next = o * tanh(c_next)`.

    Args:
        x: One time step; a single example comes as (C), its states as (H).
        h: The hidden state: what the cell showed last.
        c: The cell state: what it remembers.
        weight_ih: Weights from the input to the gates.
        weight_hh: Weights from the hidden state to the gates.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state. The two add up; torch has both.

    Shapes:
        x: (B, C)
        h: (B, H)
        c: (B, H)
        weight_ih: (4 * H, C)
        weight_hh: (4 * H, H)
        bias_ih: (4 * H)
        bias_hh: (4 * H)
        out: (B, H), (B, H)

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ or are not floating point.

    Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997; with
    the forget gate of Gers et al., "Learning to forget", 2000.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_cell("lstm_cell", 4, x, {"h": h, "c": c}, parameters)
    from_x, linear_x = linear_forward(x, weight_ih, bias_ih)
    from_h, linear_h = linear_forward(h, weight_hh, bias_hh)
    out, step = lstm_gates_forward(from_x + from_h, c)
    return out, (linear_x, linear_h, step)


@quiet
def lstm_cell_backward(
    grad_h: Array, grad_c: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array, Array | None, Array | None]:
    """Through the gates, then through both linear layers.

    `grad_c` takes the short way: it is multiplied by the forget gate.
    """
    linear_x, linear_h, step = cache
    grad_sums, grad_c = lstm_gates_backward(grad_h, grad_c, step)
    grad_x, grad_weight_ih, grad_bias_ih = linear_backward(grad_sums, linear_x)
    grad_h, grad_weight_hh, grad_bias_hh = linear_backward(grad_sums, linear_h)
    return (
        grad_x,
        grad_h,
        grad_c,
        grad_weight_ih,
        grad_weight_hh,
        grad_bias_ih,
        grad_bias_hh,
    )


@quiet
def gru_cell_forward(
    x: Array,
    h: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
) -> tuple[Array, Cache]:
    """One step of a GRU: propose a new state, and take part of it.

    `from_x = x @ weight_ih.T + bias_ih` and
    `from_h = h @ weight_hh.T + bias_hh` hold the gates r z n, one after the
    other. The reset gate `r = sigmoid(from_x_r + from_h_r)` says how much of
    the past the proposal `n = tanh(from_x_n + r * from_h_n)` sees, and the
    update gate `z = sigmoid(from_x_z + from_h_z)` how much of the past stays:
    `h_next = (1 - z) * n + z * h`. As in torch, and unlike in the paper, r is
    multiplied after the product with the weights, bias_hh included.

    Args:
        x: One time step; a single example comes as (C), its state as (H).
        h: The hidden state: what the cell remembers.
        weight_ih: Weights from the input to the gates.
        weight_hh: Weights from the hidden state to the gates.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state.

    Shapes:
        x: (B, C)
        h: (B, H)
        weight_ih: (3 * H, C)
        weight_hh: (3 * H, H)
        bias_ih: (3 * H)
        bias_hh: (3 * H)
        out: (B, H)

    Raises:
        ValueError: If the sizes do not fit together.
        TypeError: If the dtypes differ or are not floating point.

    Source: Cho et al., "Learning phrase representations using RNN
    encoder-decoder for statistical machine translation", 2014.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_cell("gru_cell", 3, x, {"h": h}, parameters)
    from_x, linear_x = linear_forward(x, weight_ih, bias_ih)
    from_h, linear_h = linear_forward(h, weight_hh, bias_hh)
    h_next, step = gru_gates_forward(from_x, from_h, h)
    return h_next, (linear_x, linear_h, step)


@quiet
def gru_cell_backward(
    grad_h: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array | None, Array | None]:
    """Two ways lead back to h: through the gates, and directly through z."""
    linear_x, linear_h, step = cache
    grad_from_x, grad_from_h, direct = gru_gates_backward(grad_h, step)
    grad_x, grad_weight_ih, grad_bias_ih = linear_backward(
        grad_from_x, linear_x
    )
    grad_h, grad_weight_hh, grad_bias_hh = linear_backward(
        grad_from_h, linear_h
    )
    return (
        grad_x,
        grad_h + direct,
        grad_weight_ih,
        grad_weight_hh,
        grad_bias_ih,
        grad_bias_hh,
    )


def _check_cell(
    operation: str,
    gates: int,
    x: Array,
    states: dict[str, Array],
    parameters: Parameters,
) -> None:
    if x.ndim not in (1, 2):
        raise ValueError(
            f"{operation}: x must be (B, C) or (C), got shape {x.shape}"
        )
    check_recurrent(operation, gates, x, states, parameters)
