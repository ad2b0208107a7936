"""Attention, with inputs to try it on and torch's function beside it."""

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from site_tests.kernels.case import Case, normal

PAIR = "scaled_dot_product_attention"


def attention_in_torch(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    **options: Any,
) -> torch.Tensor:
    """torch's function; with a dropout mask, its definition written out."""
    if dropout_mask is None:
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask, **options
        )
    scores = query @ key.transpose(-2, -1)
    scores = scores * options.get("scale", 1 / math.sqrt(query.shape[-1]))
    if options.get("is_causal"):
        attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, -torch.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    weights = torch.softmax(scores, dim=-1)
    kept = 1 / (1 - dropout_p) if dropout_p < 1 else 0.0
    return weights * dropout_mask * kept @ value


def qkv(
    r: np.random.Generator,
    *leading: int,
    queries: int = 3,
    keys: int = 5,
    size: int = 4,
    value_size: int = 2,
) -> tuple[np.ndarray, ...]:
    return (
        normal(r, *leading, queries, size),
        normal(r, *leading, keys, size),
        normal(r, *leading, keys, value_size),
    )


def booleans(r: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(r.random(shape) < 0.6)


def blind(r: np.random.Generator) -> np.ndarray:
    """A mask that lets the first query look nowhere."""
    mask = booleans(r, 3, 5)
    mask[0], mask[1:, 0] = False, True
    return mask


def added(mask: np.ndarray) -> np.ndarray:
    """The same mask as numbers to add."""
    return np.where(mask, 0.5, -np.inf)


def _case(note: str, make: Any, **options: Any) -> Case:
    return Case(PAIR, make, attention_in_torch, options, note)


ATTENTION: list[Case] = [
    _case("", lambda r: qkv(r, 2)),
    _case("plain", lambda r: qkv(r)),
    _case("heads", lambda r: qkv(r, 2, 3)),
    _case("scale", lambda r: qkv(r, 2), scale=0.3),
    _case("causal", lambda r: qkv(r, 2), is_causal=True),
    _case(
        "causal with more queries",
        lambda r: qkv(r, 2, 1, queries=6, value_size=4),
        is_causal=True,
    ),
    _case("numbers", lambda r: (*qkv(r, 2), normal(r, 2, 3, 5))),
    _case("one row of numbers", lambda r: (*qkv(r, 2, 2), normal(r, 1, 5))),
    _case("heads of numbers", lambda r: (*qkv(r, 2, 2), normal(r, 2, 1, 5))),
    _case("booleans", lambda r: (*qkv(r, 2), booleans(r, 3, 5))),
    _case("nowhere", lambda r: (*qkv(r, 2), blind(r))),
    _case("nowhere, 4-d", lambda r: (*qkv(r, 2, 1), blind(r))),
    _case(
        "dropout",
        lambda r: (*qkv(r, 2), normal(r, 3, 5), booleans(r, 2, 3, 5)),
        dropout_p=0.4,
    ),
    _case(
        "everything dropped",
        lambda r: (*qkv(r, 2), normal(r, 3, 5), booleans(r, 2, 3, 5)),
        dropout_p=1,
    ),
    _case(
        "stretched",
        lambda r: (normal(r, 2, 1, 3, 4), normal(r, 3, 5, 4), normal(r, 5, 2)),
    ),
    _case(
        "more values",
        lambda r: (normal(r, 3, 4), normal(r, 5, 4), normal(r, 2, 5, 2)),
    ),
    _case(
        "shared heads",
        lambda r: (
            normal(r, 2, 4, 3, 4),
            normal(r, 2, 2, 5, 4),
            normal(r, 2, 2, 5, 3),
        ),
        enable_gqa=True,
    ),
    _case(
        "one head shared",
        lambda r: (
            normal(r, 4, 3, 4),
            normal(r, 1, 5, 4),
            normal(r, 2, 5, 3),
            normal(r, 4, 1, 5),
        ),
        enable_gqa=True,
    ),
]
