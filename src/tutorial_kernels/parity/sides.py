"""One side of a comparison: what learns, its loss and its optimizer.

The code serves both sides: a model here and its twin in torch go by the same
names.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

type Named = Iterator[tuple[str, Any]]


@dataclass
class Training:
    """A model that learns one batch.

    Attributes:
        model: The model.
        optimizer: Of its parameters.
        loss: Takes the first output, the targets, and further outputs.
        inputs: What the model takes.
        targets: What the loss takes besides.
        outputs: The names of what the model gives.
    """

    model: Any
    optimizer: Any
    loss: Callable[..., Any]
    inputs: tuple[Any, ...]
    targets: tuple[Any, ...]
    outputs: tuple[str, ...]

    def measure(self) -> Named:
        """Run a copy: batch norm remembers what it has seen."""
        model = copy.deepcopy(self.model)
        outputs, loss = self._run(model)
        yield from zip(self.outputs, outputs, strict=True)
        yield "loss", loss
        yield from _gradients(model)

    def step(self) -> list[float]:
        """One step on the batch."""
        _, loss = self._run(self.model)
        self.optimizer.step()
        return [loss.item()]

    def state(self) -> Named:
        """The model's."""
        yield from self.model.state_dict().items()

    def _run(self, model: Any) -> tuple[tuple[Any, ...], Any]:
        model.zero_grad()
        out = model(*self.inputs)
        first, *others = outputs = out if isinstance(out, tuple) else (out,)
        loss = self.loss(first, *self.targets, *others)
        loss.backward()
        return outputs, loss


@dataclass
class Game:
    """A generator and a discriminator that play against each other.

    Attributes:
        gan: The module with the losses and the moves.
        generator: The one player.
        discriminator: The other one.
        optimizers: Of the generator and of the discriminator.
        real: A batch of real examples.
        noise: What the fakes are made from.
    """

    gan: ModuleType
    generator: Any
    discriminator: Any
    optimizers: tuple[Any, Any]
    real: Any
    noise: Any

    def measure(self) -> Named:
        """Run copies: batch norm remembers what it has seen."""
        generator = copy.deepcopy(self.generator)
        discriminator = copy.deepcopy(self.discriminator)
        fake = generator(self.noise)
        real_logits = discriminator(self.real)
        fake_logits = discriminator(fake.detach())
        loss = self.gan.discriminator_loss(real_logits, fake_logits)
        loss.backward()
        yield "fake", fake
        yield "real logits", real_logits
        yield "fake logits", fake_logits
        yield "discriminator loss", loss
        yield from _gradients(discriminator, "discriminator.")
        discriminator.requires_grad_(False)
        loss = self.gan.generator_loss(discriminator(fake))
        loss.backward()
        yield "generator loss", loss
        yield from _gradients(generator, "generator.")

    def step(self) -> list[float]:
        """One move of the discriminator, and one of the generator."""
        players = self.generator, self.discriminator
        own, others = self.optimizers
        losses = [
            self.gan.discriminator_step(
                *players, others, self.real, self.noise
            ),
            self.gan.generator_step(*players, own, self.noise),
        ]
        return [loss.item() for loss in losses]

    def state(self) -> Named:
        """Both players'."""
        for name, value in self.generator.state_dict().items():
            yield f"generator.{name}", value
        for name, value in self.discriminator.state_dict().items():
            yield f"discriminator.{name}", value


type Side = Training | Game


def _gradients(model: Any, prefix: str = "") -> Named:
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            yield f"gradient of {prefix}{name}", parameter.grad
