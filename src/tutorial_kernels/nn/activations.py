"""The activations as modules, under torch's names."""

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.module import Module


class ReLU(Module):
    """Keep what is positive, replace the rest by zero."""

    def __init__(self, inplace: bool = False) -> None:
        """`inplace` is printed, as in torch; nothing is overwritten here."""
        self.inplace = inplace

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.relu(x)

    def extra_repr(self) -> str:
        """Only what differs from the default."""
        return "inplace=True" if self.inplace else ""


class Sigmoid(Module):
    """Squash into (0, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.sigmoid(x)


class Tanh(Module):
    """Squash into (-1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.tanh(x)


class Softmax(Module):
    """Turn scores into probabilities along `dim`."""

    def __init__(self, dim: int | None = None) -> None:
        """Set the axis of the classes."""
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.softmax(x, self.dim)

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"
