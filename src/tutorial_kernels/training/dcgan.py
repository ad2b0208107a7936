"""A DCGAN that makes clothing, judged by a classifier that knows it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from tutorial_kernels.data import read_asset
from tutorial_kernels.torch_models.cnn import DeepCNN
from tutorial_kernels.torch_models.gan import DCGANDiscriminator, DCGANGenerator
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.images import channels_last, unlabeled
from tutorial_kernels.training.ring import game, mean_distances
from tutorial_kernels.training.task import Task
from tutorial_kernels.weights import read_safetensors


class ImagePlayers(nn.Module):
    """A generator of images and its discriminator, under one optimizer."""

    def __init__(self, latent_size: int, channels: int) -> None:
        """Makes both."""
        super().__init__()
        self.generator = DCGANGenerator(latent_size, channels)
        self.discriminator = DCGANDiscriminator(channels)


def clothing_game(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Images of clothing from noise, with pixels from -1 to 1."""
    training, validation, test = (
        (2 * images - 1,) for (images,) in unlabeled("fashion", config)
    )
    players = channels_last(ImagePlayers(**arguments))
    parts = training, validation, test
    return game(players, parts, feature_distance, arguments)


@cache
def critic() -> DeepCNN:
    """The committed classifier of clothing: what the fakes are judged by.

    Raises:
        FileNotFoundError: Its weights are out of reach; see ``read_asset``.
    """
    record = json.loads(read_asset("weights/deep_cnn.json"))
    model = DeepCNN(**record["arguments"])
    arrays = read_safetensors(read_asset("weights/deep_cnn.safetensors"))
    model.load_state_dict({k: torch.from_numpy(v) for k, v in arrays.items()})
    return model.eval().requires_grad_(False)


def features(images: Tensor) -> Tensor:
    """What the classifier decides by, of images from -1 to 1, (B, 64)."""
    judge = critic().to(images.device, images.dtype)
    return judge.features((images + 1) / 2)


def feature_distance(players: Any, real: Tensor, noise: Tensor) -> Tensor:
    """The energy distance of fakes from real images, by their features, (B).

    Distances between pixels say little: a coat that is moved by a pixel is
    far from itself.
    """
    return mean_distances(features(real), features(players.generator(noise)))
