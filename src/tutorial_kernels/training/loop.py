"""The training loop, in the open: PyTorch, one device, one file."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

from tutorial_kernels.data import Examples
from tutorial_kernels.training.config import TrainConfig

type Batch = tuple[torch.Tensor, torch.Tensor]

_EVALUATION_BATCH = 1_000


@dataclass(frozen=True)
class EpochReport:
    """What one pass over the training set came to."""

    epoch: int
    loss: float  # the mean over the pass, while the weights changed
    validation_accuracy: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"epoch {self.epoch:3}   loss {self.loss:.4f}   "
            f"validation accuracy {self.validation_accuracy:.4f}   "
            f"{self.seconds:.1f} s"
        )


def choose_device(name: str) -> torch.device:
    """Finds the device to compute on.

    Args:
        name: ``"auto"`` (a GPU where there is one), ``"cpu"``, ``"cuda"``
            or any other name that torch knows.

    Returns:
        The device.

    Raises:
        ValueError: torch knows no such device, or this machine lacks it.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device).add(1).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"device is {name!r}, which cannot be used here ({reason})"
        ) from None
    return device


def train(
    model: nn.Module,
    training: Examples,
    validation: Examples,
    config: TrainConfig,
    report: Callable[[EpochReport], None] = print,
) -> list[EpochReport]:
    """Trains a classifier with Adam and keeps its best weights.

    The learning rate falls along half a cosine to zero. After each epoch
    the accuracy on the validation set is measured; in the end the model
    has the weights that were best there. The batches depend on the seed
    and the epoch alone. On CUDA the forward runs in bfloat16 (autocast).

    Args:
        model: Takes images, gives one logit per class; changed in place
            and moved to the device.
        training: What it learns from.
        validation: What the best epoch is chosen by.
        config: ``epochs``, ``batch_size``, ``learning_rate``, ``seed`` and
            ``device`` are used.
        report: Called with the report of each epoch, as it ends.

    Returns:
        The reports of all epochs.

    Raises:
        ValueError: The device cannot be used.
        FloatingPointError: The loss is no longer finite.
    """
    device = choose_device(config.device)
    model.to(device)
    examples = _on_device(training, device)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    steps = math.ceil(len(training.labels) / config.batch_size)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, T_max=config.epochs * steps
    )
    reports: list[EpochReport] = []
    best = -1.0
    for epoch in range(1, config.epochs + 1):
        start = time.perf_counter()
        total = torch.zeros((), device=device)
        for batch in _shuffled(examples, config, epoch):
            total += _step(model, batch, optimizer)
            scheduler.step()
        loss = total.item() / len(training.labels)
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"the loss of epoch {epoch} is {loss}: try a learning_rate "
                f"below {config.learning_rate:g}"
            )
        accuracy = evaluate(model, validation)
        if accuracy > best:
            best, best_weights = accuracy, _copied(model)
        seconds = round(time.perf_counter() - start, 2)
        reports.append(EpochReport(epoch, loss, accuracy, seconds))
        report(reports[-1])
    model.load_state_dict(best_weights)
    return reports


def evaluate(model: nn.Module, examples: Examples) -> float:
    """Measures the share of examples that a classifier gets right.

    In float32, whatever the training ran in.

    Args:
        model: Takes images, gives one logit per class.
        examples: What to classify.

    Returns:
        The accuracy, from 0 to 1.
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    images, labels = _on_device(examples, device)
    right = 0
    with torch.inference_mode():
        for start in range(0, len(labels), _EVALUATION_BATCH):
            logits = model(images[start : start + _EVALUATION_BATCH])
            answers = logits.argmax(dim=1)
            expected = labels[start : start + _EVALUATION_BATCH]
            right += int((answers == expected).sum())
    model.train(was_training)
    return right / len(labels)


def _step(
    model: nn.Module, batch: Batch, optimizer: torch.optim.Optimizer
) -> torch.Tensor:
    """Does one step: forward, backward, update; returns the loss's sum."""
    images, labels = batch
    kind = images.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
        loss = nn.functional.cross_entropy(model(images), labels)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.detach() * len(labels)  # not .item(): a GPU need not wait


def _shuffled(
    examples: Batch, config: TrainConfig, epoch: int
) -> Iterator[Batch]:
    """Deals the examples out in batches, in an order of the epoch's own."""
    images, labels = examples
    # torch keeps 32 bits of a seed; the prime keeps seeds' epochs apart.
    seed = (config.seed * 1_000_003 + epoch) % 2**32
    source = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(labels), generator=source).to(labels.device)
    for chosen in torch.split(order, config.batch_size):
        yield images[chosen], labels[chosen]


def _on_device(examples: Examples, device: torch.device) -> Batch:
    """Moves all examples at once: Fashion-MNIST takes 190 MB."""
    images, labels = map(torch.from_numpy, examples)
    return images.to(device), labels.to(device)


def _copied(model: nn.Module) -> dict[str, torch.Tensor]:
    weights: dict[str, torch.Tensor] = model.state_dict()
    return {name: weight.clone() for name, weight in weights.items()}
