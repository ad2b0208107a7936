"""Extremes and indexing, with inputs and torch's functions beside them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from site_tests.kernels.case import Case, normal, unary


def in_torch(x: torch.Tensor, key: Any) -> torch.Tensor:
    return x[key]


def indexed(note: str, key: Any) -> Case:
    make: Callable[..., Any] = lambda r: (normal(r, 4, 3, 5),)  # noqa: E731
    return Case("index", make, in_torch, {"key": key}, note)


def expanded_in_torch(x: torch.Tensor, sizes: Any) -> torch.Tensor:
    return x.expand(sizes)


def some(r: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(r.random(shape) < 0.5)


PLACES = np.array([2, 0, 2, -1])

SHAPING: list[Case] = [
    *unary("max", torch.max),
    *unary("min", torch.min),
    *unary("amax", torch.amax),
    *unary("amin", torch.amin),
    *unary("amax", torch.amax, dim=(0, -1)),
    *unary("amin", torch.amin, dim=1),
    *unary("cumsum", torch.cumsum, dim=-1),
    *unary("cumsum", torch.cumsum, dim=0),
    Case("topk", lambda r: (normal(r, 3, 5),), torch.topk, {"k": 2, "dim": -1}),
    Case(
        "topk",
        lambda r: (normal(r, 4, 3),),
        torch.topk,
        {"k": 3, "dim": 0, "largest": False},
        "smallest",
    ),
    indexed("integer", 1),
    indexed("slices", (slice(1, None, 2), slice(None), slice(-3, -1))),
    indexed("new axis", (None, ..., 0, None)),
    indexed("array", PLACES),
    indexed("two arrays", (PLACES, np.array([[0], [1]]))),
    indexed("integer and array", (1, slice(None), PLACES)),
    indexed("mask", np.arange(12).reshape(4, 3) % 3 == 0),
    indexed("nothing", np.zeros(0, np.int64)),
    Case("squeeze", lambda r: (normal(r, 2, 1, 3, 1),), torch.squeeze),
    Case(
        "squeeze",
        lambda r: (normal(r, 2, 1, 3, 1),),
        torch.squeeze,
        {"dim": (-1, 0)},
        "dims",
    ),
    Case(
        "unsqueeze", lambda r: (normal(r, 2, 3),), torch.unsqueeze, {"dim": -1}
    ),
    Case(
        "unflatten",
        lambda r: (normal(r, 2, 12),),
        torch.unflatten,
        {"dim": -1, "sizes": (2, -1, 3)},
    ),
    Case(
        "expand",
        lambda r: (normal(r, 2, 1, 3),),
        expanded_in_torch,
        {"sizes": (4, 2, 5, -1)},
    ),
    Case(
        "masked_fill",
        lambda r: (normal(r, 2, 3, 4), some(r, 3, 1)),
        torch.masked_fill,
        {"value": -2.5},
    ),
    Case(
        "masked_fill",
        lambda r: (normal(r, 3, 1), some(r, 2, 3, 4), normal(r)),
        torch.masked_fill,
        {},
        "learned value",
    ),
    Case(
        "where",
        lambda r: (some(r, 2, 3, 4), normal(r, 3, 1), normal(r, 4)),
        torch.where,
    ),
    Case(
        "where",
        lambda r: (some(r, 3, 1), normal(r, 2, 3, 4)),
        lambda condition, x, y: torch.where(condition, x, y),
        {"y": 0.5},
        "number",
    ),
]
