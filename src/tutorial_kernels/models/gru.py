"""A GRU that reads a series, and a linear layer."""

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
