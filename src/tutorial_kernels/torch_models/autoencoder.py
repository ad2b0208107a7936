"""Autoencoders: a picture through a narrow code, and back to a picture."""

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """Digits of 8 x 8 pixels through a code of two numbers, and back.

    The code and the reconstruction are linear: nothing bounds them. As it
    stands, 8,642 parameters.

    Source: Rumelhart, Hinton and Williams, "Learning internal representations
    by error propagation", 1986.
    """

    def __init__(
        self, input_size: int = 64, hidden_size: int = 64, code_size: int = 2
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(input_size, hidden_size),
            nn.Tanh(),
            nn.Linear(hidden_size, code_size),
        )
        self.decoder = nn.Sequential(
            nn.Linear(code_size, hidden_size),
            nn.Tanh(),
            nn.Linear(hidden_size, input_size),
        )

    def encode(self, x: Tensor) -> Tensor:
        """Turn pictures (B, input_size) into codes (B, code_size)."""
        return self.encoder(x)

    def decode(self, code: Tensor) -> Tensor:
        """Turn codes (B, code_size) into pictures (B, input_size)."""
        return self.decoder(code)

    def forward(self, x: Tensor) -> Tensor:
        """Rebuild pictures (B, input_size) from their codes."""
        return self.decode(self.encode(x))


class ConvAutoencoder(nn.Module):
    """Grey images of 28 x 28 pixels through a code, and back.

    Each convolution halves the sides, 28 to 14 to 7, and each transposed one
    doubles them again. A window of 4 and a stride of 2 cover every pixel
    equally often, so that no checkerboard shows. As it stands, 30,273
    parameters.

    Source: Masci et al., "Stacked convolutional auto-encoders for
    hierarchical feature extraction", 2011.
    """

    def __init__(self, code_size: int = 16, channels: int = 8) -> None:
        """Make the layers."""
        super().__init__()
        self.channels = channels
        self.encoder = nn.Sequential(
            nn.Conv2d(1, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, 2 * channels, 4, stride=2, padding=1),
            nn.ReLU(),
        )
        self.to_code = nn.Linear(2 * channels * 7 * 7, code_size)
        self.from_code = nn.Linear(code_size, 2 * channels * 7 * 7)
        self.decoder = nn.Sequential(
            nn.ReLU(),
            nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, 1, 4, stride=2, padding=1),
        )

    def encode(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into codes (B, code_size)."""
        x = self.encoder(x)  # (B, 2 * channels, 7, 7)
        return self.to_code(x.flatten(1))

    def decode(self, code: Tensor) -> Tensor:
        """Turn codes (B, code_size) into images (B, 1, 28, 28)."""
        x = self.from_code(code)
        x = x.reshape(-1, 2 * self.channels, 7, 7)
        return self.decoder(x)

    def forward(self, x: Tensor) -> Tensor:
        """Rebuild images (B, 1, 28, 28) from their codes."""
        return self.decode(self.encode(x))


def reconstruction_loss(reconstruction: Tensor, x: Tensor) -> Tensor:
    """The squared error: summed over pixels, averaged over the batch.

    `mse_loss` averages over the pixels too: its numbers are smaller by the
    number of pixels, and so are its gradients.
    """
    errors = (reconstruction - x) ** 2
    return errors.flatten(1).sum(1).mean()
