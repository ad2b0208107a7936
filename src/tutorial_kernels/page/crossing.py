"""Calls into JavaScript that a Stop waits for.

A Stop raises ``KeyboardInterrupt`` between any two steps of Python. Where
Pyodide carries a value across to JavaScript, that tears the crossing, and the
cell ends with an error of conversion where it should say that it was stopped.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any


def cross(call: Callable[..., Any], *values: Any) -> Any:
    """Call JavaScript; a Stop that comes meanwhile is raised afterwards."""
    stops: list[bool] = []
    try:
        return _crossing(stops, call, *values)
    finally:
        if stops:
            raise KeyboardInterrupt


def _crossing(
    _stops: list[bool], call: Callable[..., Any], *values: Any
) -> Any:
    return call(*values)


def stop(frame: FrameType | None) -> None:
    """Stop the code that was interrupted at a frame.

    Raises:
        KeyboardInterrupt: Unless it is crossing; then when it is back.
    """
    while frame is not None and not _begins_a_step(frame):
        if frame.f_code is _crossing.__code__:
            frame.f_locals["_stops"].append(True)
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _begins_a_step(frame: FrameType) -> bool:
    """Whether the event loop has called from here: a task's stack ends.

    What lies beyond is the code that happened to wait when the task began.
    """
    return frame.f_globals.get("__name__") == "pyodide.webloop"
