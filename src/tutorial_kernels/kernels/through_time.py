"""How much of a gradient is left when it has gone back through time."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.kernels.recurrent_cells import (
    gru_cell_backward,
    gru_cell_forward,
    lstm_cell_backward,
    lstm_cell_forward,
    rnn_cell_backward,
    rnn_cell_forward,
)

CELLS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "rnn": (rnn_cell_forward, rnn_cell_backward),
    "lstm": (lstm_cell_forward, lstm_cell_backward),
    "gru": (gru_cell_forward, gru_cell_backward),
}


def gradient_through_time(
    kind: str,
    x: Array,
    states: tuple[Array, ...],
    parameters: tuple[Array | None, ...],
    grad_h: Array,
) -> Array:
    """Measure the gradient of every hidden state of a sequence.

    The cell reads the sequence step by step, and `grad_h` is sent back from
    the last hidden state to the first, by the cell's own backward.

    Args:
        kind: "rnn", "lstm" or "gru".
        x: The sequence, (T, B, C).
        states: The states to start from: (h0,), or (h0, c0) for an LSTM.
        parameters: The weights and biases of the cell, in torch's order.
        grad_h: The gradient of the last hidden state, (B, H).

    Returns:
        The norm of the gradient of h at T + 1 places: before the first step,
        and after every step.

    Raises:
        ValueError: If `kind` is not one of the three.
    """
    if kind not in CELLS:
        raise ValueError(
            "gradient_through_time: kind must be 'rnn', 'lstm' or 'gru', "
            f"got {kind!r}"
        )
    forward, backward = CELLS[kind]
    caches = []
    for step in x:
        out, cache = forward(step, *states, *parameters)
        states = out if isinstance(out, tuple) else (out,)
        caches.append(cache)
    grads = [grad_h, *(np.zeros_like(state) for state in states[1:])]
    norms = [np.linalg.norm(grad_h)]
    for cache in reversed(caches):
        _, *back = backward(*grads, cache)  # the first is that of the input
        grads = back[: len(states)]
        norms.append(np.linalg.norm(grads[0]))
    return np.array(norms[::-1])
