"""What one training run is told, from Python or from a command line."""

import argparse
import builtins
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

EXCERPT = "excerpt"


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
    batch_size: int = _option(64, int, "images in a step")
    learning_rate: float = _option(3e-3, float, "Adam's, at the start")
    seed: int = _option(0, int, "of the first weights and the batches")
    device: str = _option("auto", str, "auto, cpu, cuda or cuda:1")
    data: str | None = _option(
        None, str, f"folder of the full set, or '{EXCERPT}' for the small one"
    )
    download: bool = _option(False, bool, "download the full set if needed")
    limit: int | None = _option(None, int, "use only the first images")
    out: str = _option("runs/cnn", str, "folder to write")

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "limit"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} is {value}, expected at least 1")
        if not 0 < self.learning_rate < 1e3:
            raise ValueError(
                f"learning_rate is {self.learning_rate}, expected a number "
                "above 0"
            )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed is {self.seed}, expected 0 to {2**32 - 1}")


def read_command_line(
    description: str, arguments: Sequence[str] | None = None
) -> TrainConfig:
    """Makes a run's settings out of command-line options.

    In Jupyter the command line is the kernel's own, so the defaults hold
    there; write ``TrainConfig(epochs=3)`` instead to change one.

    Args:
        description: What ``--help`` says of the program.
        arguments: The options; the program's own when None.

    Returns:
        The settings. A wrong option ends the program with a sentence.
    """
    if arguments is None:
        in_jupyter = hasattr(builtins, "__IPYTHON__")
        arguments = [] if in_jupyter else sys.argv[1:]
    parser = argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    for setting in fields(TrainConfig):
        option = "--" + setting.name.replace("_", "-")
        kind, meaning = setting.metadata["kind"], setting.metadata["help"]
        if kind is bool:
            parser.add_argument(option, action="store_true", help=meaning)
        else:
            parser.add_argument(
                option, type=kind, default=setting.default, help=meaning
            )
    with plain_errors():
        config = TrainConfig(**vars(parser.parse_args(arguments)))
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
