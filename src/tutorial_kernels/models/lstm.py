"""An LSTM that reads a series, and a linear layer."""

from typing import Any

import numpy as np

from tutorial_kernels import Tensor, nn
from tutorial_kernels.kernels import (
    Array,
    index_backward,
    index_forward,
    linear_backward,
    linear_forward,
    lstm_backward,
    lstm_forward,
    mse_loss_backward,
    mse_loss_forward,
    transpose_backward,
    transpose_forward,
)


class SimpleLSTM(nn.Module):
    """Forecasts what follows a series, or says which class it belongs to.

    As it stands, one number follows from a series of numbers:
    1,233 parameters.
    """

    def __init__(
        self, input_size: int = 1, hidden_size: int = 16, output_size: int = 1
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x: Tensor) -> Tensor:
        """Turn series (B, T, input_size) into (B, output_size)."""
        x, _ = self.lstm(x)
        x = x[:, -1]  # (B, hidden_size): the last step has seen all
        x = self.fc(x)
        return x


def simple_lstm_loss_and_gradients(
    parameters: dict[str, Array], x: Array, targets: Array
) -> tuple[Array, dict[str, Array]]:
    """Go through SimpleLSTM by hand: forward, the loss, and all the way back.

    Args:
        parameters: The arrays of `SimpleLSTM().state_dict()`.
        x: The series, (B, T, input_size).
        targets: What follows, (B, output_size).

    Returns:
        The squared error, and its gradient for every parameter under the same
        keys.
    """
    p = parameters
    keys = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights: Any = [p[f"lstm.{key}"] for key in keys]
    zeros = np.zeros((len(x), weights[1].shape[1]), x.dtype)
    steps, transpose = transpose_forward(x, 0, 1)
    (output, h_n, c_n), lstm = lstm_forward(steps, zeros, zeros, *weights)
    last, index = index_forward(output, -1)
    forecast, fc = linear_forward(last, p["fc.weight"], p["fc.bias"])
    loss, mse_loss = mse_loss_forward(forecast, targets)

    g: dict[str, Any] = {}
    grad: Any
    grad, _ = mse_loss_backward(1.0, mse_loss)
    grad, g["fc.weight"], g["fc.bias"] = linear_backward(grad, fc)
    grad = index_backward(grad, index)
    unused = np.zeros_like(h_n), np.zeros_like(c_n)  # the states we left aside
    grad, _, _, *grads = lstm_backward(grad, *unused, lstm)
    g |= {f"lstm.{k}": v for k, v in zip(keys, grads, strict=True)}
    grad = transpose_backward(grad, transpose)
    return loss, {key: g[key] for key in parameters}
