"""What one training run is told, from Python or from a command line."""

import argparse
import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

EXCERPT = "excerpt"
SCHEDULES = ("cosine", "linear", "constant")
OPTIMIZERS = ("adam", "adamw", "sgd")
DTYPES = ("auto", "float32", "bfloat16", "float64")


def _option(default: Any, kind: type, meaning: str) -> Any:
    return field(default=default, metadata={"kind": kind, "help": meaning})


@dataclass(frozen=True)
class TrainConfig:
    """The settings of a training run.

    Every setting is a command-line option too: ``batch_size`` is
    ``--batch-size``.

    Raises:
        ValueError: A setting is out of its range.
    """

    epochs: int = _option(10, int, "passes over the training set")
    batch_size: int = _option(64, int, "examples in a step, over all ranks")
    learning_rate: float = _option(3e-3, float, "the optimizer's, at its peak")
    seed: int = _option(0, int, "of the first weights and the batches")
    device: str = _option("auto", str, "auto, cpu, cuda or cuda:1")
    data: str | None = _option(
        None, str, f"folder of the full set, or '{EXCERPT}' for the small one"
    )
    download: bool = _option(False, bool, "download the full set if needed")
    limit: int | None = _option(None, int, "use only the first examples")
    out: str = _option("runs/cnn", str, "folder to write")
    steps: int | None = _option(None, int, "of training, instead of epochs")
    schedule: str = _option(
        "cosine", str, f"of the learning rate: {', '.join(SCHEDULES)}"
    )
    warmup: int = _option(0, int, "steps in which the learning rate rises")
    optimizer: str = _option("adam", str, ", ".join(OPTIMIZERS))
    beta1: float = _option(
        0.9, float, "how much of its last steps the optimizer keeps up"
    )
    beta2: float = _option(
        0.999, float, "the same of the squares of its gradients; Adam's only"
    )
    weight_decay: float = _option(0.0, float, "decoupled in adamw only")
    clip_grad_norm: float | None = _option(
        None, float, "the longest gradient that is taken as it is"
    )
    accumulation: int = _option(1, int, "parts that a batch is computed in")
    ema: float = _option(0.0, float, "decay of the averaged weights; 0: none")
    dtype: str = _option(
        "auto", str, f"{', '.join(DTYPES)}; auto: bfloat16 on CUDA"
    )
    compile: bool = _option(False, bool, "compile the network with Inductor")
    shard: bool = _option(
        False, bool, "cut weights and optimizer up over the ranks (FSDP2)"
    )
    deterministic: bool = _option(
        False, bool, "only algorithms that repeat themselves bit by bit"
    )
    patience: int | None = _option(
        None, int, "evaluations without a better one, then stop"
    )
    evaluate_every: int | None = _option(
        None, int, "steps between evaluations; an epoch without it"
    )
    checkpoint_every: int | None = _option(
        None, int, "steps between checkpoints; as evaluations without it"
    )
    keep: int = _option(2, int, "checkpoints that stay")
    log_every: int = _option(10, int, "steps between lines of metrics")
    tensorboard: bool = _option(
        False, bool, "write the metrics for TensorBoard too"
    )
    timeout: int = _option(30, int, "seconds that a rank waits for the others")
    resume: bool = _option(False, bool, "go on from the last checkpoint")

    def __post_init__(self) -> None:
        for name in _COUNTS:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} is {value}, expected at least 1")
        for name, words in _WORDS.items():
            if getattr(self, name) not in words:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}, expected one of "
                    f"{', '.join(words)}"
                )
        if not 0 < self.learning_rate < 1e3:
            raise ValueError(
                f"learning_rate is {self.learning_rate}, expected a number "
                "above 0"
            )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed is {self.seed}, expected 0 to {2**32 - 1}")
        if self.warmup < 0:
            raise ValueError(f"warmup is {self.warmup}, expected at least 0")
        if not 0 <= self.weight_decay < 1e3:
            raise ValueError(
                f"weight_decay is {self.weight_decay}, expected at least 0"
            )
        for name in ("beta1", "beta2", "ema"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} is {getattr(self, name)}, expected 0 to below 1"
                )
        norm = self.clip_grad_norm
        if norm is not None and not norm > 0:
            raise ValueError(f"clip_grad_norm is {norm}, expected above 0")


_COUNTS = (
    "epochs",
    "batch_size",
    "limit",
    "steps",
    "accumulation",
    "patience",
    "evaluate_every",
    "checkpoint_every",
    "keep",
    "log_every",
    "timeout",
)
_WORDS = {"schedule": SCHEDULES, "optimizer": OPTIMIZERS, "dtype": DTYPES}


def add_settings(parser: argparse.ArgumentParser, *without: str) -> None:
    """Gives a parser an option for every setting.

    An option that is not given leaves nothing behind, so that a preset's
    value, or the default, holds.

    Args:
        parser: What gets the options.
        *without: Settings that get none.
    """
    for setting in fields(TrainConfig):
        if setting.name in without:
            continue
        option = "--" + setting.name.replace("_", "-")
        kind, meaning = setting.metadata["kind"], setting.metadata["help"]
        if kind is bool:
            parser.add_argument(
                option,
                action="store_true",
                default=argparse.SUPPRESS,
                help=meaning,
            )
        else:
            if setting.default is not None:
                meaning += f" (default: {setting.default})"
            parser.add_argument(
                option, type=kind, default=argparse.SUPPRESS, help=meaning
            )


def read_command_line(
    description: str,
    arguments: Sequence[str] | None = None,
    make: Callable[..., TrainConfig] = TrainConfig,
) -> TrainConfig:
    """Makes a run's settings out of command-line options.

    In Jupyter the command line is the kernel's own, so the defaults hold
    there; write ``TrainConfig(epochs=3)`` instead to change one.

    Args:
        description: What ``--help`` says of the program.
        arguments: The options; the program's own when None.
        make: Called with the settings that were given.

    Returns:
        The settings. A wrong option ends the program with a sentence.
    """
    if arguments is None:
        in_jupyter = hasattr(builtins, "__IPYTHON__")
        arguments = [] if in_jupyter else sys.argv[1:]
    parser = argparse.ArgumentParser(description=description)
    add_settings(parser)
    with plain_errors():
        config = make(**vars(parser.parse_args(arguments)))
    return config


@contextmanager
def plain_errors() -> Iterator[None]:
    """Ends a program with one sentence where its user can mend things.

    For the steps that depend on what the user gave: folders, devices,
    settings. An OSError or ValueError becomes SystemExit, without the
    traceback that would bury its sentence.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        program = Path(sys.argv[0]).name
        raise SystemExit(f"{program}: error: {error}") from None
