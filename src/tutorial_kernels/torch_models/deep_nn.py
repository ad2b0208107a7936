"""Deep feedforward networks for small images, plain and gated."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class DeepNN(nn.Module):
    """Six hidden layers of 64, any activation: 25,610 parameters."""

    def __init__(
        self, activation: type[nn.Module] = nn.ReLU, depth: int = 6
    ) -> None:
        """Choose the activation, and how many hidden layers there are."""
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        for _ in range(depth):
            layers += [nn.Linear(64, 64), activation()]
        self.hidden = nn.Sequential(*layers)
        self.out = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 8, 8) into logits (B, 10)."""
        x = self.hidden(x)
        x = self.out(x)
        return x


class SwiGLU(nn.Module):
    """A gated layer: `gate` decides how much of `up` reaches `down`.

    Source: Shazeer, "GLU variants improve Transformer", 2020.
    """

    def __init__(self, features: int, hidden: int) -> None:
        """Make the three matrices; they have no biases."""
        super().__init__()
        self.gate = nn.Linear(features, hidden, bias=False)
        self.up = nn.Linear(features, hidden, bias=False)
        self.down = nn.Linear(hidden, features, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """The last axis holds the features, before and after."""
        return self.down(F.silu(self.gate(x)) * self.up(x))


class GatedNN(nn.Module):
    """Three gated layers, each added to its input: 25,610 parameters."""

    def __init__(self, depth: int = 3) -> None:
        """Choose how many gated layers there are."""
        super().__init__()
        self.norms = nn.ModuleList([nn.RMSNorm(64) for _ in range(depth)])
        self.gated = nn.ModuleList([SwiGLU(64, 43) for _ in range(depth)])
        self.out = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 8, 8) into logits (B, 10)."""
        x = x.flatten(1)
        for norm, gated in zip(self.norms, self.gated, strict=True):
            x = x + gated(norm(x))
        x = self.out(x)
        return x
