"""Every model and its twin in torch: found by themselves, made alike."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

import numpy as np
import torch

from tutorial_kernels import manual_seed, models, nn, torch_models
from tutorial_kernels.parity import load_into_torch


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


def torch_dtype(dtype: Any) -> torch.dtype:
    return torch.from_numpy(np.zeros(0, dtype)).dtype


def twins(
    name: str, dtype: Any = np.float64, *sizes: int, **options: Any
) -> tuple[Any, Any]:
    """A model such as "vae.VAE" and its twin, with the same weights."""
    manual_seed(0)
    model = OURS[name](*sizes, **options).to(dtype)
    twin = THEIRS[name](*sizes, **options).to(torch_dtype(dtype))
    load_into_torch(model, twin)
    return model, twin


def assert_close(ours: Any, theirs: Any, tolerance: float = 1e-10) -> None:
    """Equal within a part of the largest number in torch's tensor."""
    if isinstance(theirs, torch.Tensor):
        theirs = theirs.detach().numpy()
    ours = np.asarray(ours)
    assert ours.shape == theirs.shape
    difference = np.abs(ours - theirs).max(initial=0)
    assert difference <= tolerance * np.abs(theirs).max(initial=0)


def assert_same_gradients(
    hand: dict[str, Any], model: Any, twin: Any, tolerance: float = 1e-10
) -> None:
    """By hand = by the tape = by torch, for every parameter of a model."""
    parameters = dict(twin.named_parameters())
    assert list(hand) == list(parameters)
    for name, parameter in model.named_parameters():
        assert hand[name].dtype == parameter.dtype
        assert_close(hand[name], parameter.grad, tolerance)
        assert_close(hand[name], parameters[name].grad, tolerance)
