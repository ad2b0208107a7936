"""Every model and its twin in torch: found by themselves, read side by side."""

import importlib
import inspect
import pkgutil
import re
from types import ModuleType
from typing import Any

import pytest
import torch

from tutorial_kernels import models, nn, torch_models


def found(package: ModuleType, base: type) -> dict[str, type]:
    """Every module class of a package: `lstm.SimpleLSTM` and so on."""
    classes = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for name, value in vars(module).items():
            own = getattr(value, "__module__", "") == module.__name__
            if own and isinstance(value, type) and issubclass(value, base):
                classes[f"{info.name}.{name}"] = value
    return classes


OURS = found(models, nn.Module)
THEIRS = found(torch_models, torch.nn.Module)


def test_every_model_has_its_twin() -> None:
    assert list(OURS) == list(THEIRS)
    assert {"fnn.SimpleNN", "cnn.SimpleCNN", "lstm.SimpleLSTM"} <= set(OURS)


def body(cls: type) -> str:
    """The class as it is written."""
    return inspect.getsource(cls)


def imports(cls: type) -> list[str]:
    """The import of `Tensor, nn`; the package's name stands for torch's."""
    source = inspect.getsource(importlib.import_module(cls.__module__))
    lines = re.findall(r"^from \S+ import Tensor, nn$", source, re.M)
    return [line.replace("tutorial_kernels", "torch") for line in lines]


@pytest.mark.parametrize("name", OURS)
def test_the_twins_read_alike(name: str) -> None:
    ours, theirs = OURS[name], THEIRS[name]
    assert body(ours) == body(theirs)
    assert imports(ours) == imports(theirs) == ["from torch import Tensor, nn"]
    assert "def forward(self" in body(ours)


def test_a_twin_that_differs_is_seen() -> None:
    names: list[Any] = ["rnn.SimpleRNN", "gru.SimpleGRU"]
    one, other = (body(OURS[name]) for name in names)
    assert one != other
