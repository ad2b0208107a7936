"""Two simpler readers of text, to judge the Transformer by."""

from typing import Any

from tutorial_kernels import Tensor, nn


class BigramLM(nn.Module):
    """Says from one token alone which one comes next: 4,225 parameters.

    Its row of the table holds the logits. What it can reach at best is what
    counting pairs of tokens gives.
    """

    def __init__(self, vocab_size: int = 65) -> None:
        """Make the table."""
        super().__init__()
        self.table = nn.Embedding(vocab_size, vocab_size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Turn tokens (B, T) into logits (B, T, V) for the ones that follow."""
        return self.table(tokens)


class RecurrentLM(nn.Module):
    """Says for every token which one comes next: 31,393 parameters.

    What it has read is in its state, of one size however long the text.

    Source: Mikolov et al., "Recurrent neural network based language model",
    2010.
    """

    def __init__(
        self,
        vocab_size: int = 65,
        cell: str = "lstm",
        embedding_size: int = 32,
        hidden_size: int = 64,
        num_layers: int = 1,
        dropout: float = 0.0,
    ) -> None:
        """Make the layers; the cell is "rnn", "lstm" or "gru"."""
        super().__init__()
        layers = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if cell not in layers:
            raise ValueError(
                f"RecurrentLM: cell is {cell!r}, expected rnn, lstm or gru"
            )
        self.token_embedding = nn.Embedding(vocab_size, embedding_size)
        self.recurrent = layers[cell](
            embedding_size,
            hidden_size,
            num_layers,
            batch_first=True,
            dropout=dropout,
        )
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Turn tokens (B, T) into logits (B, T, V) for the ones that follow."""
        return self.extend(tokens)[0]

    def extend(self, tokens: Tensor, past: Any = None) -> tuple[Tensor, Any]:
        """Go on from a past: logits (B, T, V) for the new tokens (B, T).

        Args:
            tokens: The new tokens, one or many.
            past: The state that an earlier call gave.

        Returns:
            The logits, and the state for the next call.
        """
        x, past = self.recurrent(self.token_embedding(tokens), past)
        return self.head(x), past
