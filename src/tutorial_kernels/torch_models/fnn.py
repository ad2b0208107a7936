"""A feedforward network: two linear layers with a ReLU between them."""

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
