"""The GPT gone through by hand: every pair forward, and every one back."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels import (
    Array,
    cross_entropy_backward,
    cross_entropy_forward,
    embedding_backward,
    embedding_forward,
    gelu_backward,
    gelu_forward,
    index_backward,
    index_forward,
    layer_norm_backward,
    layer_norm_forward,
    linear_backward,
    linear_forward,
    scaled_dot_product_attention_backward,
    scaled_dot_product_attention_forward,
)
from tutorial_kernels.models.by_layer import under_keys, weights_of

type Parameters = dict[str, Array]
type Gradients = dict[str, Any]  # the gradients of each layer, by its name


def gpt_loss_and_gradients(
    parameters: Parameters, tokens: Array, targets: Array, nhead: int = 4
) -> tuple[Array, Parameters]:
    """Go through GPT by hand: forward, the loss, and all the way back.

    Args:
        parameters: The arrays of `GPT().state_dict()`.
        tokens: The texts, (B, T).
        targets: The token that follows each, (B, T).
        nhead: The number of heads: the weights do not show it.

    Returns:
        `gpt_loss`, and its gradient for every parameter under the same keys.
    """
    p = parameters
    blocks = block_names(p)
    x, embedding = embed_forward(p, tokens)
    caches = []
    for block in blocks:
        x, cache = block_forward(p, block, x, nhead)
        caches.append(cache)
    x, norm = norm_forward(p, "norm", x)
    logits, head = linear_forward(x, p["head.weight"])
    flat = logits.reshape(-1, logits.shape[-1])  # (B * T, V)
    loss, cross_entropy = cross_entropy_forward(flat, targets.reshape(-1))

    g: Gradients = {}
    grad: Any
    grad, _ = cross_entropy_backward(1.0, cross_entropy)
    grad = grad.reshape(logits.shape)
    grad, *g["head"] = linear_backward(grad, head)
    grad, *g["norm"] = layer_norm_backward(grad, norm)
    for block, cache in zip(blocks[::-1], caches[::-1], strict=True):
        grad = block_backward(g, block, grad, cache)
    embed_backward(g, grad, embedding)
    return loss, under_keys(g, parameters)


def block_forward(
    p: Parameters, name: str, x: Array, nhead: int
) -> tuple[Array, Any]:
    """Attention and a small network, each on normed signals, each added."""
    normed, norm1 = norm_forward(p, f"{name}.norm1", x)
    attended, attention = attention_forward(
        p, f"{name}.attention", normed, nhead
    )
    x = x + attended
    normed, norm2 = norm_forward(p, f"{name}.norm2", x)
    hidden, mlp0 = linear_forward(normed, *weights_of(p, f"{name}.mlp.0"))
    active, mlp1 = gelu_forward(hidden)
    moved, mlp2 = linear_forward(active, *weights_of(p, f"{name}.mlp.2"))
    return x + moved, (norm1, attention, norm2, mlp0, mlp1, mlp2)


def block_backward(g: Gradients, name: str, grad: Any, cache: Any) -> Array:
    """At each sum the gradient goes both ways, and comes together again."""
    norm1, attention, norm2, mlp0, mlp1, mlp2 = cache
    branch, *g[f"{name}.mlp.2"] = linear_backward(grad, mlp2)
    branch = gelu_backward(branch, mlp1)
    branch, *g[f"{name}.mlp.0"] = linear_backward(branch, mlp0)
    branch, *g[f"{name}.norm2"] = layer_norm_backward(branch, norm2)
    grad = grad + branch
    branch = attention_backward(g, f"{name}.attention", grad, attention)
    branch, *g[f"{name}.norm1"] = layer_norm_backward(branch, norm1)
    return grad + branch


def attention_forward(
    p: Parameters, name: str, x: Array, nhead: int
) -> tuple[Array, Any]:
    """Queries, keys and values, the heads by themselves, and together."""
    qkv, to_qkv = linear_forward(x, *weights_of(p, f"{name}.qkv"))
    q, k, v = split_heads(qkv, nhead)  # (B, N, T, D) each
    out, attention = scaled_dot_product_attention_forward(
        q, k, v, is_causal=True
    )
    joined = out.swapaxes(1, 2).reshape(x.shape)  # (B, T, C)
    out, projection = linear_forward(
        joined, *weights_of(p, f"{name}.projection")
    )
    return out, (to_qkv, attention, projection, nhead)


def attention_backward(g: Gradients, name: str, grad: Any, cache: Any) -> Array:
    """Every rearrangement is undone by the opposite one."""
    to_qkv, attention, projection, nhead = cache
    grad, *g[f"{name}.projection"] = linear_backward(grad, projection)
    batch, length, _ = grad.shape
    heads = grad.reshape(batch, length, nhead, -1).swapaxes(1, 2)
    grads: Any = scaled_dot_product_attention_backward(heads, attention)
    grad = join_heads(*grads[:3])
    grad, *g[f"{name}.qkv"] = linear_backward(grad, to_qkv)
    return grad


def norm_forward(p: Parameters, name: str, x: Array) -> tuple[Array, Any]:
    """Layer normalization over the last axis."""
    return layer_norm_forward(
        x, *weights_of(p, name), normalized_shape=x.shape[-1]
    )


def embed_forward(p: Parameters, tokens: Array) -> tuple[Array, Any]:
    """A vector for each token, and one for its place."""
    what, token = embedding_forward(tokens, p["token_embedding.weight"])
    where, position = index_forward(
        p["position_embedding.weight"], slice(tokens.shape[1])
    )
    return what + where, (token, position)


def embed_backward(g: Gradients, grad: Array, cache: Any) -> None:
    """All texts share the places: their gradients are added up."""
    token, position = cache
    _, *g["token_embedding"] = embedding_backward(grad, token)
    g["position_embedding"] = [index_backward(grad.sum(0), position)]


def split_heads(qkv: Array, nhead: int) -> tuple[Array, ...]:
    """(B, T, 3 * C) to queries, keys and values, (B, N, T, D) each."""
    batch, length, _ = qkv.shape
    parts = qkv.reshape(batch, length, 3, nhead, -1)
    return tuple(parts.transpose(2, 0, 3, 1, 4))


def join_heads(q: Array, k: Array, v: Array) -> Array:
    """The way back: (B, N, T, D) three times to (B, T, 3 * C)."""
    parts = np.stack([q, k, v]).transpose(1, 3, 0, 2, 4)  # (B, T, 3, N, D)
    return parts.reshape(*parts.shape[:2], -1)


def block_names(p: Parameters) -> list[str]:
    """`blocks.0`, `blocks.1` and so on, in their order."""
    names = [".".join(key.split(".")[:2]) for key in p]
    return [n for n in dict.fromkeys(names) if n.startswith("blocks.")]
