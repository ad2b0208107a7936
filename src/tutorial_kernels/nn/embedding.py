"""The embedding as a module, under torch's name."""

from typing import Any, Self

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.kernels.embedding import as_row, check_dense
from tutorial_kernels.nn import init
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter, empty


class Embedding(Module):
    """A table with one row of numbers for every word."""

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        *,
        dtype: Any = None,
    ) -> None:
        """Make the table and draw its first values.

        Args:
            num_embeddings: The number of rows.
            embedding_dim: The length of a row.
            padding_idx: A row that starts at zero and is not learned.
            max_norm: Must be `None`: a forward does not change the table.
            norm_type: Would belong to `max_norm`.
            scale_grad_by_freq: Whether the gradient of a row is divided by
                how often it was looked up.
            sparse: Must be `False`: every gradient is a full array.
            dtype: The type of the table.
        """
        check_dense("Embedding", max_norm, sparse)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = as_row("Embedding", padding_idx, num_embeddings)
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        shape = (num_embeddings, embedding_dim)
        self.weight = empty(shape, dtype)
        self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Array | Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
    ) -> Self:
        """Make an embedding of a table that is there already."""
        table = Tensor(embeddings).data
        if table.ndim != 2:
            raise ValueError(
                "Embedding.from_pretrained: embeddings must be (V, C), "
                f"got shape {table.shape}"
            )
        rows, columns = table.shape
        embedding = cls(rows, columns, padding_idx)
        embedding.weight = Parameter(table, requires_grad=not freeze)
        return embedding

    def reset_parameters(self) -> None:
        """Draw new first values; the row of the padding is zero."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    def forward(self, x: Tensor) -> Tensor:
        """(...) to (..., embedding_dim)."""
        return F.embedding(
            x,
            self.weight,
            self.padding_idx,
            scale_grad_by_freq=self.scale_grad_by_freq,
        )

    def extra_repr(self) -> str:
        """The sizes, and what differs from the defaults."""
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        if self.padding_idx is not None:
            text += f", padding_idx={self.padding_idx}"
        if self.norm_type != 2:
            text += f", norm_type={self.norm_type}"
        if self.scale_grad_by_freq:
            text += f", scale_grad_by_freq={self.scale_grad_by_freq}"
        return text
