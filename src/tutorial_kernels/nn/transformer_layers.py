"""The layers of the Transformer, under torch's names.

Every layer adds what it finds to what it was given. The encoder's layer
attends to its own sequence, then changes every place by itself; the decoder's
attends to the encoder's output in between.
"""

from collections.abc import Callable
from typing import Any

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.attention import MultiheadAttention
from tutorial_kernels.nn.dropout import Dropout
from tutorial_kernels.nn.layers import Linear
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.normalization import LayerNorm

type Activation = str | Callable[[Tensor], Tensor]


class TransformerEncoderLayer(Module):
    """Self-attention, then two linear layers at every place.

    Around each, a residual and a layer norm: `x = norm(x + block(x))`; with
    `norm_first`, `x = x + block(norm(x))`.

    Source: Vaswani et al., "Attention is all you need", 2017; the norm first:
    Xiong et al., "On layer normalization in the Transformer architecture",
    2020.
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the parts.

        Args:
            d_model: E, the size of the features.
            nhead: The number of heads.
            dim_feedforward: The size between the two linear layers.
            dropout: The part that is dropped while training.
            activation: "relu", "gelu", a function or a module.
            layer_norm_eps: What the layer norms add to the variance.
            batch_first: Whether sequences are (B, T, E) instead of (T, B, E).
            norm_first: Whether the layer norms come before the blocks.
            bias: Whether linear layers and norms have biases.
            dtype: The type of the parameters.
        """
        wide: dict[str, Any] = {"bias": bias, "dtype": dtype}
        norm = {"eps": layer_norm_eps, **wide}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, batch_first=batch_first, **wide
        )
        self.linear1 = Linear(d_model, dim_feedforward, **wide)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **wide)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, **norm)
        self.norm2 = LayerNorm(d_model, **norm)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.activation = _activation_function(self, activation)

    def forward(
        self,
        src: Tensor,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Tensor:
        """(T, B, E), unchanged; the masks are those of the attention."""
        masks = (src_mask, src_key_padding_mask, is_causal)
        x = src
        if self.norm_first:
            x = x + self._self_attention(self.norm1(x), *masks)
            x = x + self._feedforward(self.norm2(x))
        else:
            x = self.norm1(x + self._self_attention(x, *masks))
            x = self.norm2(x + self._feedforward(x))
        return x

    def _self_attention(
        self, x: Tensor, mask: Any, padding: Any, is_causal: bool
    ) -> Tensor:
        found, _ = self.self_attn(
            x, x, x, padding, False, mask, True, is_causal
        )
        out: Tensor = self.dropout1(found)
        return out

    def _feedforward(self, x: Tensor) -> Tensor:
        hidden = self.dropout(self.activation(self.linear1(x)))
        out: Tensor = self.dropout2(self.linear2(hidden))
        return out


class TransformerDecoderLayer(Module):
    """Self-attention, attention to a memory, then two linear layers.

    Around each, a residual and a layer norm: `x = norm(x + block(x))`; with
    `norm_first`, `x = x + block(norm(x))`.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the parts; the arguments are those of the encoder's layer."""
        wide: dict[str, Any] = {"bias": bias, "dtype": dtype}
        norm = {"eps": layer_norm_eps, **wide}
        attention = {"batch_first": batch_first, **wide}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, **attention
        )
        self.multihead_attn = MultiheadAttention(
            d_model, nhead, dropout, **attention
        )
        self.linear1 = Linear(d_model, dim_feedforward, **wide)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **wide)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, **norm)
        self.norm2 = LayerNorm(d_model, **norm)
        self.norm3 = LayerNorm(d_model, **norm)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        self.activation = _activation_function(self, activation)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """(T, B, E), unchanged; the memory is what an encoder gives."""
        own = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        other = (memory_mask, memory_key_padding_mask, memory_is_causal)
        x = tgt
        if self.norm_first:
            x = x + self._self_attention(self.norm1(x), *own)
            x = x + self._cross_attention(self.norm2(x), memory, *other)
            x = x + self._feedforward(self.norm3(x))
        else:
            x = self.norm1(x + self._self_attention(x, *own))
            x = self.norm2(x + self._cross_attention(x, memory, *other))
            x = self.norm3(x + self._feedforward(x))
        return x

    def _self_attention(
        self, x: Tensor, mask: Any, padding: Any, is_causal: bool
    ) -> Tensor:
        found, _ = self.self_attn(
            x, x, x, padding, False, mask, True, is_causal
        )
        out: Tensor = self.dropout1(found)
        return out

    def _cross_attention(
        self, x: Tensor, memory: Tensor, mask: Any, padding: Any, causal: bool
    ) -> Tensor:
        found, _ = self.multihead_attn(
            x, memory, memory, padding, False, mask, True, causal
        )
        out: Tensor = self.dropout2(found)
        return out

    def _feedforward(self, x: Tensor) -> Tensor:
        hidden = self.dropout(self.activation(self.linear1(x)))
        out: Tensor = self.dropout3(self.linear2(hidden))
        return out


def _activation_function(layer: Module, activation: Activation) -> Any:
    """The function itself, or the one that a word stands for."""
    named = {"relu": F.relu, "gelu": F.gelu}
    if not isinstance(activation, str):
        return activation
    if activation not in named:
        raise ValueError(
            f"{type(layer).__name__}: activation must be 'relu', 'gelu' or a "
            f"function, got {activation!r}"
        )
    return named[activation]
