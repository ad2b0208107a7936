"""What the person at the terminal sees while things are made."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

OnBytes = Callable[[int], None]


class Reporter(Protocol):
    """Tells what is being done. Its tasks may run side by side."""

    def task(self, label: str) -> AbstractContextManager[OnBytes]:
        """Shows a task while the body runs; the body may count bytes."""

    def say(self, line: str) -> None:
        """Shows one line that stays."""


class Silent:
    """Says nothing."""

    @contextmanager
    def task(self, label: str) -> Iterator[OnBytes]:
        """Shows nothing."""
        yield lambda count: None

    def say(self, line: str) -> None:
        """Shows nothing."""


class Lines:
    """One line when a task is done: for logs and pipes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def task(self, label: str) -> Iterator[OnBytes]:
        """Prints the task with its time, and bytes when it counted any."""
        start = time.perf_counter()
        total = 0

        def on_bytes(count: int) -> None:
            nonlocal total
            total += count

        yield on_bytes
        amount = f", {total / 1e6:.1f} MB" if total else ""
        self.say(f"{label} ({time.perf_counter() - start:.1f} s{amount})")

    def say(self, line: str) -> None:
        """Prints a line."""
        with self._lock:
            print(f"assemble: {line}", flush=True)


class Bars:
    """Moving rows on a terminal, one for each task under way."""

    def __init__(self) -> None:
        from rich.progress import (
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[amount]}", justify="right"),
            TimeElapsedColumn(),
        )

    @contextmanager
    def task(self, label: str) -> Iterator[OnBytes]:
        """Shows a row with a spinner, the MB so far and the time."""
        # The last task to end takes the rows down; the finished ones stay.
        if not self._progress.live.is_started:
            self._progress.start()
        row = self._progress.add_task(label, total=None, amount="")
        total = 0

        def on_bytes(count: int) -> None:
            nonlocal total
            total += count
            amount = f"{total / 1e6:.1f} MB"
            self._progress.update(row, completed=total, amount=amount)

        try:
            yield on_bytes
            self._progress.update(row, total=total, completed=total)
        finally:
            self._progress.stop_task(row)

    def say(self, line: str) -> None:
        """Prints a line above the rows."""
        self._progress.console.print(f"assemble: {line}", highlight=False)

    def close(self) -> None:
        """Leaves the terminal as it was."""
        self._progress.stop()


@contextmanager
def reporter(progress: bool) -> Iterator[Reporter]:
    """Gives the reporter that fits where the output goes.

    Args:
        progress: Whether to show anything.
    """
    if not progress:
        yield Silent()
    elif sys.stdout.isatty():
        bars = Bars()
        try:
            yield bars
        finally:
            bars.close()
    else:
        yield Lines()
