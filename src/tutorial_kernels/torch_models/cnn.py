"""Convolutional networks: for images, and for signals."""

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


class DeepCNN(nn.Module):
    """Grey images of 28 x 28 pixels to ten classes: 56,762 parameters.

    Two convolutions, each with batch normalization and pooling, take the
    sides from 28 to 13 to 5; two linear layers decide. The plan is LeNet's,
    with what came after it.

    Source: LeCun et al., "Gradient-based learning applied to document
    recognition", 1998.
    """

    def __init__(self, channels: int = 16, hidden_size: int = 64) -> None:
        """Make the layers."""
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, 2 * channels, 3, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * channels)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(2 * channels * 5 * 5, hidden_size)
        self.fc2 = nn.Linear(hidden_size, 10)

    def features(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into what is decided by, (B, H)."""
        x = self.relu(self.pool(self.norm1(self.conv1(x))))
        x = self.relu(self.pool(self.norm2(self.conv2(x))))
        return self.relu(self.fc1(x.flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into logits (B, 10)."""
        return self.fc2(self.features(x))


class SignalCNN(nn.Module):
    """Signals of 40 values to ten classes: 5,210 parameters.

    Three convolutions along time, each of which halves the length: 40 to 19
    to 10 to 5.

    Source: Greydanus and Kobak, "Scaling down deep learning with MNIST-1D",
    2020.
    """

    def __init__(self, channels: int = 25) -> None:
        """Make the layers."""
        super().__init__()
        self.conv1 = nn.Conv1d(1, channels, 5, stride=2, padding=1)
        self.conv2 = nn.Conv1d(channels, channels, 3, stride=2, padding=1)
        self.conv3 = nn.Conv1d(channels, channels, 3, stride=2, padding=1)
        self.relu = nn.ReLU()
        self.fc = nn.Linear(channels * 5, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn signals (B, 40) into logits (B, 10)."""
        x = x[:, None]  # (B, 1, 40): one channel
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = self.relu(self.conv3(x))
        return self.fc(x.flatten(1))
