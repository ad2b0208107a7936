"""Gates: what happens inside one step of a recurrent network.

A step adds two linear layers, one of the input and one of the hidden state,
and sends the sums through gates. These pairs are the part after the sums:
`recurrent_cells` puts the linear layers in front, and `recurrent` repeats
the step over time.

The gates stand one after the other in the last axis, in torch's order: i f g o
in an LSTM, r z n in a GRU.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from tutorial_kernels.kernels.activations import (
    relu_backward,
    relu_forward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    check_floating,
)

# weight_ih, weight_hh, bias_ih, bias_hh: of a cell, or of a layer
type Parameters = tuple[Array, Array, Array | None, Array | None]


def nonlinearity_pair(
    operation: str, nonlinearity: str
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The only gate of a plain RNN: tanh or relu."""
    if nonlinearity == "tanh":
        return tanh_forward, tanh_backward
    if nonlinearity == "relu":
        return relu_forward, relu_backward
    raise ValueError(
        f"{operation}: nonlinearity must be 'tanh' or 'relu', "
        f"got {nonlinearity!r}"
    )


def lstm_gates_forward(
    sums: Array, c: Array
) -> tuple[tuple[Array, Array], Cache]:
    """Forget some of the cell state, write something new, show some of it.

    `c_next = f * c + i * g` and `h_next = o * tanh(c_next)`, where i, f and o
    are the sigmoid and g is the tanh of their part of the sums.

    Shapes:
        sums: (B, 4 * H)
        c: (B, H)
        out: (B, H), (B, H)
    """
    i, f, _, o = _parts(sigmoid_forward(sums)[0], 4)
    g = np.tanh(_parts(sums, 4)[2])
    c_next = f * c + i * g
    shown = np.tanh(c_next)
    h_next = o * shown
    return (h_next, c_next), (i, f, g, o, c, shown)


def lstm_gates_backward(
    grad_h: Array, grad_c: Array, cache: Cache
) -> tuple[Array, Array]:
    """On its way to the step before, `grad_c` is only multiplied by f.

    What came through `h_next` joins it first:
    `grad_c = grad_c + grad_h * o * (1 - tanh(c_next)**2)`.
    """
    i, f, g, o, c, shown = cache
    grad_c = grad_c + grad_h * o * (1 - shown * shown)
    grad_i = grad_c * g * i * (1 - i)
    grad_f = grad_c * c * f * (1 - f)
    grad_g = grad_c * i * (1 - g * g)
    grad_o = grad_h * shown * o * (1 - o)
    grad_sums = np.concatenate([grad_i, grad_f, grad_g, grad_o], axis=-1)
    return grad_sums, grad_c * f


def gru_gates_forward(
    from_x: Array, from_h: Array, h: Array
) -> tuple[Array, Cache]:
    """Mix the old hidden state with a proposal n, as the gate z says.

    `h_next = (1 - z) * n + z * h` with `n = tanh(from_x + r * from_h)`: the
    gate r says how much of the past the proposal sees. r and z are the
    sigmoid of `from_x + from_h`, each in its part.

    Shapes:
        from_x: (B, 3 * H)
        from_h: (B, 3 * H)
        h: (B, H)
        out: (B, H)
    """
    size = 2 * h.shape[-1]
    opened = sigmoid_forward(from_x[..., :size] + from_h[..., :size])[0]
    r, z = _parts(opened, 2)
    past = from_h[..., size:]
    n = np.tanh(from_x[..., size:] + r * past)
    h_next = (1 - z) * n + z * h
    return h_next, (r, z, n, h, past)


def gru_gates_backward(
    grad_h: Array, cache: Cache
) -> tuple[Array, Array, Array]:
    """Through z the gradient reaches h directly, multiplied by z alone."""
    r, z, n, h, past = cache
    grad_n = grad_h * (1 - z) * (1 - n * n)
    grad_r = grad_n * past * r * (1 - r)
    grad_z = grad_h * (h - n) * z * (1 - z)
    grad_from_x = np.concatenate([grad_r, grad_z, grad_n], axis=-1)
    grad_from_h = np.concatenate([grad_r, grad_z, grad_n * r], axis=-1)
    return grad_from_x, grad_from_h, grad_h * z


def check_recurrent(
    operation: str,
    gates: int,
    x: Array,
    states: dict[str, Array],
    parameters: Parameters,
) -> None:
    """Check every shape; the last axis but one of `x` may be the batch."""
    check_floating(operation, x)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    named = dict(zip(names, parameters, strict=True))
    check_dtypes(operation, x=x, **states, **named)
    weight_ih, *_ = parameters
    if weight_ih.ndim != 2 or weight_ih.shape[0] % gates:
        raise ValueError(
            f"{operation}: weight_ih must be ({_times(gates)}hidden_size, "
            f"input_size), got shape {weight_ih.shape}"
        )
    if x.shape[-1] != weight_ih.shape[1]:
        raise ValueError(
            f"{operation}: weight_ih has {weight_ih.shape[1]} input features, "
            f"x has {x.shape[-1]}"
        )
    rows = weight_ih.shape[0]
    hidden_size = rows // gates
    expected: dict[str, tuple[int, ...]] = {"weight_hh": (rows, hidden_size)}
    expected |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    batch = x.shape[-2:-1]
    expected |= dict.fromkeys(states, (*batch, hidden_size))
    for name, shape in expected.items():
        array = {**named, **states}[name]
        if array is not None and array.shape != shape:
            raise ValueError(
                f"{operation}: {name} must have shape {shape}, "
                f"got {array.shape}"
            )


def _parts(sums: Array, count: int) -> list[Array]:
    """The gates, each a view of its part of the last axis."""
    size = sums.shape[-1] // count
    return [sums[..., k * size : (k + 1) * size] for k in range(count)]


def _times(gates: int) -> str:
    return "" if gates == 1 else f"{gates} * "
