"""Attention: every query gathers the values whose keys fit it."""

import math

import numpy as np

from tutorial_kernels.kernels.activations import (
    softmax_backward,
    softmax_forward,
)
from tutorial_kernels.kernels.broadcasting import check_broadcast, unbroadcast
from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_dtypes,
    is_floating,
    quiet,
    widen,
)
from tutorial_kernels.kernels.dropout import (
    check_probability,
    dropout_backward,
    dropout_forward,
)

NAME = "scaled_dot_product_attention"


@quiet
def scaled_dot_product_attention_forward(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array | None = None,
    dropout_mask: Array | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> tuple[Array, Cache]:
    """Give every query a mean of the values, weighted by how its keys fit.

    `weights = softmax(scale * query @ key.T + attn_mask)` over the keys, and
    `out = weights @ value`. Without the scale, the scores of long vectors
    would spread, and softmax would pick one key alone.

    Args:
        query: What each of the L places asks for.
        key: What each of the S places offers.
        value: What each of the S places gives.
        attn_mask: Booleans, True where a query may look; or numbers to be
            added to the scores. It is stretched over the leading axes. A
            query that may look nowhere gets zeros.
        dropout_mask: True where a weight is kept; of the shape of the
            weights.
        dropout_p: The probability that a weight is dropped.
        is_causal: Whether query number i sees the keys 0 to i only.
        scale: The factor of the scores; 1 / sqrt(E) if it is left out.
        enable_gqa: Whether neighboring heads of the queries share a head of
            the keys and values; the heads are the axis before L and S.

    Shapes:
        query: (..., L, E)
        key: (..., S, E)
        value: (..., S, Ev)
        attn_mask: (..., L, S)
        dropout_mask: (..., L, S)
        out: (..., L, Ev)

    Raises:
        ValueError: If the sizes do not fit, a mask comes with `is_causal`, or
            dropout comes without its mask.
        TypeError: If the dtypes differ or are not floating point, or a mask
            is of another type.

    Source: Vaswani et al., "Attention is all you need", 2017; shared heads:
    Ainslie et al., "GQA: training generalized multi-query transformer models
    from multi-head checkpoints", 2023.
    """
    shape = weights_shape(query, key, value, enable_gqa)
    _check_mask(attn_mask, is_causal, shape, query)
    _check_dropout(dropout_mask, dropout_p, shape)
    if scale is None:
        scale = 1 / math.sqrt(max(query.shape[-1], 1))
    heads = query.shape[-3] if enable_gqa else None
    q, k, v = widen(query), _shared(key, heads), _shared(value, heads)
    scale = float(scale)  # one of NumPy's would make float64 of float32
    scores = (q * scale) @ k.swapaxes(-1, -2)  # (..., L, S)
    scores = _masked(scores, attn_mask, is_causal)
    weights, softmax_cache = _softmax_over_keys(scores)
    dropout_cache = None
    if dropout_mask is not None:
        weights, dropout_cache = dropout_forward(
            weights, dropout_mask, dropout_p
        )
    out = (weights @ v).astype(query.dtype, copy=False)  # (..., L, Ev)
    arrays = (query, key, value, attn_mask)
    return out, (arrays, scale, heads, weights, softmax_cache, dropout_cache)


@quiet
def scaled_dot_product_attention_backward(
    grad_out: Array, cache: Cache
) -> tuple[Array | None, ...]:
    """Back through the mean, through softmax, and through the scores.

    `grad_value = weights.T @ grad` and `grad_weights = grad @ value.T`; the
    backward of softmax makes `grad_scores` of the latter. Then
    `grad_query = scale * grad_scores @ key` and
    `grad_key = scale * grad_scores.T @ query`. A mask of numbers was added,
    so it gets `grad_scores` itself.
    """
    arrays, scale, heads, weights, softmax_cache, dropout_cache = cache
    query, key, value, attn_mask = arrays
    q, k, v = widen(query), _shared(key, heads), _shared(value, heads)
    grad_out = widen(grad_out)
    grad_value = weights.swapaxes(-1, -2) @ grad_out  # (..., S, Ev)
    grad_weights = unbroadcast(grad_out @ v.swapaxes(-1, -2), weights)
    assert grad_weights is not None
    if dropout_cache is not None:
        grad_weights, _ = dropout_backward(grad_weights, dropout_cache)
    grad_scores = softmax_backward(grad_weights, softmax_cache)  # (..., L, S)
    grad_query = grad_scores @ k * scale  # (..., L, E)
    grad_key = grad_scores.swapaxes(-1, -2) @ q * scale  # (..., S, E)
    return (
        unbroadcast(grad_query, query),
        _shared_backward(grad_key, key, k),
        _shared_backward(grad_value, value, v),
        None if attn_mask is None else unbroadcast(grad_scores, attn_mask),
        None,
    )


def _masked(scores: Array, attn_mask: Array | None, is_causal: bool) -> Array:
    """Where a query must not look, its score is -inf: the weight will be 0."""
    if is_causal:
        attn_mask = np.tri(*scores.shape[-2:], dtype=bool)
    if attn_mask is None:
        return scores
    if attn_mask.dtype == bool:
        attn_mask = np.where(attn_mask, 0, -np.inf).astype(scores.dtype)
    return scores + attn_mask


def _softmax_over_keys(scores: Array) -> tuple[Array, Cache]:
    """The weights; zeros for a query that may look nowhere."""
    weights, cache = softmax_forward(scores, -1)
    if np.isnan(weights[..., :1]).any():  # 0 / 0: a query may be blind
        largest = scores.max(axis=-1, keepdims=True)
        blind = largest == -np.inf
        weights = np.where(blind, 0, weights)
        cache = (weights, *cache[1:])  # from zeros, softmax sends zeros back
    return weights, cache


def _shared(x: Array, heads: int | None) -> Array:
    """One head of keys or values for every head of the queries."""
    x = widen(x)
    return x if heads is None else np.repeat(x, heads // x.shape[-3], axis=-3)


def _shared_backward(gradient: Array, like: Array, shared: Array) -> Array:
    """Add up what the heads send that share one head of `like`."""
    total = unbroadcast(gradient, shared)
    assert total is not None
    if shared.shape != like.shape:
        *leading, heads, places, size = like.shape
        total = total.reshape(*leading, heads, -1, places, size).sum(axis=-3)
    return total.astype(like.dtype, copy=False)


def weights_shape(
    query: Array, key: Array, value: Array, enable_gqa: bool = False
) -> tuple[int, ...]:
    """The shape (..., L, S) of the weights, if queries and keys fit."""
    arrays = {"query": query, "key": key, "value": value}
    for name, x in arrays.items():
        if not is_floating(x):
            raise TypeError(
                f"{NAME}: {name} must be floating point, got {x.dtype}"
            )
        if x.ndim < 2:
            raise ValueError(
                f"{NAME}: {name} needs at least two dimensions, "
                f"got shape {x.shape}"
            )
    check_dtypes(NAME, **arrays)
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"{NAME}: query has vectors of size {query.shape[-1]}, "
            f"key of size {key.shape[-1]}"
        )
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"{NAME}: there are {key.shape[-2]} keys and "
            f"{value.shape[-2]} values"
        )
    leading = {name: x.shape[:-2] for name, x in arrays.items()}
    if enable_gqa:
        _check_heads(leading)
        heads = leading["query"][-1:]
        leading = {name: (*x[:-1], *heads) for name, x in leading.items()}
    check_broadcast(NAME, leading["query"], leading["key"])
    both = np.broadcast_shapes(leading["query"], leading["key"])
    check_broadcast(NAME, both, leading["value"])
    return (*both, query.shape[-2], key.shape[-2])


def _check_heads(leading: dict[str, tuple[int, ...]]) -> None:
    """Refuse heads that cannot be shared out evenly."""
    for name, shape in leading.items():
        if not shape:
            raise ValueError(
                f"{NAME}: with enable_gqa, {name} needs an axis of heads"
            )
    heads = leading["query"][-1]
    for name in ("key", "value"):
        if leading[name][-1] == 0 or heads % leading[name][-1]:
            raise ValueError(
                f"{NAME}: the {heads} heads of query cannot share the "
                f"{leading[name][-1]} heads of {name}"
            )


def _check_mask(
    attn_mask: Array | None,
    is_causal: bool,
    shape: tuple[int, ...],
    query: Array,
) -> None:
    if attn_mask is None:
        return
    if is_causal:
        raise ValueError(
            f"{NAME}: attn_mask must be None when is_causal is True"
        )
    if attn_mask.dtype not in (np.bool_, np.float32, query.dtype):
        raise TypeError(
            f"{NAME}: attn_mask must be bool, float32 or of the type of "
            f"query, {query.dtype}, got {attn_mask.dtype}"
        )
    stretched = zip(attn_mask.shape[::-1], shape[::-1], strict=False)
    if attn_mask.ndim > len(shape) or any(
        size not in (1, full) for size, full in stretched
    ):
        raise ValueError(
            f"{NAME}: attn_mask of shape {attn_mask.shape} cannot be "
            f"stretched over the weights of shape {shape}"
        )


def _check_dropout(
    dropout_mask: Array | None, dropout_p: float, shape: tuple[int, ...]
) -> None:
    check_probability(NAME, dropout_p)
    if dropout_mask is None:
        if dropout_p > 0:
            raise ValueError(
                f"{NAME}: dropout_p is {dropout_p}, but there is no "
                "dropout_mask"
            )
    elif dropout_mask.dtype != bool:
        raise TypeError(
            f"{NAME}: dropout_mask must be boolean, got {dropout_mask.dtype}"
        )
    elif dropout_mask.shape != shape:
        raise ValueError(
            f"{NAME}: dropout_mask must have shape {shape}, "
            f"got {dropout_mask.shape}"
        )
