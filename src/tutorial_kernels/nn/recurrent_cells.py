"""Recurrent cells, under torch's names: one step of a sequence at a time."""

import math
from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn import init
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter, empty

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def make_parameters(
    gates: int, input_size: int, hidden_size: int, bias: bool, dtype: Any
) -> dict[str, Parameter | None]:
    """Room for the parameters of a cell, or of one layer in one direction."""
    rows = gates * hidden_size
    shapes = ((rows, input_size), (rows, hidden_size), (rows,), (rows,))
    made = [
        empty(shape, dtype) if bias or len(shape) > 1 else None
        for shape in shapes
    ]
    return dict(zip(NAMES, made, strict=True))


def reset(module: Any) -> None:
    """Draw new first values: evenly, bounded by 1 / sqrt(hidden_size)."""
    bound = 1 / math.sqrt(module.hidden_size)
    for parameter in module.parameters():
        init.uniform_(parameter, -bound, bound)


class RNNCellBase(Module):
    """What the three cells have in common."""

    gates = 1  # how many rows of weights there are for one hidden unit
    states: tuple[str, ...] = ("h",)  # what is passed from step to step

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the parameters and draw their first values.

        Args:
            input_size: Size of the last axis of the input.
            hidden_size: Size of the hidden state.
            bias: Whether there are biases.
            dtype: The type of the parameters.
        """
        name = type(self).__name__
        check_sizes(name, input_size=input_size, hidden_size=hidden_size)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        parameters = make_parameters(
            self.gates, input_size, hidden_size, bias, dtype
        )
        for name, parameter in parameters.items():
            setattr(self, name, parameter)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new first values: evenly, bounded by 1 / sqrt(hidden_size)."""
        reset(self)

    def forward(self, x: Tensor, hx: Any = None) -> Any:
        """Take one step: (B, input_size) to (B, hidden_size).

        Args:
            x: One time step; a single example comes as (input_size).
            hx: The state to start from; without one, zeros. Of an LSTMCell,
                the pair h, c.

        Returns:
            The next state, shaped like `hx`.
        """
        name = type(self).__name__
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{name}: x must be (B, {self.input_size}) or "
                f"({self.input_size}), got shape {x.shape}"
            )
        shape = (*x.shape[:-1], self.hidden_size)
        states = [Tensor(np.zeros(shape, x.dtype)) for _ in self.states]
        if hx is not None:
            states = named_states(name, self.states, hx, shape)
        return self._step(x, states, [getattr(self, n) for n in NAMES])

    def _step(
        self,
        x: Tensor,
        states: list[Tensor],
        parameters: list[Parameter | None],
    ) -> Any:
        raise NotImplementedError("RNNCellBase: use RNNCell, LSTMCell, GRUCell")

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = f"{self.input_size}, {self.hidden_size}"
        return text if self.bias else f"{text}, bias=False"


class RNNCell(RNNCellBase):
    """One step of a plain RNN, with tanh or relu."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        dtype: Any = None,
    ) -> None:
        """As RNNCellBase; `nonlinearity` is "tanh" or "relu"."""
        check_nonlinearity("RNNCell", nonlinearity)
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, bias, dtype=dtype)

    def _step(
        self,
        x: Tensor,
        states: list[Tensor],
        parameters: list[Parameter | None],
    ) -> Any:
        return F.rnn_cell(x, *states, *parameters, self.nonlinearity)

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = super().extra_repr()
        if self.nonlinearity != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text


class LSTMCell(RNNCellBase):
    """One step of an LSTM: `h, c = cell(x, (h, c))`."""

    gates = 4
    states = ("h", "c")

    def _step(
        self,
        x: Tensor,
        states: list[Tensor],
        parameters: list[Parameter | None],
    ) -> Any:
        return F.lstm_cell(x, *states, *parameters)


class GRUCell(RNNCellBase):
    """One step of a GRU."""

    gates = 3

    def _step(
        self,
        x: Tensor,
        states: list[Tensor],
        parameters: list[Parameter | None],
    ) -> Any:
        return F.gru_cell(x, *states, *parameters)


def named_states(
    operation: str, names: tuple[str, ...], hx: Any, shape: tuple[int, ...]
) -> list[Tensor]:
    """The states in `hx`: one, or as many as there are names."""
    states = [hx] if len(names) == 1 else hx
    kind = type(hx).__name__
    if len(names) == 1 and isinstance(hx, tuple | list):
        raise TypeError(f"{operation}: hx must be one tensor, got a {kind}")
    if len(names) > 1 and (
        not isinstance(hx, tuple | list) or len(hx) != len(names)
    ):
        size = f" of {len(hx)}" if isinstance(hx, tuple | list) else ""
        raise TypeError(
            f"{operation}: hx must be the pair ({', '.join(names)}), "
            f"got a {kind}{size}"
        )
    for name, state in zip(names, states, strict=True):
        if state.shape != shape:
            raise ValueError(
                f"{operation}: {name} must have shape {shape}, "
                f"got {state.shape}"
            )
    return list(states)


def check_sizes(operation: str, **sizes: int) -> None:
    """Refuse a size that is not a number above zero."""
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(
                f"{operation}: {name} must be an integer, at least 1, "
                f"got {size!r}"
            )


def check_flags(operation: str, **flags: bool) -> None:
    """Refuse what is not True or False, such as a misplaced argument."""
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise TypeError(
                f"{operation}: {name} must be True or False, got {flag!r}"
            )


def check_nonlinearity(operation: str, nonlinearity: str) -> None:
    """Refuse what is neither tanh nor relu."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(
            f"{operation}: nonlinearity must be 'tanh' or 'relu', "
            f"got {nonlinearity!r}"
        )
