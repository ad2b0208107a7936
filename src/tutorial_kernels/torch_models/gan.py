"""Generative adversarial networks: points in a plane, and images."""

from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class Generator(nn.Module):
    """Turns noise into points of the plane: 4,482 parameters.

    Source: Goodfellow et al., "Generative adversarial nets", 2014.
    """

    def __init__(
        self, latent_size: int = 2, hidden_size: int = 64, output_size: int = 2
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(latent_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, output_size),
        )

    def forward(self, noise: Tensor) -> Tensor:
        """Turn noise (B, latent_size) into points (B, output_size)."""
        return self.layers(noise)


class Discriminator(nn.Module):
    """Says how real a point of the plane looks: 4,417 parameters.

    Source: Goodfellow et al., "Generative adversarial nets", 2014.
    """

    def __init__(self, input_size: int = 2, hidden_size: int = 64) -> None:
        """Make the layers."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(input_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, hidden_size),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_size, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Turn points (B, input_size) into logits (B, 1): above 0 is real."""
        return self.layers(x)


class DCGANGenerator(nn.Module):
    """Turns noise into grey images of 28 x 28 pixels: 58,721 parameters.

    Transposed convolutions with batch normalization grow the image, 1 to 7 to
    14 to 28 pixels wide; tanh puts the pixels between -1 and 1.

    Source: Radford, Metz and Chintala, "Unsupervised representation learning
    with deep convolutional generative adversarial networks", 2015.
    """

    def __init__(self, latent_size: int = 32, channels: int = 16) -> None:
        """Make the layers, and draw their first values from N(0, 0.02)."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(latent_size, 2 * channels, 7, bias=False),
            nn.BatchNorm2d(2 * channels),
            nn.ReLU(),
            nn.ConvTranspose2d(
                2 * channels, channels, 4, stride=2, padding=1, bias=False
            ),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )
        self.apply(dcgan_init)

    def forward(self, noise: Tensor) -> Tensor:
        """Turn noise (B, latent_size) into images (B, 1, 28, 28)."""
        x = noise[:, :, None, None]  # (B, latent_size, 1, 1): one pixel
        return self.layers(x)


class DCGANDiscriminator(nn.Module):
    """Says how real a grey image of 28 x 28 pixels looks: 10,097 parameters.

    Strided convolutions shrink the image, 28 to 14 to 7 to 1 pixel wide. The
    first one has no batch normalization: it sees the pixels as they are.

    Source: Radford, Metz and Chintala, "Unsupervised representation learning
    with deep convolutional generative adversarial networks", 2015.
    """

    def __init__(self, channels: int = 16) -> None:
        """Make the layers, and draw their first values from N(0, 0.02)."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, channels, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(
                channels, 2 * channels, 4, stride=2, padding=1, bias=False
            ),
            nn.BatchNorm2d(2 * channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * channels, 1, 7),
        )
        self.apply(dcgan_init)

    def forward(self, x: Tensor) -> Tensor:
        """Turn images (B, 1, 28, 28) into logits (B, 1): above 0 is real."""
        return self.layers(x).flatten(1)


def dcgan_init(layer: nn.Module) -> None:
    """Draw weights from N(0, 0.02), the scales of batch norm from N(1, 0.02).

    Biases start at 0.

    Source: Radford, Metz and Chintala, "Unsupervised representation learning
    with deep convolutional generative adversarial networks", 2015.
    """
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
        mean = 1.0 if isinstance(layer, nn.BatchNorm2d) else 0.0
        if layer.weight is not None:
            nn.init.normal_(layer.weight, mean, 0.02)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Call what is real real, and what is made up made up.

    `mean(-log(D(real))) + mean(-log(1 - D(fake)))` with `D = sigmoid(logit)`,
    and `-log(sigmoid(x)) = softplus(-x)`, which does not overflow. A
    discriminator that cannot tell says 0 to everything: 2 ln 2.
    """
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def generator_loss(fake_logits: Tensor) -> Tensor:
    """Be called real: `mean(-log(D(fake)))`, the non-saturating loss.

    The game as it was first written has the generator make `log(1 - D(fake))`
    small. Its slope is `D(fake)`, next to nothing for a fake that is seen
    through; the slope here is then close to 1.
    """
    return F.softplus(-fake_logits).mean()


def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: Any,
    real: Tensor,
    noise: Tensor,
) -> Tensor:
    """The discriminator's move: one step on real examples and on fakes.

    The fakes are detached: no gradient goes into the generator. The batches
    stay apart, each with its own statistics for batch norm.

    Args:
        generator: Makes the fakes.
        discriminator: Learns.
        optimizer: Of the discriminator's parameters.
        real: A batch of real examples.
        noise: What the fakes are made from.

    Returns:
        `discriminator_loss` before the step.
    """
    fake = generator(noise).detach()
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def generator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: Any,
    noise: Tensor,
) -> Tensor:
    """The generator's move: one step on what the discriminator says.

    The gradient goes through the discriminator and into none of its
    parameters: they are frozen for the time being.

    Args:
        generator: Learns.
        discriminator: Judges.
        optimizer: Of the generator's parameters.
        noise: What the fakes are made from.

    Returns:
        `generator_loss` before the step.
    """
    discriminator.requires_grad_(False)
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    discriminator.requires_grad_(True)
    return loss
