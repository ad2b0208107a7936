"""The whole of Module beside torch's: register, names, states, conversion."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.nn.twins import both, make
from tutorial_kernels import Tensor, nn


def build(nn: Any) -> Any:
    """Parameters, buffers and parts at several depths, some of them shared."""
    inner = nn.Module()
    inner.register_parameter("scale", nn.Parameter(make(nn, 2)))
    inner.register_parameter("shift", None)
    inner.register_buffer("mask", make(nn, 2, 2), persistent=False)
    inner.register_buffer("count", make(nn, 1))
    outer = nn.Module()
    outer.first = nn.Linear(2, 3)
    outer.add_module("inner", inner)
    outer.register_module("again", inner)
    outer.norm = nn.BatchNorm1d(3)
    outer.own = nn.Parameter(make(nn, 4))
    outer.same = outer.own
    outer.register_buffer("nothing", None)
    outer.add_module("no_part", None)
    return outer


LISTINGS: list[tuple[str, dict[str, Any]]] = [
    (name, options)
    for name in ("named_parameters", "named_buffers")
    for options in (
        {},
        {"prefix": "net"},
        {"recurse": False},
        {"remove_duplicate": False},
        {"prefix": "net", "recurse": False, "remove_duplicate": False},
    )
]
LISTINGS += [
    ("named_modules", {}),
    ("named_modules", {"prefix": "net"}),
    ("named_modules", {"remove_duplicate": False}),
    ("named_children", {}),
]


@pytest.mark.parametrize(("name", "options"), LISTINGS, ids=str)
def test_listings_are_torchs(name: str, options: dict[str, Any]) -> None:
    ours, theirs = both(build)
    found = [key for key, _ in getattr(ours, name)(**options)]
    assert found == [key for key, _ in getattr(theirs, name)(**options)]
    plain = name.removeprefix("named_")
    chosen = {k: v for k, v in options.items() if k == "recurse"}
    for module in (ours, theirs):
        listed = list(getattr(module, plain)(**chosen))
        named = list(getattr(module, name)(**chosen))
        assert len(listed) == len(named)
        assert all(a is b for a, (_, b) in zip(listed, named, strict=True))


def test_modules_of_a_memo_are_passed_over() -> None:
    ours, theirs = both(build)
    for module in (ours, theirs):
        memo = {module.norm}
        names = [name for name, _ in module.named_modules(memo)]
        assert names == ["", "first", "inner"]
        assert len(memo) == 4


def test_states_leave_out_what_is_not_persistent() -> None:
    ours, theirs = both(build)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert "inner.mask" not in ours.state_dict()
    given: dict[str, Any] = {"epoch": 3}
    for module in (ours, theirs):
        state = module.state_dict(destination=given, prefix="net.")
        assert state is given
    assert set(given) == {"epoch"} | {f"net.{k}" for k in ours.state_dict()}
    kept = ours.state_dict(keep_vars=True)
    assert kept["own"] is ours.own
    assert kept["norm.running_mean"] is ours.norm.running_mean
    assert repr(ours.load_state_dict(theirs.state_dict()))[0] == "<"


@pytest.mark.parametrize(
    ("method", "target", "kind"),
    [
        ("get_submodule", "", nn.Module),
        ("get_submodule", "inner", nn.Module),
        ("get_submodule", "norm", nn.BatchNorm1d),
        ("get_parameter", "own", nn.Parameter),
        ("get_parameter", "first.weight", nn.Parameter),
        ("get_buffer", "norm.num_batches_tracked", nn.Buffer),
        ("get_buffer", "inner.mask", nn.Buffer),
    ],
)
def test_parts_are_found_by_name(method: str, target: str, kind: type) -> None:
    ours, theirs = both(build)
    found = getattr(ours, method)(target)
    assert isinstance(found, kind)
    assert target == "" or found is eval(f"ours.{target}", {"ours": ours})
    assert getattr(theirs, method)(target) is not None


def test_what_is_set_again_keeps_its_place_and_its_kind() -> None:
    ours, theirs = both(build)
    for library, module in ((nn, ours), (torch.nn, theirs)):
        module.own = None
        module.own = library.Parameter(make(library, 5))
        module.first = library.Identity()
        module.norm.running_mean = make(library, 3)
        module.inner.shift = library.Parameter(make(library, 2))
        del module.same
        delattr(module.norm, "bias")
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert isinstance(ours.norm.running_mean, nn.Buffer)
    ours.inner.mask = Tensor(np.ones((2, 2)))  # still not saved
    assert not ours.inner.mask.persistent
    assert "inner.mask" not in ours.state_dict()


def test_gradients_are_forgotten_or_become_zero() -> None:
    ours, theirs = both(lambda nn: nn.Linear(2, 1))
    ours.weight.grad = np.ones((1, 2), np.float32)
    theirs.weight.grad = torch.ones(1, 2)
    for module in (ours, theirs):
        module.zero_grad(set_to_none=False)
        assert not np.asarray(module.weight.grad).any()
        assert module.bias.grad is None
        module.zero_grad()
        assert module.weight.grad is None


@pytest.mark.parametrize("name", ["half", "float", "double"])
def test_conversion_reaches_gradients_but_no_integers(name: str) -> None:
    ours, theirs = both(build)
    ours.own.grad = np.ones(4, np.float32)
    theirs.own.grad = torch.ones(4)
    assert getattr(ours, name)() is ours
    getattr(theirs, name)()
    assert f"torch.{ours.own.grad.dtype}" == str(theirs.own.grad.dtype)
    for (_, one), (_, other) in zip(
        (*ours.named_parameters(), *ours.named_buffers()),
        (*theirs.named_parameters(), *theirs.named_buffers()),
        strict=True,
    ):
        assert f"torch.{one.dtype}" == str(other.dtype)
    mask = ours.inner.mask
    assert ours.to("float32").inner.mask is mask


def test_half_precision_computes() -> None:
    x = np.random.default_rng(0).standard_normal((3, 2))
    ours, theirs = both(lambda nn: nn.Linear(2, 4))
    ours.load_state_dict(theirs.state_dict())
    out = ours.half()(Tensor(x.astype(np.float16)))
    expected = theirs.half()(torch.tensor(x).half())
    assert out.dtype == np.float16
    np.testing.assert_allclose(
        out.data, expected.detach().numpy(), rtol=2e-3, atol=2e-3
    )


def test_assigned_states_keep_their_dtype_and_their_array() -> None:
    state = {"weight": np.ones((1, 2)), "bias": np.zeros(1, np.float16)}
    ours, theirs = both(lambda nn: nn.Linear(2, 1))
    weight = ours.weight
    ours.load_state_dict(state, assign=True)
    theirs.load_state_dict(
        {k: torch.from_numpy(a) for k, a in state.items()}, assign=True
    )
    for key in state:
        one, other = getattr(ours, key), getattr(theirs, key)
        assert f"torch.{one.dtype}" == str(other.dtype)
        assert one.data is state[key]
        assert one.requires_grad
    assert ours.weight is weight  # an optimizer goes on with it


def test_modules_are_copied_and_pickled_whole() -> None:
    ours = build(nn)
    for twin in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert repr(twin) == repr(ours)
        for key, array in ours.state_dict().items():
            np.testing.assert_array_equal(twin.state_dict()[key], array)
        assert twin.own is not ours.own
        assert twin.same is twin.own
        assert twin.again is twin.inner


def test_a_dtype_of_none_is_float32() -> None:
    layers: list[Callable[..., Any]] = [
        lambda dtype: nn.Linear(2, 3, dtype=dtype),
        lambda dtype: nn.Conv1d(1, 2, 3, dtype=dtype),
        lambda dtype: nn.ConvTranspose2d(1, 2, 3, dtype=dtype),
        lambda dtype: nn.BatchNorm1d(2, dtype=dtype),
        lambda dtype: nn.LayerNorm(2, dtype=dtype),
        lambda dtype: nn.GroupNorm(1, 2, dtype=dtype),
        lambda dtype: nn.RMSNorm(2, dtype=dtype),
        lambda dtype: nn.Embedding(2, 3, dtype=dtype),
        lambda dtype: nn.LSTM(2, 3, dtype=dtype),
        lambda dtype: nn.GRUCell(2, 3, dtype=dtype),
    ]
    for layer in layers:
        for dtype in (None, np.float32, np.float64):
            found = {p.dtype for p in layer(dtype).parameters()}
            assert found == {np.dtype(dtype or np.float32)}
            found = {b.dtype.kind for b in layer(dtype).buffers()}
            assert found <= {"f", "i"}


def module(**attributes: Any) -> nn.Module:
    made = nn.Module()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def assign(owner: nn.Module, name: str, value: Any) -> None:
    setattr(owner, name, value)


P, B = nn.Parameter(np.ones(2)), nn.Buffer(np.ones(2))
MISTAKES: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: module()(1), NotImplementedError, "Module: a module needs a method forward"),
    (lambda: assign(module(w=P), "w", np.ones(2)), TypeError,
     "Module: w is a Parameter and must stay one or become None, got ndarray"),
    (lambda: assign(module(w=B), "w", P), TypeError,
     "Module: w is a Buffer and must stay one or become None, got Parameter"),
    (lambda: assign(module(w=B), "w", 3.0), TypeError,
     "Module: w is a Buffer and must stay one or become None, got float"),
    (lambda: assign(module(fc=nn.ReLU()), "fc", abs), TypeError,
     "Module: fc is a Module and must stay one or become None, got builtin_function_or_method"),
    (lambda: module().register_parameter("w", np.ones(2)), TypeError,
     "Module: w must be a Parameter or None, got ndarray"),
    (lambda: module().add_module("w", abs), TypeError,
     "Module: w must be a Module or None, got builtin_function_or_method"),
    (lambda: module().register_buffer("", P), KeyError,
     "Module: the name of a Buffer must not be empty and have no dot, got ''"),
    (lambda: module().add_module("a.b", nn.ReLU()), KeyError,
     "Module: the name of a Module must not be empty and have no dot, got 'a.b'"),
    (lambda: module().register_buffer("forward", P), KeyError,
     "Module: there is already an attribute forward"),
    (lambda: module(w=P).register_buffer("w", P), KeyError,
     "Module: there is already an attribute w"),
    (lambda: build(nn).get_submodule("inner.fc"), AttributeError,
     "Module: there is no Module 'fc'"),
    (lambda: build(nn).get_parameter("norm.running_mean"), AttributeError,
     "BatchNorm1d: there is no Parameter 'running_mean'"),
    (lambda: build(nn).get_buffer("own"), AttributeError, "Module: there is no Buffer 'own'"),
    (lambda: module().train([1, 2]), ValueError, "Module.train: mode must be True or False, got list"),
    (lambda: module().to("cuda"), TypeError,
     "Module.to: dtype must be a floating-point type of NumPy, got 'cuda'"),
    (lambda: module().to(np.int64), TypeError,
     "Module.to: dtype must be a floating-point type of NumPy, got <class 'numpy.int64'>"),
    (lambda: module().to(torch.float32), TypeError,
     "Module.to: dtype must be a floating-point type of NumPy, got torch.float32"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "sentence"), MISTAKES)
def test_mistakes(
    call: Callable[[], Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        call()
    assert caught.value.args == (sentence,)
