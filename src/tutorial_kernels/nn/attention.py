"""Attention as a module, under torch's name: several heads side by side."""

from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.dropout import check_probability
from tutorial_kernels.nn import init
from tutorial_kernels.nn.layers import Linear
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import empty
from tutorial_kernels.nn.recurrent_cells import check_sizes

NAME = "MultiheadAttention"


class NonDynamicallyQuantizableLinear(Linear):
    """A `Linear` under the name that torch prints for it."""


class MultiheadAttention(Module):
    """Every place gathers from others, in several heads at once.

    Each head sees its own linear layers of the queries, keys and values, and
    attends with `scaled_dot_product_attention`. Another linear layer joins
    what the heads have found.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the linear layers and draw their first values.

        Args:
            embed_dim: E, the size of the queries and of the output.
            num_heads: N; each head has E / N of the features.
            dropout: The part of the weights dropped while training.
            bias: Whether the linear layers have biases.
            add_bias_kv: Whether one key and value more is learned.
            add_zero_attn: Whether one key and value more is zero: a place
                for those that find nothing.
            kdim: The size of the keys; E if it is left out.
            vdim: The size of the values; E if it is left out.
            batch_first: Whether input and output are (B, L, E) instead of
                (L, B, E).
            dtype: The type of the parameters.
        """
        check_sizes(NAME, embed_dim=embed_dim, num_heads=num_heads)
        check_probability(NAME, dropout)
        if embed_dim % num_heads:
            raise ValueError(
                f"{NAME}: embed_dim must be divisible by num_heads, "
                f"got {embed_dim} and {num_heads}"
            )
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        self.add_zero_attn = add_zero_attn
        self._make_projections(bias, add_bias_kv, dtype)
        self.reset_parameters()

    def _make_projections(self, bias: bool, bias_kv: bool, dtype: Any) -> None:
        """One matrix for queries, keys and values if their sizes are equal."""
        size = self.embed_dim
        packed = self.kdim == self.vdim == size
        self.q_proj_weight = None if packed else empty((size, size), dtype)
        self.k_proj_weight = None if packed else empty((size, self.kdim), dtype)
        self.v_proj_weight = None if packed else empty((size, self.vdim), dtype)
        self.in_proj_weight = empty((3 * size, size), dtype) if packed else None
        self.in_proj_bias = empty(3 * size, dtype) if bias else None
        self.bias_k = empty((1, 1, size), dtype) if bias_kv else None
        self.bias_v = empty((1, 1, size), dtype) if bias_kv else None
        self.out_proj = NonDynamicallyQuantizableLinear(
            size, size, bias, dtype=dtype
        )

    def reset_parameters(self) -> None:
        """Draw new first values of all but the weights of `out_proj`."""
        for weight in (
            self.q_proj_weight,
            self.k_proj_weight,
            self.v_proj_weight,
            self.in_proj_weight,
        ):
            if weight is not None:
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None and self.out_proj.bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        if self.bias_k is not None and self.bias_v is not None:
            init.xavier_normal_(self.bias_k)
            init.xavier_normal_(self.bias_v)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Attend; masks are True where a query must NOT look, as in torch.

        Args:
            query: What asks, (L, B, E); (B, L, E) with `batch_first`, and
                (L, E) for a single sequence.
            key: What is compared with it, (S, B, kdim).
            value: What is gathered, (S, B, vdim).
            key_padding_mask: Which keys are only padding, (B, S), boolean; or
                numbers to be added to their scores.
            need_weights: Whether to return the weights. Without them, a query
                that may look nowhere gets zeros instead of nan.
            attn_mask: Which query must not look at which key, (L, S), or
                (B * N, L, S); boolean, or numbers to be added.
            average_attn_weights: Whether to return the mean of the weights
                over the heads.
            is_causal: A hint that `attn_mask` is the causal one; it may then
                be left unread.

        Returns:
            The output, of the shape of `query`, and the weights (B, L, S),
            or (B, N, L, S) for each head; `None` if they are not wanted.
        """
        query, key, value = (
            x if isinstance(x, Tensor) else Tensor(x)
            for x in (query, key, value)
        )
        self._check_inputs(query, key, value)
        if is_causal and attn_mask is None:
            raise ValueError(
                f"{NAME}: is_causal is a hint about attn_mask, which is missing"
            )
        q, k, v = (self._with_batch(x) for x in (query, key, value))
        mask = self._merged_mask(query, key, key_padding_mask, attn_mask)
        causal = is_causal and key_padding_mask is None and not need_weights
        q, k, v = self._heads(q, k, v)  # (B, N, L or S, E / N)
        weights = None
        if need_weights:
            out, weights = self._attend_with_weights(q, k, v, mask)
        else:
            out = F.scaled_dot_product_attention(
                q,
                k,
                v,
                None if causal else mask,
                self.dropout if self.training else 0.0,
                causal,
            )
        out = self.out_proj(out.transpose(1, 2).flatten(2))  # (B, L, E)
        out = self._without_batch(out, query.ndim)
        if weights is not None and average_attn_weights:
            weights = weights.mean(1)  # (B, L, S)
        if weights is not None and query.ndim == 2:
            weights = weights.squeeze(0)
        return out, weights

    def _with_batch(self, x: Tensor) -> Tensor:
        """Any of the layouts as (B, L, E)."""
        if x.ndim == 2:
            return x.unsqueeze(0)
        return x if self.batch_first else x.transpose(0, 1)

    def _without_batch(self, x: Tensor, ndim: int) -> Tensor:
        """(B, L, E) in the layout of the input, which had `ndim` axes."""
        if ndim == 2:
            return x.squeeze(0)
        return x if self.batch_first else x.transpose(0, 1)

    def _heads(
        self, query: Tensor, key: Tensor, value: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The queries, keys and values of every head, (B, N, L, E / N)."""
        weights: Any = (
            self.q_proj_weight,
            self.k_proj_weight,
            self.v_proj_weight,
        )
        if self.in_proj_weight is not None:
            weights = self.in_proj_weight.chunk(3)
        biases: Any = (None, None, None)
        if self.in_proj_bias is not None:
            biases = self.in_proj_bias.chunk(3)
        q, k, v = (
            F.linear(x, weight, bias)
            for x, weight, bias in zip(
                (query, key, value), weights, biases, strict=True
            )
        )
        if self.bias_k is not None and self.bias_v is not None:
            k = F.cat([k, self.bias_k.expand(len(k), -1, -1)], 1)
            v = F.cat([v, self.bias_v.expand(len(v), -1, -1)], 1)
        split = (self.num_heads, self.head_dim)
        q, k, v = (x.unflatten(-1, split).transpose(1, 2) for x in (q, k, v))
        if self.add_zero_attn:
            k, v = F.pad(k, (0, 0, 0, 1)), F.pad(v, (0, 0, 0, 1))
        return q, k, v

    def _attend_with_weights(
        self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Attention step by step, for those who want to see the weights."""
        scores = (q * self.head_dim**-0.5) @ k.transpose(-2, -1)
        if mask is not None:
            scores = scores + mask
        weights = F.softmax(scores, -1)  # (B, N, L, S)
        weights = F.dropout(weights, self.dropout, self.training)
        return weights @ v, weights

    def _merged_mask(
        self, query: Tensor, key: Tensor, padding: Any, attn_mask: Any
    ) -> Tensor | None:
        """Both masks as numbers to add, for scores of (B, N, L, S)."""
        batch = self._with_batch(query).shape[0]
        places = self._with_batch(query).shape[1]
        keys = self._with_batch(key).shape[1]
        masks = []
        if attn_mask is not None:
            shapes = [(places, keys), (batch * self.num_heads, places, keys)]
            mask = _as_numbers("attn_mask", attn_mask, query, shapes)
            if mask.ndim == 3:
                mask = mask.reshape(batch, self.num_heads, places, keys)
            masks.append(mask)
        if padding is not None:
            shape = (keys,) if query.ndim == 2 else (batch, keys)
            mask = _as_numbers("key_padding_mask", padding, query, [shape])
            masks.append(mask.reshape(batch, 1, 1, keys))
        if not masks:
            return None
        total = masks[0] if len(masks) == 1 else masks[0] + masks[1]
        more = self.add_zero_attn + (self.bias_k is not None)
        return F.pad(total, (0, more)) if more else total

    def _check_inputs(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        if query.ndim not in (2, 3):
            order = "(B, L, E)" if self.batch_first else "(L, B, E)"
            raise ValueError(
                f"{NAME}: query must be {order} or (L, E), "
                f"got shape {query.shape}"
            )
        for name, x, size_name in (
            ("query", query, "embed_dim"),
            ("key", key, "kdim"),
            ("value", value, "vdim"),
        ):
            if x.ndim != query.ndim:
                raise ValueError(
                    f"{NAME}: {name} must have {query.ndim} dimensions like "
                    f"query, got shape {x.shape}"
                )
            if x.shape[-1] != getattr(self, size_name):
                raise ValueError(
                    f"{NAME}: {size_name} is {getattr(self, size_name)}, "
                    f"{name} has shape {x.shape}"
                )
        if key.shape[:-1] != value.shape[:-1]:
            raise ValueError(
                f"{NAME}: every key needs its value, "
                f"got shapes {key.shape} and {value.shape}"
            )
        axis = 0 if self.batch_first else 1
        if query.ndim == 3 and query.shape[axis] != key.shape[axis]:
            raise ValueError(
                f"{NAME}: query has a batch of {query.shape[axis]}, "
                f"key one of {key.shape[axis]}"
            )


def _as_numbers(
    name: str, mask: Any, like: Tensor, shapes: list[tuple[int, ...]]
) -> Tensor:
    """A mask as numbers to add: -inf where it is True, 0 elsewhere."""
    numbers = mask if isinstance(mask, Tensor) else Tensor(mask)
    if numbers.dtype not in (np.bool_, np.float32, like.dtype):
        raise TypeError(
            f"{NAME}: {name} must be boolean or of the type of query, "
            f"{like.dtype}, got {numbers.dtype}"
        )
    if numbers.shape not in shapes:
        allowed = " or ".join(str(shape) for shape in shapes)
        raise ValueError(
            f"{NAME}: {name} must have shape {allowed}, got {numbers.shape}"
        )
    if numbers.dtype != np.bool_:
        return numbers
    hidden = np.where(numbers.data, -np.inf, 0.0)
    return Tensor(hidden.astype(like.dtype))
