"""Dropout as a module, under torch's name."""

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.dropout import check_probability
from tutorial_kernels.nn.module import Module


class Dropout(Module):
    """Drop each signal with probability p, in training only."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        """Set the probability; `inplace` is only printed."""
        check_probability("Dropout", p)
        self.p = p
        self.inplace = inplace

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """The options."""
        return f"p={self.p}, inplace={self.inplace}"
