"""Language models: the next character of a text."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tutorial_kernels.data import load_tiny_shakespeare, romeo_and_juliet
from tutorial_kernels.torch_models.transformer import GPT, gpt_loss
from tutorial_kernels.training.config import EXCERPT, TrainConfig
from tutorial_kernels.training.task import Batch, Maker, Task

NATS = "nats per character"


def next_character(network: Callable[..., nn.Module]) -> Maker:
    """The next character after each character of a window of Shakespeare.

    Nine tenths of the text are known, their first twentieth to choose by; the
    last tenth is the test. (The end of the known text stays in the training:
    the test goes on with the play that breaks off there.)
    Windows of the training part begin at every character. Those of the other
    two lie side by side, so that each character is asked for once.
    """

    def make(arguments: Mapping[str, Any], config: TrainConfig) -> Task:
        known, test = shakespeare(config)
        sizes = dict(arguments)
        length = sizes["context_length"]
        if network is not GPT:  # its context is as long as one likes
            del sizes["context_length"]
        characters = "".join(sorted(set(known + test)))
        known = known[: config.limit]
        kept = len(known) // 20
        if kept <= length:
            raise ValueError(
                f"limit is {config.limit}, expected more than {20 * length} "
                "characters"
            )
        sizes["vocab_size"] = len(characters)
        beside = text_windows(known[:kept], characters, length)
        asked = text_windows(test[: config.limit], characters, length)
        return Task(
            name="language",
            model=network(**sizes),
            training=text_windows(known[kept:], characters, length, step=1),
            validation=beside,
            test=asked,
            loss=lambda model, x, target: gpt_loss(model(x), target),
            measure=nats_per_character,
            metric=NATS,
            arguments=sizes,
            facts={"characters": characters, "context_length": length},
        )

    return make


def shakespeare(config: TrainConfig) -> tuple[str, str]:
    """Loads the text to learn from, and the one to test with.

    Args:
        config: ``data`` and ``download`` are used; ``limit`` is not.

    Returns:
        Nine tenths and one tenth of Tiny Shakespeare, or of the play that
        comes with the course.

    Raises:
        OSError: The text is nowhere to be found.
    """
    if config.data == EXCERPT:
        return romeo_and_juliet()
    return load_tiny_shakespeare(config.data, config.download)


def play_windows(characters: str, context_length: int) -> Batch:
    """Cuts the last tenth of the course's own play into windows.

    Args:
        characters: The alphabet; what is not in it is left out.
        context_length: How many characters a window has.

    Returns:
        Numbers of characters and of those that follow, (B, length) each.
    """
    _, text = romeo_and_juliet()
    kept = "".join(character for character in text if character in characters)
    return text_windows(kept, characters, context_length)


def text_windows(
    text: str, characters: str, length: int, step: int | None = None
) -> Batch:
    """Cuts a text into windows, and into the same one character later.

    Args:
        text: What is cut.
        characters: The alphabet; a character's number is its place there.
        length: How many characters a window has.
        step: From one window to the next; side by side if None.

    Returns:
        Numbers of characters and of those that follow, (B, length) each.
    """
    numbers = {character: n for n, character in enumerate(characters)}
    tokens = torch.tensor([numbers[character] for character in text])
    windows = tokens.unfold(0, length + 1, length if step is None else step)
    return windows[:, :-1], windows[:, 1:]


def nats_per_character(
    model: nn.Module, tokens: Tensor, targets: Tensor
) -> Tensor:
    """The mean cross-entropy of each window."""
    logits = model(tokens).transpose(1, 2)  # (B, V, T)
    return F.cross_entropy(logits, targets, reduction="none").mean(1)
