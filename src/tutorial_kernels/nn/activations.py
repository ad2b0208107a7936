"""The activations as modules, under torch's names."""

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.module import Module


class _InPlace(Module):
    """torch can overwrite the input; here that is printed and nothing more."""

    def __init__(self, inplace: bool = False) -> None:
        """`inplace` is printed, as in torch; nothing is overwritten here."""
        self.inplace = inplace

    def options(self) -> list[str]:
        """What is printed before `inplace`."""
        return []

    def extra_repr(self) -> str:
        """The options, and `inplace` if it differs from the default."""
        return ", ".join(
            self.options() + (["inplace=True"] if self.inplace else [])
        )


class ReLU(_InPlace):
    """Keep what is positive, replace the rest by zero."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.relu(x)


class LeakyReLU(_InPlace):
    """Keep what is positive, and a little of the rest."""

    def __init__(
        self, negative_slope: float = 0.01, inplace: bool = False
    ) -> None:
        """Set the slope below zero; `inplace` is only printed."""
        self.negative_slope = negative_slope
        super().__init__(inplace)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.leaky_relu(x, self.negative_slope)

    def options(self) -> list[str]:
        """The slope."""
        return [f"negative_slope={self.negative_slope}"]


class ELU(_InPlace):
    """Keep what is positive, bend the rest down to -alpha."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        """Set the depth; `inplace` is only printed."""
        self.alpha = alpha
        super().__init__(inplace)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.elu(x, self.alpha)

    def options(self) -> list[str]:
        """The depth."""
        return [f"alpha={self.alpha}"]


class SELU(_InPlace):
    """An `ELU` that keeps signals at mean 0 and variance 1."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.selu(x)


class Hardtanh(_InPlace):
    """Cut off below and above."""

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
    ) -> None:
        """Set the bounds; `inplace` is only printed."""
        if not min_val < max_val:
            raise ValueError(
                "Hardtanh: min_val must be smaller than max_val, "
                f"got {min_val} and {max_val}"
            )
        self.min_val = min_val
        self.max_val = max_val
        super().__init__(inplace)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.hardtanh(x, self.min_val, self.max_val)

    def options(self) -> list[str]:
        """The bounds."""
        return [f"min_val={self.min_val}", f"max_val={self.max_val}"]


class ReLU6(_InPlace):
    """A `ReLU` that is cut off at 6."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.relu6(x)


class GELU(Module):
    """Let through the part of x that a bell curve leaves below x."""

    def __init__(self, approximate: str = "none") -> None:
        """Choose the exact form, "none", or the one with "tanh"."""
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        """The form."""
        return f"approximate={self.approximate!r}"


class SiLU(_InPlace):
    """Let through the part of x that its sigmoid says."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.silu(x)


class Mish(_InPlace):
    """A gate much like that of `SiLU`, of another curve."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.mish(x)


class Softplus(Module):
    """A smooth `ReLU`."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        """Set how sharp the bend is, and where the line begins."""
        self.beta = beta
        self.threshold = threshold

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """The options."""
        return f"beta={self.beta}, threshold={self.threshold}"


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


class _Along(Module):
    """An activation that takes the numbers along one axis together."""

    def __init__(self, dim: int | None = None) -> None:
        """Set the axis of the classes."""
        self.dim = dim

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class Softmax(_Along):
    """Turn scores into probabilities along `dim`."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.softmax(x, self.dim)


class Softmin(_Along):
    """Turn costs into probabilities along `dim`."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.softmin(x, self.dim)


class LogSoftmax(_Along):
    """The logarithm of softmax along `dim`."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape, unchanged."""
        return F.log_softmax(x, self.dim)
