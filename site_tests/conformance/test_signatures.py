"""The arguments of every class: PyTorch's names, places and defaults."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch
import yaml

from site_tests.conformance.modules import UNSUPPORTED
from tutorial_kernels import nn, optim

# What torch takes and we do not; docs/assets/reference/unsupported.yml has a
# reason for each.
ABSENT = {
    "_freeze",
    "_weight",
    "align_corners",
    "capturable",
    "device",
    "differentiable",
    "foreach",
    "fused",
    "max_value",
    "min_value",
    "recompute_scale_factor",
    "reduce",
    "size_average",
}
LIBRARIES = [
    (nn, torch.nn),
    (optim, torch.optim),
    (optim.lr_scheduler, torch.optim.lr_scheduler),
]
# In torch these take `*args`; their names stand in its documentation.
UNNAMED = {"RNN", "LSTM", "GRU", "Buffer", "Parameter"}
CLASSES = [
    (name, getattr(ours, name), getattr(theirs, name))
    for ours, theirs in LIBRARIES
    for name in ours.__all__
    if isinstance(getattr(ours, name), type)
]


def parameters(kind: Any) -> dict[str, inspect.Parameter]:
    found = dict(inspect.signature(kind.__init__).parameters)
    found.pop("self")
    return found


def recurrent(name: str) -> dict[str, Any]:
    """The arguments that torch documents for its recurrent layers."""
    base = parameters(torch.nn.RNNBase)
    base.pop("mode")
    base.pop("device")
    names = list(base)
    if name == "RNN":
        names.insert(3, "nonlinearity")
    if name != "LSTM":
        names.remove("proj_size")
    defaults = {key: base[key].default for key in names if key in base}
    return {key: defaults.get(key, "tanh") for key in names}


def plain(default: Any) -> Any:
    """A default as it is; a function by its name."""
    return default.__name__ if inspect.isfunction(default) else default


def positional(found: dict[str, inspect.Parameter]) -> list[str]:
    return [
        key
        for key, parameter in found.items()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [case for case in CLASSES if case[0] not in UNNAMED],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_places_and_defaults(name: str, ours: Any, theirs: Any) -> None:
    own, other = parameters(ours), parameters(theirs)
    assert set(other) - set(own) <= ABSENT
    assert set(own) <= set(other)
    for key, parameter in own.items():
        assert plain(parameter.default) == plain(other[key].default), key
    # A call by position means the same on both sides, or nothing here.
    places = positional(own)
    assert places == positional(other)[: len(places)]


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_recurrent_layers(name: str) -> None:
    own, expected = parameters(getattr(nn, name)), recurrent(name)
    assert list(own) == list(expected)
    for key, parameter in own.items():
        assert parameter.default == expected[key], key


def test_every_absence_has_its_reason() -> None:
    entries = yaml.safe_load(UNSUPPORTED.read_text())
    text = " ".join(entry["what"] for entry in entries)
    assert {key for key in ABSENT if f"`{key}`" not in text} == set()


@pytest.mark.parametrize("key", sorted(ABSENT))
def test_what_is_absent_is_refused(key: str) -> None:
    met = 0
    for name, ours, theirs in CLASSES:
        if name in UNNAMED or key not in parameters(theirs):
            continue
        required = [
            None
            for parameter in parameters(ours).values()
            if parameter.default is inspect.Parameter.empty
            and parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        ]
        with pytest.raises(TypeError) as caught:
            ours(*required, **{key: None})
        expected = f".__init__() got an unexpected keyword argument '{key}'"
        assert expected in str(caught.value)
        met += 1
    assert met > 0


METHODS = {
    nn.Module: torch.nn.Module,
    optim.Optimizer: torch.optim.Optimizer,
    optim.lr_scheduler.LRScheduler: torch.optim.lr_scheduler.LRScheduler,
}


@pytest.mark.parametrize("ours", METHODS, ids=lambda kind: kind.__name__)
def test_methods_take_torchs_arguments(ours: Any) -> None:
    theirs = METHODS[ours]
    compared = 0
    for name in vars(ours):
        if name.startswith("_") or name == "forward":
            continue
        if not callable(getattr(theirs, name, None)):
            continue
        own = list(inspect.signature(getattr(ours, name)).parameters)
        other = list(inspect.signature(getattr(theirs, name)).parameters)
        if not {"args", "kwargs", "epoch"} & set(other):
            assert own == other, name
            compared += 1
    assert compared >= 1
