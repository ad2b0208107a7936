"""How far made-up images are from real ones, and which kinds they are of."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tutorial_kernels.training.dcgan import critic, features

type Rows = NDArray[np.float64]


class Moments(NamedTuple):
    """Mean and covariance of features: (C) and (C, C)."""

    mean: Rows
    covariance: Rows


class Judgment(NamedTuple):
    """What a classifier says of made-up images.

    Attributes:
        distance: The Fréchet distance from real ones, on its features.
        shares: What part of them it takes for each class.
    """

    distance: float
    shares: list[float]


def moments_of(rows: Rows) -> Moments:
    """Mean and covariance of rows (B, C)."""
    return Moments(rows.mean(0), np.cov(rows, rowvar=False))


def frechet_distance(one: Moments, other: Moments) -> float:
    """The squared Fréchet distance between two Gaussians.

    ``|m1 - m2|**2 + tr(C1 + C2 - 2 sqrt(sqrt(C1) C2 sqrt(C1)))``. The numbers
    depend on what the features are of: those of one network say nothing
    beside those of another.

    Source: Dowson and Landau, "The Fréchet distance between multivariate
    normal distributions", 1982.
    """
    values, vectors = np.linalg.eigh(one.covariance)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    between = np.linalg.eigvalsh(root @ other.covariance @ root)
    spread = np.trace(one.covariance) + np.trace(other.covariance)
    gap = one.mean - other.mean
    return float(gap @ gap + spread - 2 * np.sqrt(between.clip(0)).sum())


def features_of(images: Tensor) -> Rows:
    """What the classifier decides by, of many images (B, 1, 28, 28)."""
    with torch.inference_mode():
        parts = [features(part) for part in images.split(1_000)]
    rows: Rows = torch.cat(parts).double().numpy()
    return rows


def judge_images(images: Tensor, real: Moments) -> Judgment:
    """Compares images (B, 1, 28, 28) from -1 to 1 with real ones."""
    rows = features_of(images)
    classes = critic().fc2(torch.from_numpy(rows).to(images)).argmax(1)
    counts = torch.bincount(classes, minlength=10).double()
    distance = frechet_distance(moments_of(rows), real)
    return Judgment(distance, (counts / len(images)).tolist())


def made_by(
    generator: nn.Module, latent_size: int, count: int, seed: int = 0
) -> Tensor:
    """Images that a generator makes from random codes."""
    source = torch.Generator().manual_seed(seed)
    codes = torch.randn(count, latent_size, generator=source)
    generator.eval()
    with torch.inference_mode():
        return torch.cat([generator(part) for part in codes.split(1_000)])
