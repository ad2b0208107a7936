"""A convolutional network: one convolution, one pooling, one linear layer."""

from torch import Tensor, nn


class SimpleCNN(nn.Module):
    """Grey images of 28 x 28 pixels to ten classes: 27,210 parameters."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(16 * 13 * 13, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into logits (B, 10)."""
        x = self.pool(self.relu(self.conv1(x)))
        x = x.flatten(1)
        x = self.fc1(x)
        return x
