"""The Transformer, under torch's names: stacks of layers, and both together."""

import copy
from typing import Any

import numpy as np

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn import init
from tutorial_kernels.nn.containers import ModuleList
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.normalization import LayerNorm
from tutorial_kernels.nn.transformer_layers import (
    Activation,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)


class TransformerEncoder(Module):
    """Layers on top of each other, all copies of one: the same first values.

    torch can leave padding out of the computation while it evaluates, and
    then gives zeros in its place; here it is computed like everything else.
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        """Copy the layer `num_layers` times; the last two do nothing here."""
        self.layers = _copies(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Tensor,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        """(T, B, E), unchanged; every layer gets the same masks."""
        x = src
        for layer in self.layers:
            x = layer(x, mask, src_key_padding_mask, bool(is_causal))
        return x if self.norm is None else self.norm(x)


class TransformerDecoder(Module):
    """Layers on top of each other, all copies of one, with one memory."""

    def __init__(
        self,
        decoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
    ) -> None:
        """Copy the layer `num_layers` times."""
        self.layers = _copies(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """(T, B, E), unchanged; every layer gets the same masks."""
        x = tgt
        for layer in self.layers:
            x = layer(
                x,
                memory,
                tgt_mask,
                memory_mask,
                tgt_key_padding_mask,
                memory_key_padding_mask,
                bool(tgt_is_causal),
                memory_is_causal,
            )
        return x if self.norm is None else self.norm(x)


def _copies(layer: Module, count: int) -> ModuleList:
    return ModuleList(copy.deepcopy(layer) for _ in range(count))


class Transformer(Module):
    """An encoder that reads one sequence, and a decoder that writes another.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = F.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        """Make both, unless they are given, and draw all first values anew."""
        layer = (
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            activation,
            layer_norm_eps,
            batch_first,
            norm_first,
            bias,
        )
        norm: dict[str, Any] = {
            "eps": layer_norm_eps,
            "bias": bias,
            "dtype": dtype,
        }
        self.encoder = custom_encoder
        if custom_encoder is None:
            self.encoder = TransformerEncoder(
                TransformerEncoderLayer(*layer, dtype=dtype),
                num_encoder_layers,
                LayerNorm(d_model, **norm),
            )
        self.decoder = custom_decoder
        if custom_decoder is None:
            self.decoder = TransformerDecoder(
                TransformerDecoderLayer(*layer, dtype=dtype),
                num_decoder_layers,
                LayerNorm(d_model, **norm),
            )
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every matrix evenly, by Glorot's rule."""
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """(S, B, E) and (T, B, E) to (T, B, E)."""
        self._check_inputs(src, tgt)
        memory = self.encoder(
            src, src_mask, src_key_padding_mask, src_is_causal
        )
        out: Tensor = self.decoder(
            tgt,
            memory,
            tgt_mask,
            memory_mask,
            tgt_key_padding_mask,
            memory_key_padding_mask,
            tgt_is_causal,
            memory_is_causal,
        )
        return out

    @staticmethod
    def generate_square_subsequent_mask(
        sz: int, *, dtype: Any = np.float32
    ) -> Tensor:
        """The causal mask as numbers to add: -inf above the diagonal."""
        return Tensor(np.triu(np.full((sz, sz), -np.inf, dtype), 1))

    def _check_inputs(self, src: Tensor, tgt: Tensor) -> None:
        for name, x in (("src", src), ("tgt", tgt)):
            if x.ndim not in (2, 3) or x.shape[-1] != self.d_model:
                raise ValueError(
                    f"Transformer: d_model is {self.d_model}, "
                    f"{name} has shape {x.shape}"
                )
        if src.ndim != tgt.ndim:
            raise ValueError(
                f"Transformer: src has shape {src.shape}, "
                f"tgt has shape {tgt.shape}"
            )
        axis = 0 if self.batch_first else 1
        if src.ndim == 3 and src.shape[axis] != tgt.shape[axis]:
            raise ValueError(
                f"Transformer: src has a batch of {src.shape[axis]}, "
                f"tgt one of {tgt.shape[axis]}"
            )
