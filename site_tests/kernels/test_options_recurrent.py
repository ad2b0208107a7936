"""Recurrent pairs and modules beside torch, options drawn by hypothesis."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.counts import COUNTS, GENERATED
from site_tests.kernels.case import (
    Case,
    as_tuple,
    assert_as_torch,
    assert_close,
)
from site_tests.kernels.cases_recurrent import (
    GATES,
    arrays_for,
    cell_arrays,
    cell_in_torch,
    layer_in_torch,
    states_of,
)
from site_tests.kernels.grids import grid
from tutorial_kernels import Tensor, kernels, nn

seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([(np.float64, 1e-10), (np.float32, 3e-5)])
kinds = st.sampled_from(sorted(GATES))
small = settings(deadline=None, max_examples=100, derandomize=True)


def drawn(data: st.DataObject, make: Any, *args: Any, **sizes: Any) -> Any:
    """Arrays of a drawn dtype, and how close they must be to torch's."""
    dtype, relative = data.draw(dtypes)
    rng = np.random.default_rng(data.draw(seeds))
    return [np.asarray(a, dtype) for a in make(rng, *args, **sizes)], relative


def sizes_of(data: st.DataObject) -> dict[str, Any]:
    return {
        "bias": data.draw(st.booleans()),
        "input_size": data.draw(st.integers(1, 4)),
        "hidden_size": data.draw(st.integers(1, 5)),
    }


def options_of(data: st.DataObject, kind: str) -> dict[str, Any]:
    if kind != "rnn":
        return {}
    return {"nonlinearity": data.draw(st.sampled_from(["tanh", "relu"]))}


@grid(*(f"{kind}_cell" for kind in GATES))
@small
@given(st.data(), kinds)
def test_cells(data: st.DataObject, kind: str) -> None:
    batch = data.draw(st.sampled_from([(), (0,), (1,), (3,)]))
    arrays, relative = drawn(data, cell_arrays, kind, batch, **sizes_of(data))
    case = Case(f"{kind}_cell", lambda r: (), cell_in_torch(kind))
    assert_as_torch(case, arrays, options_of(data, kind), relative)


@grid(*GATES)
@small
@given(st.data(), kinds)
def test_layers(data: st.DataObject, kind: str) -> None:
    batch = data.draw(st.sampled_from([(), (0,), (1,), (3,)]))
    leading = (data.draw(st.integers(1, 9)), *batch)
    arrays, relative = drawn(data, arrays_for, kind, leading, **sizes_of(data))
    options = options_of(data, kind) | {"reverse": data.draw(st.booleans())}
    case = Case(kind, lambda r: (), layer_in_torch(kind))
    assert_as_torch(case, arrays, options, relative)


@small
@given(st.data(), kinds)
def test_a_layer_is_its_cell_step_after_step(
    data: st.DataObject, kind: str
) -> None:
    leading = (data.draw(st.integers(1, 6)), data.draw(st.integers(0, 3)))
    rng = np.random.default_rng(data.draw(seeds))
    x, *rest = arrays_for(rng, kind, leading, **sizes_of(data))
    options = options_of(data, kind)
    count = states_of(kind)
    states, parameters = tuple(rest[:count]), rest[count:]
    forward, backward = (
        getattr(kernels, f"{kind}_cell_{way}")
        for way in ("forward", "backward")
    )
    outputs, caches = [], []
    for step in x:
        out, cache = forward(step, *states, *parameters, **options)
        states = as_tuple(out)
        outputs.append(states[0])
        caches.append(cache)
    layer, layer_cache = getattr(kernels, f"{kind}_forward")(
        x, *rest, **options
    )
    for one, other in zip(layer, (np.stack(outputs), *states), strict=True):
        assert_close(one, other, 1e-13)

    weights = [rng.standard_normal(o.shape) for o in layer]
    grad_output, *grads = weights
    total: list[Any] = [0.0] * len(parameters)
    grad_x = np.empty_like(x)
    for t in reversed(range(len(x))):
        grads[0] = grads[0] + grad_output[t]
        grad_x[t], *back = backward(*grads, caches[t])
        grads, more = list(back[:count]), back[count:]
        total = [a + b for a, b in zip(total, more, strict=False)]
    ours = getattr(kernels, f"{kind}_backward")(*weights, layer_cache)
    expected = (grad_x, *grads, *total)
    assert all(grad is None for grad in ours[len(expected) :])
    for one, other in zip(ours, expected, strict=False):
        assert_close(one, other, 1e-12)


MODULES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


def twins(kind: str, dtype: Any, *sizes: int, **options: Any) -> Any:
    """Our module and torch's, with torch's first values in both."""
    theirs = getattr(torch.nn, MODULES[kind])(*sizes, **options)
    theirs = theirs.to(torch.from_numpy(np.zeros(0, dtype)).dtype)
    ours = getattr(nn, MODULES[kind])(*sizes, **options).to(dtype)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def leaves(arrays: list[np.ndarray]) -> tuple[list[Tensor], Any]:
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    return ours, [torch.tensor(a, requires_grad=True) for a in arrays]


def bundle(kind: str, states: list[Any]) -> Any:
    """`hx` as a module takes it."""
    if not states:
        return None
    return tuple(states) if kind == "lstm" else states[0]


def compare_modules(
    kind: str, ours: Any, theirs: Any, arrays: list[np.ndarray], relative: float
) -> None:
    """Outputs, last states and every gradient, with random cotangents."""
    (x, *states), (torch_x, *torch_states) = leaves(arrays)
    output, last = ours(x, bundle(kind, states))
    torch_output, torch_last = theirs(torch_x, bundle(kind, torch_states))
    outs = [output, *as_tuple(last)]
    torch_outs = [torch_output, *as_tuple(torch_last)]
    rng = np.random.default_rng(5)
    for one, other in zip(outs, torch_outs, strict=True):
        assert_close(one.data, other.detach().numpy(), relative)
        weight = np.asarray(rng.standard_normal(one.shape), one.dtype)
        one.backward(weight, retain_graph=True)
        other.backward(torch.tensor(weight), retain_graph=True)
    pairs = list(zip([x, *states], [torch_x, *torch_states], strict=True))
    own = dict(ours.named_parameters())
    pairs += [(own[name], p) for name, p in theirs.named_parameters()]
    assert len(own) == len(pairs) - len(arrays)
    for one, other in pairs:
        assert_close(one.grad, other.grad.numpy(), relative)
    COUNTS[GENERATED] += 1


# torch says so about the gradient of an input without examples
@pytest.mark.filterwarnings("ignore:grad and param do not obey")
@small
@given(st.data(), kinds)
def test_modules(data: st.DataObject, kind: str) -> None:
    draw = data.draw
    dtype, relative = draw(dtypes)
    input_size, hidden_size = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    options = options_of(data, kind) | {
        "num_layers": draw(st.integers(1, 3)),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
    }
    torch.manual_seed(draw(seeds))
    ours, theirs = twins(kind, dtype, input_size, hidden_size, **options)
    batch = draw(st.sampled_from([(), (0,), (1,), (3,)]))
    time = draw(st.integers(1, 6))
    leading = (*batch, time) if options["batch_first"] else (time, *batch)
    rows = options["num_layers"] * (1 + options["bidirectional"])
    shapes = [(*leading, input_size)]
    if draw(st.booleans()):
        shapes += [(rows, *batch, hidden_size)] * states_of(kind)
    rng = np.random.default_rng(draw(seeds))
    arrays = [np.asarray(rng.standard_normal(s), dtype) for s in shapes]
    compare_modules(kind, ours, theirs, arrays, relative)


CELLS = {"rnn": "RNNCell", "lstm": "LSTMCell", "gru": "GRUCell"}


@small
@given(st.data(), kinds)
def test_cell_modules(data: st.DataObject, kind: str) -> None:
    draw = data.draw
    dtype, relative = draw(dtypes)
    sizes = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    options = options_of(data, kind) | {"bias": draw(st.booleans())}
    torch.manual_seed(draw(seeds))
    theirs = getattr(torch.nn, CELLS[kind])(*sizes, **options)
    theirs = theirs.to(torch.from_numpy(np.zeros(0, dtype)).dtype)
    ours = getattr(nn, CELLS[kind])(*sizes, **options).to(dtype)
    ours.load_state_dict(theirs.state_dict())
    batch = draw(st.sampled_from([(), (0,), (3,)]))
    shapes = [(*batch, sizes[0])]
    if draw(st.booleans()):
        shapes += [(*batch, sizes[1])] * states_of(kind)
    rng = np.random.default_rng(draw(seeds))
    arrays = [np.asarray(rng.standard_normal(s), dtype) for s in shapes]
    # A cell gives its states; the first of them stands for the output.
    compare_modules(kind, _Twice(ours), _Twice(theirs), arrays, relative)


class _Twice:
    """A cell that looks like a layer: its state is its output as well."""

    def __init__(self, cell: Any) -> None:
        self.cell = cell
        self.named_parameters = cell.named_parameters

    def __call__(self, x: Any, hx: Any) -> Any:
        states = self.cell(x, hx)
        return as_tuple(states)[0], states


@pytest.mark.parametrize("kind", GATES)
def test_half_precision(kind: str) -> None:
    """float16 keeps three digits, over 6 steps a little less."""
    rng = np.random.default_rng(0)
    arrays = [np.float16(a) for a in arrays_for(rng, kind, (6, 2))]
    case = Case(kind, lambda r: (), layer_in_torch(kind))
    assert_as_torch(case, arrays, {}, 1e-2)


@pytest.mark.parametrize("missing", ["bias_ih", "bias_hh"])
@pytest.mark.parametrize("suffix", ["", "_cell"])
@pytest.mark.parametrize("kind", GATES)
def test_one_bias_alone(kind: str, suffix: str, missing: str) -> None:
    """A bias left out counts as zeros, and has no gradient."""
    make = cell_arrays if suffix else arrays_for
    leading = (2,) if suffix else (3, 2)
    arrays = list(make(np.random.default_rng(0), kind, leading))
    place = -2 if missing == "bias_ih" else -1
    arrays[place] = np.zeros_like(arrays[place])
    forward = getattr(kernels, f"{kind}{suffix}_forward")
    backward = getattr(kernels, f"{kind}{suffix}_backward")
    out, cache = forward(*arrays)
    arrays[place] = None
    without, other_cache = forward(*arrays)
    for one, other in zip(as_tuple(out), as_tuple(without), strict=True):
        assert_close(other, one, 1e-14)
    rng = np.random.default_rng(1)
    grads = [rng.standard_normal(o.shape) for o in as_tuple(out)]
    full, short = backward(*grads, cache), list(backward(*grads, other_cache))
    assert short.pop(place) is None
    rest = [grad for k, grad in enumerate(full) if k != len(full) + place]
    for one, other in zip(rest, short, strict=True):
        assert_close(other, one, 1e-12)
