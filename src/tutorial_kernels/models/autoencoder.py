"""Autoencoders: a picture through a narrow code, and back to a picture."""

from typing import Any

from tutorial_kernels import Tensor, nn
from tutorial_kernels.kernels import (
    Array,
    linear_backward,
    linear_forward,
    mse_loss_backward,
    mse_loss_forward,
    tanh_backward,
    tanh_forward,
)
from tutorial_kernels.models.by_layer import under_keys, weights_of


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


def autoencoder_loss_and_gradients(
    parameters: dict[str, Array], x: Array
) -> tuple[Array, dict[str, Array]]:
    """Go through Autoencoder by hand: forward, the loss, all the way back.

    Args:
        parameters: The arrays of `Autoencoder().state_dict()`.
        x: The pictures, (B, input_size). They are the targets too.

    Returns:
        `reconstruction_loss`, and its gradient for every parameter under the
        same keys.
    """
    p = parameters
    hidden, encoder0 = linear_forward(x, *weights_of(p, "encoder.0"))
    active, encoder1 = tanh_forward(hidden)
    code, encoder2 = linear_forward(active, *weights_of(p, "encoder.2"))
    hidden, decoder0 = linear_forward(code, *weights_of(p, "decoder.0"))
    active, decoder1 = tanh_forward(hidden)
    rebuilt, decoder2 = linear_forward(active, *weights_of(p, "decoder.2"))
    total, errors = mse_loss_forward(rebuilt, x, reduction="sum")

    g: dict[str, Any] = {}
    grad: Any
    grad, _ = mse_loss_backward(1 / len(x), errors)
    grad, *g["decoder.2"] = linear_backward(grad, decoder2)
    grad = tanh_backward(grad, decoder1)
    grad, *g["decoder.0"] = linear_backward(grad, decoder0)
    grad, *g["encoder.2"] = linear_backward(grad, encoder2)
    grad = tanh_backward(grad, encoder1)
    grad, *g["encoder.0"] = linear_backward(grad, encoder0)
    return total / len(x), under_keys(g, parameters)
