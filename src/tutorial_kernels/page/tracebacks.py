"""Errors as the reader should see them: their own lines, nothing else."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from types import FrameType

type _Place = tuple[str, str, *tuple[int | None, ...]]

LARGEST_MESSAGE = 10_000  # characters
LONGEST_LINE = 300
MOST_FRAMES = 100
MOST_LINKS = 10  # of a chain of causes
MOST_IN_GROUP = 10
CELL_FILE = re.compile(r"<cell (.*)>\Z", re.DOTALL)
_HEADER = re.compile(r'File "<cell (?P<cell>[^"]*)>", (?P<line>line \d+)')
_CAUSE = "The exception above was the direct cause of this one:"
_CONTEXT = "This exception came while the one above was being handled:"


@dataclass(frozen=True)
class CellError:
    """An error of a cell, ready to be shown.

    Attributes:
        type: The name of the exception's class.
        message: Its text.
        line: The line of the cell at which it stopped, counted from 1.
        cell: The cell that ran.
        traceback: The reader's frames, as text, down to the last line.
    """

    type: str
    message: str
    line: int | None
    cell: str | None
    traceback: str


def cell_filename(cell: str) -> str:
    """The file name that the code of a cell is compiled under."""
    return f"<cell {cell}>"


def describe_error(
    error: BaseException, cell: str, line: int | None = None
) -> CellError:
    """Trim an exception to what its reader can act on.

    Args:
        error: What the cell raised.
        cell: The cell that ran.
        line: The line to name when no frame of the error is the cell's.
    """
    name = type(error).__name__
    try:
        shown = traceback.TracebackException(
            type(error),
            error,
            error.__traceback__,
            limit=-10 * MOST_FRAMES,
            compact=True,
        )
        message = _shortened(shown_message(error))
        text = "\n".join(_chain(shown, error))
        if message == "" and text.endswith(": None"):  # SystemExit(None)
            text = text.removesuffix(": None")
        found = _line_in_cell(error, cell)
    except BaseException:  # a hostile __str__, __dir__, __notes__ ...
        message, found = "(the message of this error cannot be shown)", None
        text = f"{name}: {message}"
    return CellError(name, message, found or line, cell, text)


def shown_message(error: BaseException) -> str:
    """``str(error)``, or a sentence in its place when that raises."""
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)
        if isinstance(error, SystemExit) and error.code is None:
            return ""
        return str(error)
    except Exception as broken:
        return f"(its __str__ raised {type(broken).__name__})"


def frames_of(error: BaseException) -> list[tuple[FrameType, int]]:
    """Frames of an exception with their lines, outermost first."""
    return list(traceback.walk_tb(error.__traceback__))


def cell_of_file(filename: str) -> str | None:
    """The cell that a file name stands for, if it is one."""
    match = CELL_FILE.match(filename)
    return match[1] if match else None


def function_name(frame: FrameType) -> str:
    """The dotted name of the function a frame runs."""
    module = frame.f_globals.get("__name__", "?")
    name = frame.f_code.co_qualname.replace(".<locals>", "")
    if module == "__main__":  # code made by exec in a cell
        return f"{frame.f_code.co_filename}, line {frame.f_lineno}"
    return f"{module}.{name}"


def _line_in_cell(error: BaseException, cell: str) -> int | None:
    """The innermost line of the cell that an error went through."""
    filename = cell_filename(cell)
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno
    lines = [
        line
        for frame, line in frames_of(error)
        if frame.f_code.co_filename == filename
    ]
    return lines[-1] if lines else None


def _chain(
    shown: traceback.TracebackException, error: BaseException, depth: int = 0
) -> list[str]:
    """All lines of an exception and of those it came from, oldest first."""
    parts: list[list[str]] = []
    link: tuple[traceback.TracebackException, BaseException] | None
    link = shown, error
    while link is not None and len(parts) < 2 * MOST_LINKS:
        parts.append(_one(*link, depth))
        joint, link = _origin(*link)
        if link is not None:
            parts.append(["", joint, ""])
    if link is not None:
        parts[-1] = ["(earlier exceptions left out)", "", *parts[-1][1:]]
    return list(chain.from_iterable(reversed(parts)))


def _origin(
    shown: traceback.TracebackException, error: BaseException
) -> tuple[str, tuple[traceback.TracebackException, BaseException] | None]:
    """The exception that led to this one, and how."""
    if shown.__cause__ is not None and error.__cause__ is not None:
        return _CAUSE, (shown.__cause__, error.__cause__)
    if (
        shown.__context__ is not None
        and error.__context__ is not None
        and not error.__suppress_context__
    ):
        return _CONTEXT, (shown.__context__, error.__context__)
    return "", None


def _one(
    shown: traceback.TracebackException, error: BaseException, depth: int
) -> list[str]:
    """The lines of one exception, without what it came from."""
    lines = list(_frame_lines(shown, error))
    if lines:
        lines.insert(0, "Traceback (most recent call last):")
    for text in shown.format_exception_only():
        shown_text = _shortened(_as_cell(text)).rstrip("\n").split("\n")
        if isinstance(error, SyntaxError):
            shown_text = [_cut(line) for line in shown_text]
        lines.extend(shown_text)
    if isinstance(error, BaseExceptionGroup) and shown.exceptions:
        lines.extend(_group_lines(shown.exceptions, error, depth))
    return lines


def _group_lines(
    shown: list[traceback.TracebackException],
    group: BaseExceptionGroup[BaseException],
    depth: int,
) -> Iterator[str]:
    """The members of an exception group, indented."""
    if depth >= MOST_LINKS:
        yield "  (deeper groups left out)"
        return
    count = len(shown)
    pairs = list(zip(shown, group.exceptions, strict=False))
    for number, pair in enumerate(pairs[:MOST_IN_GROUP], start=1):
        yield f"  {number} of {count}:"
        for line in _chain(*pair, depth + 1):
            yield f"    {line}" if line else ""
    if count > MOST_IN_GROUP:
        yield f"  ... and {count - MOST_IN_GROUP} more"


def _frame_lines(
    shown: traceback.TracebackException, error: BaseException
) -> Iterator[str]:
    """The reader's frames; runs of library frames become one line each."""
    frames = [frame for frame, _ in frames_of(error)]
    kept = frames[-len(shown.stack) :] if shown.stack else []
    pairs = [
        (summary, frame)
        for summary, frame in zip(shown.stack, kept, strict=True)
        if "__tracebackhide__" not in frame.f_code.co_varnames
    ]
    blocks: list[str] = []
    texts: dict[_Place, str] = {}  # a recursion has a thousand frames alike
    for ours, run in groupby(pairs, lambda pair: _is_cell(pair[0])):
        if ours:
            for summary, _ in run:
                place = _place(summary)
                if place not in texts:
                    texts[place] = _reader_block(summary)
                blocks.append(texts[place])
        elif blocks:  # what stands before the cell is our own machinery
            blocks.append(f"  inside {_library_name([f for _, f in run])}")
    for block in _capped(list(_without_repeats(blocks))):
        yield from block.split("\n")


def _is_cell(summary: traceback.FrameSummary) -> bool:
    return cell_of_file(summary.filename) is not None


def _library_name(frames: list[FrameType]) -> str:
    """Our innermost public function, else the function called first.

    A reader knows `cross_entropy_forward`, not the check inside it.
    """
    known = [
        frame
        for frame in frames
        if str(frame.f_globals.get("__name__")).startswith("tutorial_kernels")
        and not frame.f_code.co_name.startswith("_")
    ]
    return function_name(known[-1] if known else frames[0])


def _place(summary: traceback.FrameSummary) -> _Place:
    """All that the lines of a frame are made from."""
    return (
        summary.filename,
        summary.name,
        summary.lineno,
        summary.end_lineno,
        summary.colno,
        summary.end_colno,
    )


def _reader_block(summary: traceback.FrameSummary) -> str:
    stack = traceback.StackSummary.from_list([summary])
    text = _as_cell("".join(stack.format())).rstrip("\n")
    return "\n".join(_cut(line) for line in text.split("\n"))


def _as_cell(text: str) -> str:
    """``File "<cell a>", line 1, in <module>`` becomes ``cell a, line 1``."""
    head, newline, rest = text.partition("\n")
    head = _HEADER.sub(r"cell \g<cell>, \g<line>", head)
    return head.removesuffix(", in <module>") + newline + rest


def _without_repeats(blocks: list[str]) -> Iterator[str]:
    """Blocks of a recursion: three of each kind, then how often it repeats."""
    for block, run in groupby(blocks):
        count = sum(1 for _ in run)
        yield from [block] * min(count, 3)
        if count > 3:
            yield f"  (the line above repeats {count - 3} more times)"


def _capped(blocks: list[str]) -> list[str]:
    if len(blocks) <= MOST_FRAMES:
        return blocks
    half = MOST_FRAMES // 2
    left_out = len(blocks) - 2 * half
    middle = f"  ... {left_out} frames left out ..."
    return [*blocks[:half], middle, *blocks[-half:]]


def _cut(line: str) -> str:
    """A line of source that is not too long to show."""
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "..."


def _shortened(text: str) -> str:
    if len(text) <= LARGEST_MESSAGE:
        return text
    more = len(text) - LARGEST_MESSAGE
    return f"{text[:LARGEST_MESSAGE]}... ({more} more characters)"
