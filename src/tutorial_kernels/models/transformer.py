"""Transformers: a GPT that continues a text, and a classifier that reads one.

In the shapes, C is the width of the signals, `d_model`, and D the size of a
head: N heads of D numbers are C.
"""

import math
from typing import Any

from tutorial_kernels import Tensor, cat, nn, no_grad
from tutorial_kernels import functional as F  # noqa: N812


class CausalSelfAttention(nn.Module):
    """Every token gathers from itself and from the tokens before it."""

    def __init__(self, d_model: int, nhead: int, dropout: float) -> None:
        """Make the layers: query, key and value come from one."""
        super().__init__()
        if d_model % nhead:
            raise ValueError(
                f"CausalSelfAttention: d_model {d_model} cannot be shared "
                f"among {nhead} heads"
            )
        self.nhead = nhead
        self.dropout = dropout
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.projection = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, past: Any = None) -> tuple[Tensor, Any]:
        """(B, T, C), unchanged; and keys and values, the past included."""
        batch, length, _ = x.shape
        q, k, v = (
            part.reshape(batch, length, self.nhead, -1).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )  # (B, N, T, D) each
        if past is not None:
            k, v = cat((past[0], k), 2), cat((past[1], v), 2)
        x = F.scaled_dot_product_attention(
            q,
            k,
            v,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=past is None,  # one new token may look everywhere
        )
        x = x.transpose(1, 2).flatten(2)  # (B, T, C): the heads side by side
        return self.projection(x), (k, v)


class Block(nn.Module):
    """Attention, then a small network for each token; both are added.

    The norms come first (pre-norm), so that a straight path leads from the
    input to the output.
    """

    def __init__(self, d_model: int, nhead: int, dropout: float) -> None:
        """Make the layers."""
        super().__init__()
        self.norm1 = nn.LayerNorm(d_model)
        self.attention = CausalSelfAttention(d_model, nhead, dropout)
        self.norm2 = nn.LayerNorm(d_model)
        self.mlp = nn.Sequential(
            nn.Linear(d_model, 4 * d_model),
            nn.GELU(),
            nn.Linear(4 * d_model, d_model),
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, past: Any = None) -> tuple[Tensor, Any]:
        """(B, T, C), unchanged; and keys and values, the past included."""
        attended, present = self.attention(self.norm1(x), past)
        x = x + self.dropout(attended)
        x = x + self.dropout(self.mlp(self.norm2(x)))
        return x, present


class GPT(nn.Module):
    """Says for every token which one comes next: 30,656 parameters.

    Sources: Vaswani et al., "Attention is all you need", 2017; Radford et
    al., "Language models are unsupervised multitask learners", 2019.
    """

    def __init__(
        self,
        vocab_size: int = 65,
        context_length: int = 32,
        d_model: int = 32,
        nhead: int = 4,
        num_layers: int = 2,
        dropout: float = 0.0,
    ) -> None:
        """Make the layers, and draw their first values as GPT-2 does."""
        super().__init__()
        self.context_length = context_length
        self.token_embedding = nn.Embedding(vocab_size, d_model)
        self.position_embedding = nn.Embedding(context_length, d_model)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            [Block(d_model, nhead, dropout) for _ in range(num_layers)]
        )
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, vocab_size, bias=False)
        self.apply(gpt_init)
        for name, parameter in self.named_parameters():
            if name.endswith(("projection.weight", "mlp.2.weight")):
                # They are added up, two a block: keep the sum in size.
                std = 0.02 / math.sqrt(2 * num_layers)
                nn.init.normal_(parameter, 0.0, std)

    def forward(self, tokens: Tensor) -> Tensor:
        """Turn tokens (B, T) into logits (B, T, V) for the ones that follow."""
        return self.extend(tokens)[0]

    def extend(self, tokens: Tensor, past: Any = None) -> tuple[Tensor, Any]:
        """Go on from a past: logits (B, T, V) for the new tokens (B, T).

        Args:
            tokens: The new tokens: one, or all of them if there is no past.
            past: What an earlier call gave: the keys and values of each
                block, (B, N, T, D) for the tokens so far.

        Returns:
            The logits, and the past for the next call.

        Raises:
            ValueError: If there are no tokens, more than the context holds,
                or several on top of a past.
        """
        start = 0 if past is None else past[0][0].shape[2]
        length = tokens.shape[1]
        end = start + length
        if not 0 < length <= self.context_length - start:
            raise ValueError(
                f"GPT: context_length is {self.context_length}, got "
                f"{length} tokens after {start}"
            )
        if start and length > 1:
            raise ValueError(
                f"GPT: a past goes on with one token at a time, got {length}"
            )
        positions = self.position_embedding.weight[start:end]  # (T, C)
        x = self.dropout(self.token_embedding(tokens) + positions)
        present = []
        for index, block in enumerate(self.blocks):
            x, pair = block(x, None if past is None else past[index])
            present.append(pair)
        return self.head(self.norm(x)), present

    @no_grad()
    def generate(
        self,
        tokens: Tensor,
        uniform: Tensor,
        temperature: float = 1.0,
        top_k: int | None = None,
        use_cache: bool = True,
    ) -> Tensor:
        """Continue tokens (B, T) by as many as there are random numbers.

        With the cache, keys and values of earlier tokens are kept and each
        step computes one token. The model sees the last `context_length`
        tokens; once there are more, every token changes its position with
        each step, and all are computed anew.

        Args:
            tokens: The prompts, (B, T), one token at least.
            uniform: Random numbers from 0 to 1, (B, steps): `sample` says how
                they are used. With a temperature of 0 only their shape counts.
            temperature: Below 1 bolder, above 1 more even; 0 takes the most
                probable token.
            top_k: How many of the most probable tokens to choose from.
            use_cache: False computes everything anew in every step.

        Returns:
            Prompts and continuations, (B, T + steps).
        """
        past = None
        for step in range(uniform.shape[1]):
            window = tokens[:, -self.context_length :]
            new = window if past is None else tokens[:, -1:]
            logits, past = self.extend(new, past)
            if not use_cache or window.shape[1] == self.context_length:
                past = None
            following = sample(
                logits[:, -1], uniform[:, step], temperature, top_k
            )
            tokens = cat((tokens, following), 1)
        return tokens


class TransformerClassifier(nn.Module):
    """Says which class a text belongs to: 28,642 parameters.

    Every token sees every other; the mean over the tokens is classified.

    Source: Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(
        self,
        vocab_size: int = 65,
        context_length: int = 32,
        d_model: int = 32,
        nhead: int = 4,
        num_layers: int = 2,
        num_classes: int = 2,
        dropout: float = 0.0,
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.context_length = context_length
        self.token_embedding = nn.Embedding(vocab_size, d_model)
        self.position_embedding = nn.Embedding(context_length, d_model)
        self.dropout = nn.Dropout(dropout)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                d_model,
                nhead,
                4 * d_model,
                dropout,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            ),
            num_layers,
            nn.LayerNorm(d_model),
            enable_nested_tensor=False,
        )
        self.head = nn.Linear(d_model, num_classes)
        for parameter in self.encoder.parameters():
            if parameter.ndim > 1:  # the layers are copies: draw each anew
                nn.init.xavier_uniform_(parameter)

    def forward(self, tokens: Tensor, padding: Tensor | None = None) -> Tensor:
        """Turn tokens (B, T) into logits (B, number of classes).

        Args:
            tokens: The texts, filled up to one length.
            padding: True where they are filled up, (B, T). Every text needs
                at least one token that is none.

        Raises:
            ValueError: If there are no tokens, or more than the context holds.
        """
        length = tokens.shape[1]
        if not 0 < length <= self.context_length:
            raise ValueError(
                f"TransformerClassifier: context_length is "
                f"{self.context_length}, got {length} tokens"
            )
        positions = self.position_embedding.weight[:length]  # (T, C)
        x = self.dropout(self.token_embedding(tokens) + positions)
        x = self.encoder(x, src_key_padding_mask=padding)  # (B, T, C)
        if padding is None:
            return self.head(x.mean(1))
        x = x.masked_fill(padding[:, :, None], 0.0)
        lengths = length - padding.sum(1)  # (B)
        return self.head(x.sum(1) / lengths[:, None])


def gpt_init(layer: nn.Module) -> None:
    """Draw weights and embeddings from N(0, 0.02); biases start at 0.

    So all logits start close to 0, and the loss at `log(vocab_size)`.

    Source: Radford et al., "Language models are unsupervised multitask
    learners", 2019.
    """
    if isinstance(layer, nn.Linear | nn.Embedding):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    if isinstance(layer, nn.Linear) and layer.bias is not None:
        nn.init.zeros_(layer.bias)


def gpt_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy of every next token, in nats, averaged.

    Logits (B, T, V), targets (B, T); a target of -100 does not count.
    """
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def sample(
    logits: Tensor,
    uniform: Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> Any:
    """Choose one token for each text by a random number from 0 to 1.

    The probabilities, laid side by side, fill the stretch from 0 to 1. The
    token on whose part the number falls is chosen.

    Args:
        logits: Scores of V tokens for each of B texts, (B, V).
        uniform: A number for each text, (B), at least 0 and below 1.
        temperature: Divides the logits; 0 takes the largest.
        top_k: How many of the largest logits keep a chance; equals of the
            last one do too.

    Returns:
        The tokens, (B, 1).

    Raises:
        ValueError: If the temperature is negative, or top_k below 1.
    """
    if temperature < 0 or (top_k is not None and top_k < 1):
        raise ValueError(
            "sample: temperature must not be negative and top_k at least 1, "
            f"got {temperature} and {top_k}"
        )
    if temperature == 0:
        return logits.argmax(-1)[:, None]
    if top_k is not None:
        largest = logits.topk(min(top_k, logits.shape[-1]))[0]
        hidden = logits < largest[:, -1:]
        logits = logits.masked_fill(hidden, float("-inf"))
    passed = F.softmax(logits / temperature, dim=-1).cumsum(-1)  # (B, V)
    # Rounding may end the stretch a little beside 1.
    places = uniform[:, None] * passed[:, -1:]
    return (passed[:, :-1] <= places).sum(-1)[:, None]
