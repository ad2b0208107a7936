"""Generative adversarial networks: points in a plane, and images."""

from typing import Any

from tutorial_kernels import Tensor, nn
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.kernels import (
    Array,
    leaky_relu_backward,
    leaky_relu_forward,
    linear_backward,
    linear_forward,
    mean_backward,
    mean_forward,
    softplus_backward,
    softplus_forward,
)
from tutorial_kernels.models.by_layer import under_keys, weights_of


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


def discriminator_loss_and_gradients(
    parameters: dict[str, Array], real: Array, fake: Array
) -> tuple[Array, dict[str, Array]]:
    """Go through Discriminator by hand, once with each batch.

    Two forwards come before the first backward. Each has a cache of its own,
    and the gradients add up.

    Args:
        parameters: The arrays of `Discriminator().state_dict()`.
        real: Real points, (B, input_size).
        fake: Points made up by the generator, (B, input_size).

    Returns:
        `discriminator_loss`, and its gradient for every parameter under the
        same keys.
    """
    real_logits, real_layers = _three_layers_forward(parameters, real)
    fake_logits, fake_layers = _three_layers_forward(parameters, fake)
    missed, real_loss = _mean_softplus_forward(-real_logits)
    fooled, fake_loss = _mean_softplus_forward(fake_logits)

    grad = -_mean_softplus_backward(1.0, real_loss)
    _, from_real = _three_layers_backward(grad, real_layers)
    grad = _mean_softplus_backward(1.0, fake_loss)
    _, from_fake = _three_layers_backward(grad, fake_layers)
    one = under_keys(from_real, parameters)
    other = under_keys(from_fake, parameters)
    return missed + fooled, {key: one[key] + other[key] for key in parameters}


def generator_loss_and_gradients(
    parameters: dict[str, Array],
    discriminator_parameters: dict[str, Array],
    noise: Array,
) -> tuple[Array, dict[str, Array]]:
    """Go through Generator and Discriminator by hand, and back through both.

    The backward of the discriminator says how each point should move to look
    more real. Its own gradients are left aside.

    Args:
        parameters: The arrays of `Generator().state_dict()`.
        discriminator_parameters: Those of `Discriminator().state_dict()`.
        noise: What the points are made from, (B, latent_size).

    Returns:
        `generator_loss`, and its gradient for every parameter of the
        generator under the same keys.
    """
    fake, layers = _three_layers_forward(parameters, noise)
    logits, judged = _three_layers_forward(discriminator_parameters, fake)
    loss, mean_softplus = _mean_softplus_forward(-logits)

    grad = -_mean_softplus_backward(1.0, mean_softplus)
    grad, _ = _three_layers_backward(grad, judged)
    _, g = _three_layers_backward(grad, layers)
    return loss, under_keys(g, parameters)


def _three_layers_forward(
    p: dict[str, Array], x: Array
) -> tuple[Array, list[Any]]:
    """What both players are: linear layers with leaky ReLUs between them."""
    x, linear0 = linear_forward(x, *weights_of(p, "layers.0"))
    x, leaky1 = leaky_relu_forward(x, 0.2)
    x, linear2 = linear_forward(x, *weights_of(p, "layers.2"))
    x, leaky3 = leaky_relu_forward(x, 0.2)
    x, linear4 = linear_forward(x, *weights_of(p, "layers.4"))
    return x, [linear0, leaky1, linear2, leaky3, linear4]


def _three_layers_backward(
    grad: Any, caches: list[Any]
) -> tuple[Array, dict[str, Any]]:
    """The way back: the gradient of the input, and those of the layers."""
    linear0, leaky1, linear2, leaky3, linear4 = caches
    g: dict[str, Any] = {}
    grad, *g["layers.4"] = linear_backward(grad, linear4)
    grad = leaky_relu_backward(grad, leaky3)
    grad, *g["layers.2"] = linear_backward(grad, linear2)
    grad = leaky_relu_backward(grad, leaky1)
    grad, *g["layers.0"] = linear_backward(grad, linear0)
    return grad, g


def _mean_softplus_forward(x: Array) -> tuple[Array, Any]:
    x, softplus = softplus_forward(x)
    loss, mean = mean_forward(x)
    return loss, (softplus, mean)


def _mean_softplus_backward(grad: Any, caches: Any) -> Array:
    softplus, mean = caches
    grad = mean_backward(grad, mean)
    return softplus_backward(grad, softplus)
