"""A variational autoencoder: a code that can be drawn at random."""

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class VAE(nn.Module):
    """Digits of 8 x 8 pixels, each through a small cloud of codes.

    The encoder gives the center and the size of the cloud; the decoder gives
    one logit per pixel, the pixel being a coin that falls on 1 or 0
    (Bernoulli). As it stands, 8,772 parameters.

    Source: Kingma and Welling, "Auto-encoding variational Bayes", 2014.
    """

    def __init__(
        self, input_size: int = 64, hidden_size: int = 64, latent_size: int = 2
    ) -> None:
        """Make the layers."""
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(input_size, hidden_size),
            nn.Tanh(),
        )
        self.mean = nn.Linear(hidden_size, latent_size)
        self.log_variance = nn.Linear(hidden_size, latent_size)
        self.decoder = nn.Sequential(
            nn.Linear(latent_size, hidden_size),
            nn.Tanh(),
            nn.Linear(hidden_size, input_size),
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Turn pictures (B, input_size) into mean and log-variance.

        Both are (B, latent_size).
        """
        hidden = self.encoder(x)
        return self.mean(hidden), self.log_variance(hidden)

    def reparameterize(
        self, mean: Tensor, log_variance: Tensor, noise: Tensor
    ) -> Tensor:
        """Draw codes: `mean + standard deviation * noise`.

        The noise comes from outside, from N(0, 1). So the draw is a formula
        like any other, and gradients reach the mean and the log-variance.
        """
        return mean + (0.5 * log_variance).exp() * noise

    def decode(self, code: Tensor) -> Tensor:
        """Turn codes (B, latent_size) into logits (B, input_size)."""
        return self.decoder(code)

    def forward(
        self, x: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures (B, input_size) and noise (B, latent_size).

        Returns the logits (B, input_size), the mean and the log-variance.
        """
        mean, log_variance = self.encode(x)
        code = self.reparameterize(mean, log_variance, noise)
        return self.decode(code), mean, log_variance


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """How far each cloud is from N(0, 1), in nats: (B, latent) to (B).

    `sum((mean**2 + exp(log_variance) - 1 - log_variance) / 2)` over latents.
    """
    parts = mean**2 + log_variance.exp() - 1 - log_variance
    return 0.5 * parts.sum(1)


def vae_loss(
    logits: Tensor,
    x: Tensor,
    mean: Tensor,
    log_variance: Tensor,
    beta: float = 1.0,
) -> Tensor:
    """The negative ELBO in nats: reconstruction plus `beta` times KL.

    Both parts are summed over what one example has, its pixels and its
    latents, and averaged over the batch. Whoever averages over the pixels
    divides the first part by their number, 64 or 784, and with it multiplies
    beta by that much: the KL wins, and every cloud becomes N(0, 1). Averaging
    over the latents divides beta by their number.

    Args:
        logits: One per pixel, (B, input_size).
        x: Pixels from 0 to 1, (B, input_size).
        mean: The centers of the clouds, (B, latent_size).
        log_variance: The logarithms of their variances, (B, latent_size).
        beta: The weight of the KL; 1 gives the ELBO.

    Source: Kingma and Welling, "Auto-encoding variational Bayes", 2014; for
    beta, Higgins et al., "beta-VAE", 2017.
    """
    surprise = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
    reconstruction = surprise.flatten(1).sum(1)
    return (reconstruction + beta * kl_divergence(mean, log_variance)).mean()
