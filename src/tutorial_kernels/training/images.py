"""Tasks on images: to name what they show, to rebuild them."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tutorial_kernels.data import digits
from tutorial_kernels.torch_models.autoencoder import (
    Autoencoder,
    ConvAutoencoder,
    reconstruction_loss,
)
from tutorial_kernels.torch_models.cnn import DeepCNN, SimpleCNN
from tutorial_kernels.torch_models.vae import VAE, kl_divergence, vae_loss
from tutorial_kernels.training.classification import as_batch, classification
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.examples import load_splits, tenth
from tutorial_kernels.training.task import Batch, Task

type Parts = tuple[Batch, Batch, Batch]


def clothing(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """The clothing in an image; with sizes, by the deeper network."""
    parts = load_splits(config)
    if not arguments:
        return classification("cnn", SimpleCNN(), *parts)
    return classification(
        "cnn",
        channels_last(DeepCNN(**arguments)),
        *parts,
        augmented=True,
        arguments=arguments,
    )


def autoencoder(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Images through a code; with channels, by the convolutional network."""
    sizes = dict(arguments)
    parts = unlabeled(sizes.pop("images"), config)
    network: type[nn.Module] = ConvAutoencoder
    if "channels" not in sizes:
        network, parts = Autoencoder, flat(parts)
        sizes["input_size"] = parts[0][0].shape[1]
    return Task(
        "autoencoder",
        network(**sizes),
        *parts,
        loss=lambda model, x: reconstruction_loss(model(x), x),
        measure=squared_errors,
        metric="squared error per image",
        arguments=sizes,
    )


def vae(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
    """Images from random codes."""
    sizes = dict(arguments)
    parts = flat(unlabeled(sizes.pop("images"), config))
    sizes["input_size"] = parts[0][0].shape[1]
    return Task(
        "vae",
        VAE(**sizes),
        *parts,
        loss=negative_elbo,
        measure=surprise,
        metric="negative ELBO in nats",
        noise_size=sizes["latent_size"],
        arguments=sizes,
    )


def unlabeled(images: str, config: TrainConfig) -> Parts:
    """Digits or Fashion-MNIST, without the labels."""
    if images == "fashion":
        training, validation, test = (x.images for x in load_splits(config))
    else:
        known, test = (x.images[: config.limit] for x in digits())
        count = tenth(len(known), config)
        training, validation = known[:-count], known[-count:]
    return as_batch([training]), as_batch([validation]), as_batch([test])


def flat(parts: Parts) -> Parts:
    """The pixels of every image in one row."""
    training, validation, test = ((x.flatten(1),) for (x,) in parts)
    return training, validation, test


def channels_last[M: nn.Module](model: M) -> M:
    """Puts the channels last in memory: half the time of a step on a CPU.

    Shapes and values stay; only the strides of the weights are others.
    """
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return model


def squared_errors(model: nn.Module, x: Tensor) -> Tensor:
    """The squared error of each image, summed over its pixels, (B)."""
    return ((model(x) - x) ** 2).flatten(1).sum(1)


def negative_elbo(model: nn.Module, x: Tensor, noise: Tensor) -> Tensor:
    """The mean negative ELBO of a batch, in nats."""
    logits, mean, log_variance = model(x, noise)
    return vae_loss(logits, x, mean, log_variance)


def surprise(model: nn.Module, x: Tensor, noise: Tensor) -> Tensor:
    """The negative ELBO of each image, in nats, (B)."""
    logits, mean, log_variance = model(x, noise)
    pixels = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return pixels.sum(1) + kl_divergence(mean, log_variance)
