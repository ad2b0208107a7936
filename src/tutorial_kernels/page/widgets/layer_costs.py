"""What each layer of a model holds and does, read from one forward pass."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import Any

import numpy as np

from tutorial_kernels import kernels
from tutorial_kernels.autograd import Call, Tensor
from tutorial_kernels.nn import Module, Parameter
from tutorial_kernels.signatures import Pair


@dataclass
class LayerCost:
    """One row: a layer without parts, or an operation between layers.

    Attributes:
        name: Its path in the model, or the operation in parentheses.
        kind: The class of the layer; empty for an operation.
        shape: Of what it gives.
        parameters: Counted where they are first used.
        multiply_adds: Of its matrix products and convolutions.
        bytes: What its output takes; 0 where it is a view of the input.
        steps: How many of its operations wait for one another; a recurrent
            layer takes one for each step in time, a view none.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int = 0
    multiply_adds: int = 0
    bytes: int = 0
    steps: int = 0


@dataclass
class ModelCost:
    """The layers in the order they ran, and what the model holds in all.

    Attributes:
        layers: The rows.
        parameters: All of the model's, used or not.
        steps: The longest chain of operations that wait for one another.
        failure: Why the pass ended early; empty if it did not.
    """

    layers: list[LayerCost] = field(default_factory=list)
    parameters: int = 0
    steps: int = 0
    failure: str = ""


@dataclass
class _Span:
    """One run of a module, and the numbers of the calls within."""

    path: str
    module: Module
    start: int
    stop: int = 0
    given: list[Tensor] = field(default_factory=list)
    out: Tensor | None = None

    @property
    def is_view(self) -> bool:
        """Whether the output shares its numbers with an input."""
        return self.out is not None and _shares(self.given, self.out)


def costs_of(model: Module, *inputs: Any) -> ModelCost:
    """Run a model once and note what each layer costs.

    The model runs as in evaluation and is left as it was.

    Args:
        model: What to run.
        *inputs: Arrays or tensors to run it with.

    Raises:
        TypeError: If `model` is not a module.
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"Ledger: model must be a Module, got {type(model).__name__}"
        )
    cost = ModelCost(parameters=sum(p.data.size for p in model.parameters()))
    spans: list[_Span] = []
    with _as_in_evaluation(model), _watched(model, spans):
        try:
            model(*[_recorded(x) for x in inputs])
        except Exception as error:  # a shape that does not fit, say
            cost.failure = str(error)
    results = _results(spans)
    cost.layers = _layers(spans, results)
    cost.steps = _longest_chain(results, results)
    return cost


def multiply_adds(call: Call, result: Tensor) -> int:
    """The products that one recorded call summed up for its result.

    Counted are matrix products, convolutions, recurrent layers and
    attention; what works number by number counts as nothing.
    """
    count = _COUNTS.get(call.pair.name)
    shape = call.several[0][0] if call.several else result.shape
    return 0 if count is None else count(call, shape)


def _recorded(x: Any) -> Tensor:
    """An input that the tape follows."""
    tensor = Tensor(x.data if isinstance(x, Tensor) else x)
    return Tensor(tensor.data, requires_grad=tensor.dtype.kind == "f")


@contextmanager
def _as_in_evaluation(model: Module) -> Iterator[None]:
    """No dropout, no new statistics, and every parameter on the tape."""
    modes = [(module, module.training) for module in model.modules()]
    wishes = [(p, p.requires_grad) for p in model.parameters()]
    try:
        model.eval().requires_grad_()
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        for parameter, wish in wishes:
            parameter.requires_grad = wish


@contextmanager
def _watched(model: Module, spans: list[_Span]) -> Iterator[None]:
    """Note every run of every module in `spans`."""
    watched = list(model.modules())
    try:
        for path, module in model.named_modules():
            forward = _noting(path, module, module.forward, spans)
            object.__setattr__(module, "forward", forward)
        yield
    finally:
        for module in watched:
            object.__delattr__(module, "forward")


def _noting(
    path: str,
    module: Module,
    forward: Callable[..., Any],
    spans: list[_Span],
) -> Callable[..., Any]:
    def noting(*inputs: Any, **options: Any) -> Any:
        given = [x for x in map(_first_tensor, inputs) if x is not None]
        span = _Span(path, module, _now(), given=given)
        spans.append(span)
        result = forward(*inputs, **options)
        span.out, span.stop = _first_tensor(result), _now()
        return result

    return noting


def _now() -> int:
    """A number between those of the calls before and after."""
    return Call(Pair(_now, _now), (), ()).number


def _shares(inputs: Sequence[Tensor | None], out: Tensor) -> bool:
    return any(
        x is not None and np.shares_memory(x.data, out.data) for x in inputs
    )


def _first_tensor(value: Any) -> Tensor | None:
    if isinstance(value, tuple | list):
        found = [_first_tensor(part) for part in value]
        return next((x for x in found if x is not None), None)
    return value if isinstance(value, Tensor) else None


def _layers(spans: list[_Span], results: dict[Call, Tensor]) -> list[LayerCost]:
    """One row for each run of a layer, one for each operation between."""
    calls: dict[int, set[Call]] = {}  # of each row
    rows = {
        id(span): (span.start, _row_of_layer(span))
        for span in spans
        if span.out is not None and not list(span.module.children())
    }
    seen: set[int] = set()
    for call in sorted(results, key=lambda call: call.number):
        span = _innermost(spans, call.number)
        if span is not None and _is_of_the_library(span.module):
            key, made = id(span), partial(_row_of_layer, span)
        else:
            key, made = id(call), partial(_row_of_call, span, call, results)
        if key not in rows:
            rows[key] = (call.number, made())
        calls.setdefault(key, set()).add(call)
        row = rows[key][1]
        row.multiply_adds += multiply_adds(call, results[call])
        for x in call.inputs:
            if isinstance(x, Parameter) and id(x) not in seen:
                seen.add(id(x))
                row.parameters += x.data.size
    for key, own in calls.items():
        rows[key][1].steps = _longest_chain(own, results)
    failed = [span for span in spans if span.out is None]
    if failed:
        rows[0] = (failed[-1].start, _row_of_layer(failed[-1]))
    return [row for _, row in sorted(rows.values(), key=lambda pair: pair[0])]


def _results(spans: list[_Span]) -> dict[Call, Tensor]:
    """Every recorded call, and a tensor that it gave."""
    results: dict[Call, Tensor] = {}
    waiting = [x for span in spans for x in (*span.given, span.out)]
    while waiting:
        tensor = waiting.pop()
        if tensor is None or tensor.call is None or tensor.call in results:
            continue
        results[tensor.call] = tensor
        waiting += tensor.call.inputs
    return results


def _longest_chain(
    counted: Container[Call], results: dict[Call, Tensor]
) -> int:
    """How many steps of the counted calls wait for one another."""
    ends: dict[Call, int] = {}
    for call in sorted(results, key=lambda call: call.number):
        waits = [
            ends.get(x.call, 0)
            for x in call.inputs
            if x is not None and x.call is not None
        ]
        own = _steps(call, results[call]) if call in counted else 0
        ends[call] = max(waits, default=0) + own
    return max(ends.values(), default=0)


def _steps(call: Call, out: Tensor) -> int:
    if call.pair.name in ("rnn", "gru", "lstm"):
        return _shape(call, "x")[0]  # time comes first
    return 0 if _shares(call.inputs, out) else 1


def _innermost(spans: list[_Span], number: int) -> _Span | None:
    around = [s for s in spans if s.start < number < (s.stop or number + 1)]
    return max(around, key=lambda span: span.start, default=None)


def _is_of_the_library(module: Module) -> bool:
    return type(module).__module__.startswith("tutorial_kernels.nn.")


def _row_of_layer(span: _Span) -> LayerCost:
    kind = type(span.module).__name__
    if span.out is None:  # it failed on its way
        return LayerCost(span.path, kind, ())
    taken = 0 if span.is_view else span.out.data.nbytes
    return LayerCost(span.path, kind, span.out.shape, bytes=taken)


def _row_of_call(
    span: _Span | None, call: Call, results: dict[Call, Tensor]
) -> LayerCost:
    path, out = span.path if span else "", results[call]
    name = f"{path} ({call.pair.name})" if path else f"({call.pair.name})"
    taken = 0 if _shares(call.inputs, out) else out.data.nbytes
    return LayerCost(name, "", out.shape, bytes=taken)


def _shape(call: Call, argument: str) -> tuple[int, ...]:
    """The shape of an argument, by its name in the kernel."""
    forward = getattr(kernels, f"{call.pair.name}_forward")
    place = list(inspect.signature(forward).parameters).index(argument)
    x = call.inputs[place]
    return () if x is None else x.shape


def _dense(call: Call, out: tuple[int, ...]) -> int:
    first = call.inputs[0]
    return prod(out) * (first.shape[-1] if first is not None else 0)


def _convolution(call: Call, out: tuple[int, ...]) -> int:
    return prod(out) * prod(_shape(call, "weight")[1:])


def _transposed(call: Call, _out: tuple[int, ...]) -> int:
    return prod(_shape(call, "x")) * prod(_shape(call, "weight")[1:])


def _recurrent(call: Call, _out: tuple[int, ...]) -> int:
    matrices = _shape(call, "weight_ih"), _shape(call, "weight_hh")
    return prod(_shape(call, "x")[:-1]) * sum(prod(m) for m in matrices)


def _attention(call: Call, out: tuple[int, ...]) -> int:
    query, key = _shape(call, "query"), _shape(call, "key")
    return prod(query[:-1]) * key[-2] * (query[-1] + out[-1])


_COUNTS: dict[str, Callable[[Call, tuple[int, ...]], int]] = {
    "linear": _dense,
    "matmul": _dense,
    "conv1d": _convolution,
    "conv2d": _convolution,
    "conv_transpose1d": _transposed,
    "conv_transpose2d": _transposed,
    "rnn": _recurrent,
    "gru": _recurrent,
    "lstm": _recurrent,
    "rnn_cell": _recurrent,
    "gru_cell": _recurrent,
    "lstm_cell": _recurrent,
    "scaled_dot_product_attention": _attention,
}
