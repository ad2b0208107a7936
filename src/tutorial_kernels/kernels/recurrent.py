"""Recurrent layers: a cell, repeated over all the time steps of a sequence.

Forward, the layer takes the step of its cell once per time step; backward, it
takes the backward of that step, from the last to the first, and the gradient
of the hidden state is passed along. What does not have to wait for the step
before is done for all steps at once: the linear layer of the input, and the
gradients of the weights.
"""

import math

import numpy as np

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
from tutorial_kernels.kernels.linear import linear_forward


@quiet
def rnn_forward(
    x: Array,
    h0: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    nonlinearity: str = "tanh",
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Cache]:
    """Read a sequence with a plain RNN: `rnn_cell`, step after step.

    `h = tanh(x[t] @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)`, and
    `output[t] = h`. The last hidden state comes as a second output.

    Args:
        x: The sequences; a single one comes as (T, C), its state as (H).
        h0: The hidden state before the first step.
        weight_ih: Weights from the input to the hidden state.
        weight_hh: Weights from the hidden state to the next one.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state. The two add up; torch has both.
        nonlinearity: "tanh" or "relu".
        reverse: Whether to read from the last time step to the first.

    Shapes:
        x: (T, B, C)
        h0: (B, H)
        weight_ih: (H, C)
        weight_hh: (H, H)
        bias_ih: (H)
        bias_hh: (H)
        out: (T, B, H), (B, H)

    Raises:
        ValueError: If the sizes do not fit or there is no time step.
        TypeError: If the dtypes differ or are not floating point.

    Source: Elman, "Finding structure in time", 1990.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_layer("rnn", 1, x, {"h0": h0}, parameters)
    activate, activate_backward = nonlinearity_pair("rnn", nonlinearity)
    from_x = _linear_over_time(x, weight_ih, bias_ih)
    before, output = _empty_states(x, h0)
    h, steps = h0, {}
    for t in _times(x, reverse):
        before[t] = h
        from_h, _ = linear_forward(h, weight_hh, bias_hh)
        h, steps[t] = activate(from_x[t] + from_h)
        output[t] = h
    return (output, h), (x, before, parameters, activate_backward, steps)


@quiet
def rnn_backward(
    grad_output: Array, grad_h: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array | None, Array | None]:
    """Back through time: a hidden state hears from its output and its heir.

    `grad_h[t] = grad_output[t] + grad_sums[t + 1] @ weight_hh`: the same
    weights at every step, so that over many steps the gradient shrinks to
    nothing or grows without bound.

    Source: Werbos, "Backpropagation through time: what it does and how to do
    it", 1990.
    """
    x, before, parameters, activate_backward, steps = cache
    _, weight_hh, *_ = parameters
    grad_sums = _empty_sums(before, weight_hh)
    for t in reversed(steps):
        grad_h = grad_h + grad_output[t]
        grad_sums[t] = activate_backward(grad_h, steps[t])
        grad_h = grad_sums[t] @ weight_hh
    grad_x, grad_parameters = _linear_over_time_backward(
        grad_sums, grad_sums, x, before, parameters
    )
    return grad_x, grad_h, *grad_parameters


@quiet
def lstm_forward(
    x: Array,
    h0: Array,
    c0: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    reverse: bool = False,
) -> tuple[tuple[Array, Array, Array], Cache]:
    """Read a sequence with an LSTM: `lstm_cell`, step after step.

    `h, c = lstm_cell(x[t], h, c, ...)` and `output[t] = h`. The last hidden
    state and the last cell state come as second and third output.

    Args:
        x: The sequences; a single one comes as (T, C), its states as (H).
        h0: The hidden state before the first step.
        c0: The cell state before the first step.
        weight_ih: Weights from the input to the gates i f g o.
        weight_hh: Weights from the hidden state to the gates.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state. The two add up; torch has both.
        reverse: Whether to read from the last time step to the first.

    Shapes:
        x: (T, B, C)
        h0: (B, H)
        c0: (B, H)
        weight_ih: (4 * H, C)
        weight_hh: (4 * H, H)
        bias_ih: (4 * H)
        bias_hh: (4 * H)
        out: (T, B, H), (B, H), (B, H)

    Raises:
        ValueError: If the sizes do not fit or there is no time step.
        TypeError: If the dtypes differ or are not floating point.

    Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997; with
    the forget gate of Gers et al., "Learning to forget", 2000.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_layer("lstm", 4, x, {"h0": h0, "c0": c0}, parameters)
    from_x = _linear_over_time(x, weight_ih, bias_ih)
    before, output = _empty_states(x, h0)
    h, c, steps = h0, c0, {}
    for t in _times(x, reverse):
        before[t] = h
        from_h, _ = linear_forward(h, weight_hh, bias_hh)
        (h, c), steps[t] = lstm_gates_forward(from_x[t] + from_h, c)
        output[t] = h
    return (output, h, c), (x, before, parameters, steps)


@quiet
def lstm_backward(
    grad_output: Array, grad_h: Array, grad_c: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array, Array | None, Array | None]:
    """Back through time on two roads: the hidden and the cell state.

    The gradient of the cell state is multiplied by the forget gate at every
    step. While the gates stay near 1 it lasts; where they do not, it fades
    like that of a plain RNN.
    """
    x, before, parameters, steps = cache
    _, weight_hh, *_ = parameters
    grad_sums = _empty_sums(before, weight_hh)
    for t in reversed(steps):
        grad_h = grad_h + grad_output[t]
        grad_sums[t], grad_c = lstm_gates_backward(grad_h, grad_c, steps[t])
        grad_h = grad_sums[t] @ weight_hh
    grad_x, grad_parameters = _linear_over_time_backward(
        grad_sums, grad_sums, x, before, parameters
    )
    return grad_x, grad_h, grad_c, *grad_parameters


@quiet
def gru_forward(
    x: Array,
    h0: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Cache]:
    """Read a sequence with a GRU: `gru_cell`, step after step.

    `h = gru_cell(x[t], h, ...)` and `output[t] = h`. The last hidden state
    comes as a second output.

    Args:
        x: The sequences; a single one comes as (T, C), its state as (H).
        h0: The hidden state before the first step.
        weight_ih: Weights from the input to the gates r z n.
        weight_hh: Weights from the hidden state to the gates.
        bias_ih: Bias of the input.
        bias_hh: Bias of the hidden state.
        reverse: Whether to read from the last time step to the first.

    Shapes:
        x: (T, B, C)
        h0: (B, H)
        weight_ih: (3 * H, C)
        weight_hh: (3 * H, H)
        bias_ih: (3 * H)
        bias_hh: (3 * H)
        out: (T, B, H), (B, H)

    Raises:
        ValueError: If the sizes do not fit or there is no time step.
        TypeError: If the dtypes differ or are not floating point.

    Source: Cho et al., "Learning phrase representations using RNN
    encoder-decoder for statistical machine translation", 2014.
    """
    parameters = (weight_ih, weight_hh, bias_ih, bias_hh)
    _check_layer("gru", 3, x, {"h0": h0}, parameters)
    from_x = _linear_over_time(x, weight_ih, bias_ih)
    before, output = _empty_states(x, h0)
    h, steps = h0, {}
    for t in _times(x, reverse):
        before[t] = h
        from_h, _ = linear_forward(h, weight_hh, bias_hh)
        h, steps[t] = gru_gates_forward(from_x[t], from_h, h)
        output[t] = h
    return (output, h), (x, before, parameters, steps)


@quiet
def gru_backward(
    grad_output: Array, grad_h: Array, cache: Cache
) -> tuple[Array, Array, Array, Array, Array | None, Array | None]:
    """Back through time on two roads: through the weights, and past them.

    The update gate lets `z * grad_h` pass from step to step without any
    weights.
    """
    x, before, parameters, steps = cache
    _, weight_hh, *_ = parameters
    grad_from_x = _empty_sums(before, weight_hh)
    grad_from_h = _empty_sums(before, weight_hh)
    for t in reversed(steps):
        grad_h = grad_h + grad_output[t]
        grad_from_x[t], grad_from_h[t], direct = gru_gates_backward(
            grad_h, steps[t]
        )
        grad_h = grad_from_h[t] @ weight_hh + direct
    grad_x, grad_parameters = _linear_over_time_backward(
        grad_from_x, grad_from_h, x, before, parameters
    )
    return grad_x, grad_h, *grad_parameters


def _times(x: Array, reverse: bool) -> range:
    """The time steps in the order in which they are read."""
    return range(len(x))[::-1] if reverse else range(len(x))


def _rows(x: Array) -> Array:
    """All time steps of all sequences, one below the other."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def _empty_states(x: Array, h0: Array) -> tuple[Array, Array]:
    """Room for the hidden state before every step, and after it."""
    shape = (len(x), *h0.shape)
    return np.empty(shape, x.dtype), np.empty(shape, x.dtype)


def _empty_sums(before: Array, weight_hh: Array) -> Array:
    """Room for the gradients of the sums of every step."""
    return np.empty((*before.shape[:-1], len(weight_hh)), before.dtype)


def _linear_over_time(x: Array, weight: Array, bias: Array | None) -> Array:
    """The linear layer of the input: one product for all time steps."""
    out, _ = linear_forward(_rows(x), weight, bias)
    return out.reshape(*x.shape[:-1], len(weight))


def _linear_over_time_backward(
    grad_from_x: Array,
    grad_from_h: Array,
    x: Array,
    before: Array,
    parameters: Parameters,
) -> tuple[Array, Parameters]:
    """The input and the parameters: one product each for all time steps."""
    weight_ih, _, bias_ih, bias_hh = parameters
    rows_x, rows_h = _rows(grad_from_x), _rows(grad_from_h)
    grad_x = (rows_x @ weight_ih).reshape(x.shape)
    grad_weight_ih = rows_x.T @ _rows(x)
    grad_weight_hh = rows_h.T @ _rows(before)
    grad_bias_ih = None if bias_ih is None else rows_x.sum(axis=0)
    grad_bias_hh = None if bias_hh is None else rows_h.sum(axis=0)
    return grad_x, (grad_weight_ih, grad_weight_hh, grad_bias_ih, grad_bias_hh)


def _check_layer(
    operation: str,
    gates: int,
    x: Array,
    states: dict[str, Array],
    parameters: Parameters,
) -> None:
    if x.ndim not in (2, 3):
        raise ValueError(
            f"{operation}: x must be (T, B, C) or (T, C), got shape {x.shape}"
        )
    if len(x) == 0:
        raise ValueError(
            f"{operation}: x needs at least one time step, got shape {x.shape}"
        )
    check_recurrent(operation, gates, x[0], states, parameters)
