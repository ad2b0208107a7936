"""What a run says as it goes: metrics in a file, progress on a terminal."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tutorial_kernels.durable import write_whole

METRICS, BOARD = "metrics.jsonl", "tensorboard"


class Journal:
    """A file of JSON lines, one for each step that is logged.

    A run that goes on at a step first drops what was written after that
    step, so that no step is missing and none is there twice. The same numbers
    go to TensorBoard, if that is wanted.
    """

    def __init__(
        self, folder: Path | None, step: int, tensorboard: bool = False
    ) -> None:
        """Opens the file, or none, and goes back to a step."""
        self.path = None if folder is None else folder / METRICS
        self.board: Any = None
        if folder is not None and tensorboard:
            self.board = open_board(folder / BOARD, step)
        if self.path is not None:
            lines = lines_until(self.path, step)
            write_whole(self.path, [line.encode() for line in lines])

    def write(self, *lines: dict[str, Any]) -> None:
        """Adds lines to the file, if there is one."""
        if self.path is None:
            return
        text = "".join(json.dumps(line) + "\n" for line in lines)
        try:
            with self.path.open("a") as stream:
                stream.write(text)
        except OSError as error:
            raise OSError(
                f"{self.path} cannot be written ({error.strerror})"
            ) from error
        if self.board is not None:
            self._show_on_board(lines)

    def _show_on_board(self, lines: tuple[dict[str, Any], ...]) -> None:
        """Hands the numbers to TensorBoard; an evaluation's at once."""
        for line in lines:
            evaluation = "seconds" in line
            for name, value in line.items():
                if name in ("step", "epoch"):
                    continue
                tag = f"evaluation/{name}" if evaluation else name
                self.board.add_scalar(tag, value, line["step"])
            if evaluation:
                self.board.flush()

    def close(self) -> None:
        """Writes what TensorBoard still holds back."""
        if self.board is not None:
            self.board.close()


def open_board(folder: Path, step: int) -> Any:
    """Opens a writer for TensorBoard, which then hides what came after a step.

    Raises:
        ValueError: The package tensorboard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ValueError(
            "tensorboard is True, but the package is not installed: "
            "pip install tensorboard, or leave it out"
        ) from None
    return SummaryWriter(folder, purge_step=step + 1)


def lines_until(path: Path, step: int) -> list[str]:
    """Reads the whole lines of a metrics file up to a step."""
    if not path.is_file():
        return []
    kept = []
    for line in path.read_text().splitlines(keepends=True):
        try:
            number = json.loads(line)["step"]
        except (ValueError, KeyError, TypeError):  # torn by a kill
            break
        if number <= step and line.endswith("\n"):
            kept.append(line)
    return kept


class Bar(Protocol):
    """What shows how far a run has come."""

    def __call__(self, step: int, loss: float) -> None:
        """Shows a step that is done, and its loss."""


@contextmanager
def progress_bar(total: int, shown: bool) -> Iterator[Bar]:
    """Shows a bar on a terminal, where the library rich is installed.

    Args:
        total: The number of steps.
        shown: False shows none, whatever the terminal.

    Yields:
        What is called with each logged step.
    """
    terminal = shown and sys.stderr.isatty()
    if not (terminal and importlib.util.find_spec("rich")):
        yield lambda step, loss: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress
    from rich.progress import TimeRemainingColumn as Remaining

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn())
    with Progress(*columns, Remaining(), console=Console(stderr=True)) as bar:
        line = bar.add_task("training", total=total)

        def show(step: int, loss: float) -> None:
            bar.update(line, completed=step, description=f"loss {loss:.4f}")

        yield show
