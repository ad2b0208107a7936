"""Calls into JavaScript that a Stop waits for.

A Stop raises ``KeyboardInterrupt`` between any two steps of Python. Where
Pyodide carries a value across to JavaScript, that tears the crossing, and the
cell ends with an error of conversion where it should say that it was stopped.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any


class _Stop:
    came = False  # while a call was on its way


def cross(call: Callable[..., Any], *values: Any) -> Any:
    """Call JavaScript; a Stop that comes meanwhile is raised afterwards."""
    try:
        return _crossing(call, *values)
    finally:
        if _Stop.came:
            _Stop.came = False
            raise KeyboardInterrupt


def _crossing(call: Callable[..., Any], *values: Any) -> Any:
    return call(*values)


def stop(frame: FrameType | None) -> None:
    """Stop the code that was interrupted at a frame.

    Raises:
        KeyboardInterrupt: Unless it is crossing; then when it is back.
    """
    while frame is not None and frame.f_code is not _crossing.__code__:
        frame = frame.f_back
    if frame is None:
        raise KeyboardInterrupt
    _Stop.came = True


def on_signal(_number: int, frame: FrameType | None) -> None:
    """Take a real signal, which pages with shared memory get."""
    stop(frame)
