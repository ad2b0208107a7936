"""A GRU that reads a series, or two, and a linear layer."""

from tutorial_kernels import Tensor, nn


class SimpleGRU(nn.Module):
    """Forecasts what follows a series, or says which class it belongs to.

    As it stands, one number follows from a series of numbers:
    929 parameters.
    """

    def __init__(
        self, input_size: int = 1, hidden_size: int = 16, output_size: int = 1
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.gru = nn.GRU(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, x: Tensor) -> Tensor:
        """Turn series (B, T, input_size) into (B, output_size)."""
        x, _ = self.gru(x)
        x = x[:, -1]  # (B, hidden_size): the last step has seen all
        x = self.fc(x)
        return x


class SignalGRU(nn.Module):
    """Signals of 40 values to ten classes: 5,134 parameters.

    One GRU reads the signal from the left, another from the right, and the
    linear layer sees what both thought at every step.

    Source: Greydanus and Kobak, "Scaling down deep learning with MNIST-1D",
    2020.
    """

    def __init__(self, hidden_size: int = 6) -> None:
        """Make the layers."""
        super().__init__()
        self.gru = nn.GRU(1, hidden_size, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(40 * 2 * hidden_size, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Turn signals (B, 40) into logits (B, 10)."""
        x, _ = self.gru(x[:, :, None])  # (B, 40, 2 * hidden_size)
        return self.fc(x.flatten(1))
