"""The recurrent pairs, with inputs to try them on and torch's function."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from site_tests.kernels.case import Case, normal

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def states_of(kind: str) -> int:
    """An LSTM has a hidden state and a cell state."""
    return 2 if kind == "lstm" else 1


def cell_in_torch(kind: str) -> Callable[..., Any]:
    """torch's cell, called as ours is; it knows batches only."""

    def reference(
        x: torch.Tensor, *rest: Any, nonlinearity: str = "tanh"
    ) -> Any:
        states, weights = rest[: states_of(kind)], rest[states_of(kind) :]
        name = f"rnn_{nonlinearity}" if kind == "rnn" else kind
        run = getattr(torch, f"{name}_cell")
        if x.ndim == 2:
            return run(x, states if kind == "lstm" else states[0], *weights)
        batch = [state[None] for state in states]
        out = run(x[None], batch if kind == "lstm" else batch[0], *weights)
        return tuple(o[0] for o in out) if kind == "lstm" else out[0]

    return reference


def layer_in_torch(kind: str) -> Callable[..., Any]:
    """torch's layer over time, called as ours is: one layer, one direction."""

    def reference(
        x: torch.Tensor,
        *rest: Any,
        nonlinearity: str = "tanh",
        reverse: bool = False,
    ) -> Any:
        states, weights = rest[: states_of(kind)], rest[states_of(kind) :]
        one = x.ndim == 2
        if one:
            x, states = x[:, None], [state[None] for state in states]
        first = [state[None] for state in states]  # the axis of the layers
        name = f"rnn_{nonlinearity}" if kind == "rnn" else kind
        output, *last = getattr(torch, name)(
            x.flip(0) if reverse else x,
            first if kind == "lstm" else first[0],
            weights,
            len(weights) == 4,
            1, 0.0, False, False, False,
        )  # fmt: skip
        output = output.flip(0) if reverse else output
        outs = (output, *(state[0] for state in last))
        if one:
            outs = (output[:, 0], *(state[0] for state in outs[1:]))
        return outs

    return reference


def arrays_for(
    r: np.random.Generator,
    kind: str,
    leading: tuple[int, ...],
    *,
    bias: bool = True,
    input_size: int = 3,
    hidden_size: int = 4,
) -> tuple[np.ndarray, ...]:
    """What a pair takes; `leading` is (), (B), (T) or (T, B)."""
    rows = GATES[kind] * hidden_size
    batch = leading[1:]
    biases = [normal(r, rows), normal(r, rows)] if bias else []
    return (
        normal(r, *leading, input_size),
        *(normal(r, *batch, hidden_size) for _ in range(states_of(kind))),
        normal(r, rows, input_size),
        normal(r, rows, hidden_size),
        *biases,
    )


def cell_arrays(
    r: np.random.Generator, kind: str, batch: tuple[int, ...], **sizes: Any
) -> tuple[np.ndarray, ...]:
    """What a cell takes: one time step of what a layer takes."""
    x, *rest = arrays_for(r, kind, (1, *batch), **sizes)
    return (x[0], *rest)


def _cases(kind: str) -> list[Case]:
    cell, layer = cell_in_torch(kind), layer_in_torch(kind)
    cases = [
        Case(f"{kind}_cell", lambda r: cell_arrays(r, kind, (2,)), cell),
        Case(
            f"{kind}_cell",
            lambda r: cell_arrays(r, kind, (2,), bias=False),
            cell,
            {},
            "no bias",
        ),
        Case(
            f"{kind}_cell",
            lambda r: cell_arrays(r, kind, ()),
            cell,
            {},
            "unbatched",
        ),
        Case(kind, lambda r: arrays_for(r, kind, (5, 2)), layer),
        Case(
            kind,
            lambda r: arrays_for(r, kind, (3, 2), bias=False),
            layer,
            {},
            "no bias",
        ),
        Case(kind, lambda r: arrays_for(r, kind, (4,)), layer, {}, "unbatched"),
        Case(
            kind,
            lambda r: arrays_for(r, kind, (4, 2)),
            layer,
            {"reverse": True},
            "reverse",
        ),
    ]
    if kind == "rnn":
        relu = {"nonlinearity": "relu"}
        cases += [
            Case(
                "rnn_cell",
                lambda r: cell_arrays(r, kind, (2,)),
                cell,
                relu,
                "relu",
            ),
            Case(
                "rnn",
                lambda r: arrays_for(r, kind, (3, 2)),
                layer,
                relu,
                "relu",
            ),
        ]
    return cases


def in_a_list(function: Callable[..., torch.Tensor]) -> Callable[..., Any]:
    """torch joins a list of tensors."""
    return lambda *tensors, **options: function(tensors, **options)


JOINING = [
    Case(
        "cat",
        lambda r: (normal(r, 2, 3), normal(r, 4, 3), normal(r, 1, 3)),
        in_a_list(torch.cat),
        {"dim": 0},
    ),
    Case(
        "cat",
        lambda r: (normal(r, 2, 3, 2), normal(r, 2, 2, 2), normal(r, 2, 1, 2)),
        in_a_list(torch.cat),
        {"dim": -2},
        "inner",
    ),
    Case(
        "cat",
        lambda r: (normal(r, 3),),
        in_a_list(torch.cat),
        {"dim": 0},
        "one",
    ),
    Case(
        "stack",
        lambda r: (normal(r, 2, 3), normal(r, 2, 3), normal(r, 2, 3)),
        in_a_list(torch.stack),
        {"dim": 0},
    ),
    Case(
        "stack",
        lambda r: (normal(r, 2, 3), normal(r, 2, 3)),
        in_a_list(torch.stack),
        {"dim": -1},
        "last",
    ),
    Case(
        "stack",
        lambda r: (normal(r), normal(r)),
        in_a_list(torch.stack),
        {"dim": 0},
        "0-d",
    ),
]
RECURRENT: list[Case] = [
    *(case for kind in GATES for case in _cases(kind)),
    *JOINING,
]
