"""Recurrent layers, under torch's names: they read sequences.

`functional.lstm` reads a sequence once, in one direction. The modules here
put such readings on top of each other and side by side.
"""

import warnings
from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter
from tutorial_kernels.nn.recurrent_cells import (
    NAMES,
    check_flags,
    check_nonlinearity,
    check_sizes,
    make_parameters,
    named_states,
    reset,
)


class RNNBase(Module):
    """What RNN, LSTM and GRU have in common: layers, directions, states."""

    gates = 1  # how many rows of weights there are for one hidden unit
    states: tuple[str, ...] = ("h0",)  # what is passed from step to step

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the parameters of every layer and draw their first values.

        Args:
            input_size: Size of the last axis of the input.
            hidden_size: Size of the hidden state.
            num_layers: How many layers; each reads the output of the one
                below.
            bias: Whether there are biases.
            batch_first: Whether input and output are (B, T, ...) instead of
                (T, B, ...). The states are not concerned.
            dropout: The part of the signals that is dropped between layers,
                while training.
            bidirectional: Whether a second reading goes from the last time
                step to the first; the output holds both.
            dtype: The type of the parameters.
        """
        self._check_options(input_size, hidden_size, num_layers, dropout)
        check_flags(type(self).__name__, bias=bias, batch_first=batch_first)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        size = input_size
        for layer in range(num_layers):
            for suffix in self._suffixes(layer):
                parameters = make_parameters(
                    self.gates, size, hidden_size, bias, dtype
                )
                for name, parameter in parameters.items():
                    setattr(self, name + suffix, parameter)
            size = hidden_size * (2 if bidirectional else 1)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values: evenly, bounded by 1 / sqrt(hidden_size)."""
        reset(self)

    def forward(self, x: Tensor, hx: Any = None) -> tuple[Tensor, Any]:
        """Read (T, B, input_size); give all outputs and the last states.

        Args:
            x: The sequences; (B, T, input_size) with `batch_first`, and
                (T, input_size) for a single one.
            hx: The states to start from, (layers * directions, B,
                hidden_size); without any, zeros. Of an LSTM, the pair h0, c0.

        Returns:
            The outputs of the last layer, (T, B, directions * hidden_size),
            and the last states of every layer, shaped like `hx`.
        """
        self._check_input(x)
        turned = self.batch_first and x.ndim == 3
        if turned:
            x = Tensor.transpose(x, 0, 1)  # an array will do as well
        states = self._first_states(x, hx)
        last: list[list[Tensor]] = [[] for _ in states]
        for layer in range(self.num_layers):
            if layer > 0 and self.dropout > 0:
                x = F.dropout(x, self.dropout, self.training)
            outputs = []
            for suffix in self._suffixes(layer):
                row = len(last[0])
                start = [state[row] for state in states]
                output, *end = self._read(x, start, suffix)
                outputs.append(output)
                for column, state in zip(last, end, strict=True):
                    column.append(state)
            x = F.cat(outputs, -1) if self.bidirectional else outputs[0]
        ends = tuple(F.stack(column) for column in last)
        return (
            x.transpose(0, 1) if turned else x,
            ends if len(ends) > 1 else ends[0],
        )

    def _read(self, x: Tensor, start: list[Tensor], suffix: str) -> Any:
        """One layer in one direction: outputs and last states."""
        raise NotImplementedError("RNNBase: use RNN, LSTM or GRU")

    def _of(self, suffix: str) -> list[Parameter | None]:
        """The parameters of one layer in one direction."""
        return [getattr(self, name + suffix) for name in NAMES]

    def _suffixes(self, layer: int) -> list[str]:
        """The ends of the parameters' names, one for each direction."""
        forward = f"_l{layer}"
        return [forward, forward + "_reverse"][: 1 + self.bidirectional]

    def _first_states(self, x: Tensor, hx: Any) -> list[Tensor]:
        """The states to start from, checked; zeros if there are none."""
        name = type(self).__name__
        rows = self.num_layers * (2 if self.bidirectional else 1)
        shape = (rows, *x.shape[1:-1], self.hidden_size)
        if hx is None:
            zeros = Tensor(np.zeros(shape, x.dtype))
            return [zeros for _ in self.states]
        return named_states(name, self.states, hx, shape)

    def _check_input(self, x: Tensor) -> None:
        name = type(self).__name__
        if isinstance(x, tuple):
            raise TypeError(
                f"{name}: packed sequences are not supported, give one tensor"
            )
        if x.ndim not in (2, 3):
            order = "(B, T, C)" if self.batch_first else "(T, B, C)"
            raise ValueError(
                f"{name}: x must be {order} or (T, C), got shape {x.shape}"
            )
        if x.shape[-1] != self.input_size:
            raise ValueError(
                f"{name}: input_size is {self.input_size}, "
                f"x has shape {x.shape}"
            )

    def _check_options(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        dropout: float,
    ) -> None:
        name = type(self).__name__
        check_sizes(
            name,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
        )
        if isinstance(dropout, bool) or not 0 <= dropout <= 1:
            raise ValueError(
                f"{name}: dropout must be a number from 0 to 1, got {dropout}"
            )
        if dropout > 0 and num_layers == 1:
            warnings.warn(
                f"{name}: dropout acts between layers, and there is only one",
                stacklevel=3,
            )

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = f"{self.input_size}, {self.hidden_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if not self.bias:
            text += ", bias=False"
        if self.batch_first:
            text += ", batch_first=True"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional:
            text += ", bidirectional=True"
        return text


class RNN(RNNBase):
    """Plain recurrent layers, with tanh or relu."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        dtype: Any = None,
    ) -> None:
        """As RNNBase; `nonlinearity` is "tanh" or "relu"."""
        check_nonlinearity("RNN", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            dtype=dtype,
        )

    def _read(self, x: Tensor, start: list[Tensor], suffix: str) -> Any:
        reverse = suffix.endswith("_reverse")
        return F.rnn(x, *start, *self._of(suffix), self.nonlinearity, reverse)


class LSTM(RNNBase):
    """LSTM layers: a cell state behind an input, a forget and an output gate.

    The output is followed by two states: `output, (h_n, c_n) = lstm(x)`.
    """

    gates = 4
    states = ("h0", "c0")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        dtype: Any = None,
    ) -> None:
        """As RNNBase; `proj_size` must stay 0."""
        if proj_size != 0:
            raise ValueError(
                "LSTM: proj_size must be 0, projections are not there, "
                f"got {proj_size}"
            )
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            dtype=dtype,
        )

    def _read(self, x: Tensor, start: list[Tensor], suffix: str) -> Any:
        reverse = suffix.endswith("_reverse")
        return F.lstm(x, *start, *self._of(suffix), reverse)


class GRU(RNNBase):
    """GRU layers: a reset and an update gate, one state."""

    gates = 3

    def _read(self, x: Tensor, start: list[Tensor], suffix: str) -> Any:
        reverse = suffix.endswith("_reverse")
        return F.gru(x, *start, *self._of(suffix), reverse)
