"""Classifiers: the cross-entropy to learn by, the accuracy to be judged by."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tutorial_kernels.training.augmentation import (
    NOISE_SIZE,
    mirrored_and_shifted,
)
from tutorial_kernels.training.task import Batch, Task


def classification(
    name: str,
    model: nn.Module,
    training: Sequence[Any],
    validation: Sequence[Any],
    test: Sequence[Any] | None = None,
    *,
    augmented: bool = False,
    arguments: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Task:
    """Makes the task of a classifier.

    Args:
        name: The name of its files.
        model: Takes examples, gives one logit per class.
        training: Inputs and labels to learn from, arrays or tensors.
        validation: The same, to choose the best weights by.
        test: The same, to look at once; the validation set if None.
        augmented: Whether the images learned from are mirrored and shifted
            at random; they are judged as they are.
        arguments: What the model's class was called with.
        **facts: What a user of the weights must know.

    Returns:
        The task; its metric is the accuracy.
    """
    return Task(
        name=name,
        model=model,
        training=as_batch(training),
        validation=as_batch(validation),
        test=as_batch(validation if test is None else test),
        loss=augmented_cross_entropy if augmented else cross_entropy,
        measure=is_right,
        metric="accuracy",
        higher_is_better=True,
        noise_size=NOISE_SIZE if augmented else 0,
        arguments=arguments or {},
        facts=facts,
    )


def as_batch(examples: Sequence[Any]) -> Batch:
    """Turns arrays into tensors, without a copy."""
    return tuple(torch.as_tensor(part) for part in examples)


def cross_entropy(model: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    """The mean cross-entropy of a classifier's logits."""
    return nn.functional.cross_entropy(model(x), labels)


def augmented_cross_entropy(
    model: nn.Module, x: Tensor, labels: Tensor, noise: Tensor
) -> Tensor:
    """The same, on images that the noise mirrors and shifts."""
    return cross_entropy(model, mirrored_and_shifted(x, noise), labels)


def is_right(
    model: nn.Module, x: Tensor, labels: Tensor, *noise: Tensor
) -> Tensor:
    """Whether each example's largest logit is that of its class."""
    return model(x).argmax(dim=1) == labels
