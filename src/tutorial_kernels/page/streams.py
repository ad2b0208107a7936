"""The reader's stdout and stderr: in order, in batches, bounded in size."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable
from time import perf_counter

from tutorial_kernels.page.sink import Sink

WINDOW_SECONDS = 0.05
SENDS_PER_WINDOW = 8
LARGEST_BATCH = 65_536  # characters


class OrderedOutput:
    """A sink before a sink: it joins small writes and keeps their order.

    A few lines go out at once, so that a line printed before a long
    computation is seen. A loop that prints thousands of lines goes out in
    one batch every 50 ms, and no batch is longer than 65,536 characters.

    Args:
        sink: Where it goes.
        cell: The name of the cell it comes from.
        below: The name of the widget it stands below, if it does.
    """

    def __init__(self, sink: Sink, cell: str = "", below: str = "") -> None:
        self.cell = cell
        self.place = f"{below}-below" if below else cell
        self._sink = sink
        self._pending: list[tuple[str, str]] = []
        self._size = 0
        self._waits_since = 0.0
        self._window_start = 0.0
        self._sent_in_window = 0

    def text(self, stream: str, text: str) -> None:
        """Take text; send it now or with the next batch."""
        if not self._pending:
            self._waits_since = perf_counter()
        self._pending.append((stream, text))
        self._size += len(text)
        if self._size >= LARGEST_BATCH:
            self.flush()
        else:
            self.flush_if_due(whole_line="\n" in text)

    def flush_if_due(self, *, whole_line: bool = True) -> None:
        """Send what waits, unless too much was sent a moment ago."""
        now = perf_counter()
        if now - self._window_start >= WINDOW_SECONDS:
            self._window_start = now
            self._sent_in_window = 0
        due = (
            self._sent_in_window < SENDS_PER_WINDOW
            if whole_line
            else now - self._waits_since >= WINDOW_SECONDS
        )
        if due:
            self._sent_in_window += 1
            self.flush()

    def flush(self) -> None:
        """Send everything that waits."""
        pending, self._pending, self._size = self._pending, [], 0
        for stream, text in _joined(pending):
            for start in range(0, len(text), LARGEST_BATCH):
                self._sink.text(stream, text[start : start + LARGEST_BATCH])

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Show a bundle after the text that came before it."""
        self.flush()
        self._sink.display(data, display_id)

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Show progress after the text that came before it."""
        self.flush()
        self._sink.progress(step, total, label, seconds)

    def checkpoint(self) -> None:
        """Let waiting text go out, then ask whether to stop."""
        if self._pending:
            self.flush_if_due()
        self._sink.checkpoint()


def _joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of the same stream as one piece."""
    runs: list[tuple[str, list[str]]] = []
    for stream, text in pieces:
        if runs and runs[-1][0] == stream:
            runs[-1][1].append(text)
        else:
            runs.append((stream, [text]))
    return [(stream, "".join(texts)) for stream, texts in runs]


class CellStream(io.TextIOBase):
    """What ``sys.stdout`` and ``sys.stderr`` are while a cell runs.

    One object per session and stream, so that a logging handler made in one
    cell still writes to the page in the next. Closing it does nothing.
    """

    errors = "backslashreplace"

    def __init__(
        self, stream: str, output: Callable[[], OrderedOutput]
    ) -> None:
        super().__init__()
        self.name = f"<{stream}>"
        self._stream = stream
        self._output = output
        self.buffer = _CellBytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the bytes that ``buffer`` takes."""
        return "utf-8"

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Send text to the cell's output."""
        if not isinstance(text, str):
            kind = type(text).__name__
            raise TypeError(f"write() argument must be str, not {kind}")
        if text:
            self._output().text(self._stream, str(text))
        return len(text)

    def flush(self) -> None:
        """Send what waits, at most a few times every 50 ms."""
        self._output().flush_if_due()

    def close(self) -> None:
        """Do nothing: the page outlives the cell."""

    def reconfigure(self, **_options: object) -> None:
        """Accept what programs set on a real stdout."""


class _CellBytes(io.RawIOBase):
    """``sys.stdout.buffer``: bytes that are UTF-8 text."""

    def __init__(self, stream: CellStream) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: object) -> int:
        """Decode and send."""
        block = bytes(data)  # type: ignore[call-overload]
        self._stream.write(self._decoder.decode(block))
        return len(block)

    def close(self) -> None:
        """Do nothing."""


class CellInput(io.TextIOBase):
    """What ``sys.stdin`` is while a cell runs: one line at a time.

    Args:
        output: Where prompts and answers are written down.
        read_line: Gets a line from the reader, given a prompt of one line.
    """

    def __init__(
        self,
        output: Callable[[], OrderedOutput],
        read_line: Callable[[str], str],
    ) -> None:
        super().__init__()
        self._output = output
        self._read_line = read_line

    def input(self, prompt: object = "", /) -> str:
        """Ask for a line, and leave prompt and answer in the output.

        Args:
            prompt: What is asked; its last line names the field.
        """
        head, newline, question = str(prompt).rpartition("\n")
        output = self._output()
        if newline:
            output.text("stdout", head + newline)
        output.flush()
        answer = self._read_line(question)
        output.text("stdout", f"{question}{answer}\n")
        return answer

    def readable(self) -> bool:
        """Readable, line by line."""
        return True

    def read(self, _size: int | None = -1) -> str:
        """Say that only lines can be read."""
        raise RuntimeError(
            "sys.stdin has no end in a page: read a line with input()"
        )

    def readline(self, _size: int = -1) -> str:  # type: ignore[override]
        """Ask for a line without a prompt."""
        return self.input() + "\n"

    def close(self) -> None:
        """Do nothing: ``exit()`` closes stdin before it raises."""


def no_line(prompt: str) -> str:
    """Where nobody is there to answer."""
    raise RuntimeError(f"input: nobody is here to answer {prompt!r}")
