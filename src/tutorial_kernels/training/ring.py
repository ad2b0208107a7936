"""Eight Gaussians on a ring: the smallest data set that a GAN can fail on."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tutorial_kernels.torch_models.gan import (
    Discriminator,
    Generator,
    discriminator_loss,
    generator_loss,
)
from tutorial_kernels.training.classification import as_batch
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.task import Batch, Task

MODES, RADIUS, SPREAD = 8, 2.0, 0.05


def ring_of_gaussians(count: int, seed: int) -> NDArray[np.float32]:
    """Draws points around eight centers on a circle, (B, 2)."""
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * rng.integers(0, MODES, count) / MODES
    centers = RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = centers + SPREAD * rng.standard_normal((count, 2))
    return points.astype(np.float32)


class Players(nn.Module):
    """A generator and its discriminator, with one optimizer for both."""

    def __init__(self, latent_size: int, hidden_size: int) -> None:
        """Makes both."""
        super().__init__()
        self.generator = Generator(latent_size, hidden_size)
        self.discriminator = Discriminator(2, hidden_size)


def ring_game(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Points on a ring from noise."""
    players = Players(**arguments)
    counts = (config.limit or 8_000, 1_000, 1_000)
    training, validation, test = (
        as_batch([ring_of_gaussians(count, seed)])
        for seed, count in enumerate(counts)
    )
    parts = training, validation, test
    return game(players, parts, energy_distance, arguments)


def game(
    players: Any,
    parts: tuple[Batch, Batch, Batch],
    distance: Callable[..., Tensor],
    arguments: Mapping[str, Any],
) -> Task:
    """A generator and a discriminator at play; the generator is exported."""
    return Task(
        "gan",
        players,
        *parts,
        loss=game_loss,
        measure=distance,
        metric="energy distance",
        noise_size=arguments["latent_size"],
        arguments=arguments,
        exported=players.generator,
    )


def game_loss(players: Any, real: Tensor, noise: Tensor) -> Tensor:
    """Both players' losses, each with a gradient for its own player only.

    Both move at once, in answer to the same points. In the sum nothing of
    one player's loss reaches the other: the discriminator is shown the
    fakes detached, the generator a discriminator whose weights are.
    """
    generator, discriminator = players.generator, players.discriminator
    fake = generator(noise)
    judged = discriminator(real), discriminator(fake.detach())
    frozen = {
        name: weight.detach()
        for name, weight in discriminator.named_parameters()
    }
    fooled = torch.func.functional_call(discriminator, frozen, (fake,))
    return discriminator_loss(*judged) + generator_loss(fooled)


def energy_distance(players: Any, real: Tensor, noise: Tensor) -> Tensor:
    """How far fakes are from real points, a part for each pair, (B).

    The mean is ``2 E|x - y| - E|x - x'| - E|y - y'|``: zero only if both
    have one distribution, so it sees modes that are missed.

    Source: Székely and Rizzo, "Energy statistics", 2013.
    """
    return mean_distances(real, players.generator(noise))


def mean_distances(real: Tensor, fake: Tensor) -> Tensor:
    """The part of each pair of rows (B, C) in their energy distance, (B)."""
    between = torch.cdist(real, fake).mean(1)
    within = torch.cdist(real, real).mean(1) + torch.cdist(fake, fake).mean(1)
    return 2 * between - within


def modes_covered(points: Tensor, least: float = 0.01) -> int:
    """How many of the eight modes a generator's points (B, 2) reach.

    A mode is reached if at least a hundredth of the points are on it.
    """
    return int((_on_modes(points).mean(0) >= least).sum())


def share_on_modes(points: Tensor) -> float:
    """What part of points (B, 2) is on one of the eight modes."""
    return float(_on_modes(points).sum(1).mean())


def _on_modes(points: Tensor) -> Tensor:
    """1 within three standard deviations of a mode's center, (B, 8)."""
    angles = 2 * math.pi * torch.arange(MODES) / MODES
    centers = RADIUS * torch.stack([angles.cos(), angles.sin()], 1)
    return (torch.cdist(points, centers) < 3 * SPREAD).float()
