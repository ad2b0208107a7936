"""Feedforward networks: linear layers with a ReLU between them."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn


class SimpleNN(nn.Module):
    """Four inputs, eight hidden units, three classes: 67 parameters."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Turn measurements (B, 4) into logits (B, 3)."""
        x = self.fc1(x)
        x = self.relu(x)
        x = self.fc2(x)
        return x


class MLP(nn.Module):
    """Any number of linear layers, with a ReLU between each two.

    As it stands, 40 numbers become ten logits through two hidden layers:
    15,210 parameters. With two sizes it is a linear classifier.
    """

    def __init__(self, sizes: Sequence[int] = (40, 100, 100, 10)) -> None:
        """Make the layers; `sizes` goes from the inputs to the logits."""
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Linear(before, after), nn.ReLU()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """Turn signals or images (B, ...) into logits (B, classes)."""
        return self.layers(x.flatten(1))
