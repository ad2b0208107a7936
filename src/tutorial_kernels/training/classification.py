"""Classifiers: the cross-entropy to learn by, the accuracy to be judged by."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tutorial_kernels.training.task import Batch, Task


def classification(
    name: str,
    model: nn.Module,
    training: Sequence[Any],
    validation: Sequence[Any],
    test: Sequence[Any] | None = None,
    **facts: Any,
) -> Task:
    """Makes the task of a classifier.

    Args:
        name: The name of its files.
        model: Takes examples, gives one logit per class.
        training: Inputs and labels to learn from, arrays or tensors.
        validation: The same, to choose the best weights by.
        test: The same, to look at once; the validation set if None.
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
        loss=cross_entropy,
        measure=is_right,
        metric="accuracy",
        higher_is_better=True,
        facts=facts,
    )


def as_batch(examples: Sequence[Any]) -> Batch:
    """Turns arrays into tensors, without a copy."""
    return tuple(torch.as_tensor(part) for part in examples)


def cross_entropy(model: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    """The mean cross-entropy of a classifier's logits."""
    return nn.functional.cross_entropy(model(x), labels)


def is_right(model: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    """Whether each example's largest logit is that of its class."""
    return model(x).argmax(dim=1) == labels
