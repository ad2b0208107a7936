"""Widgets of the page: their state to and from the other side of the worker.

What the reader does waits in the worker script until Python asks for it: in
the look for Stop while a cell runs, else at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import _cell_engine
from pyodide.ffi import to_js

from tutorial_kernels.page.crossing import cross
from tutorial_kernels.page.packing import packed, unpacked
from tutorial_kernels.page.session import CellResult, Session
from tutorial_kernels.page.sink import Sink
from tutorial_kernels.page.widget import Widget, close_widgets, widget_of


class PageHost:
    """Sends widgets to the page, arrays as bytes beside the JSON."""

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, object]] = {}

    def remember(self, kept: str) -> None:
        """Take what the reader has set in the widgets of the page, as JSON."""
        self._kept = json.loads(kept)

    def open(self, widget: Widget) -> None:
        """Send the whole state, before the output that shows it."""
        module = widget.module
        _send(widget, "open", state=widget.model(), module=module)

    def change(self, widget: Widget, state: Mapping[str, object]) -> None:
        """Send new values."""
        _send(widget, "change", state=state)

    def message(
        self, widget: Widget, content: object, buffers: Sequence[bytes]
    ) -> None:
        """Send a message; its own buffers come first."""
        _send(widget, "custom", list(buffers), content=content)

    def kept(self, name: str) -> Mapping[str, object]:
        """What the page's address or its memory holds for a widget."""
        return self._kept.get(name, {})

    def bundle(self, widget: Widget) -> dict[str, object]:
        """A widget stands where it was made."""
        return {}


def deliver(session: Session, sink_of: Callable[[int], Sink]) -> bool:
    """Hand on what the reader has done to widgets, one event at a time.

    Args:
        session: Where callbacks run, as cells do.
        sink_of: Where the output of a widget's callbacks goes.

    Returns:
        Whether a callback was stopped, and with it what runs around it.
    """
    while (event := cross(_cell_engine.next_event)) is not None:
        number, text = int(event.widget), str(event.json)
        buffers = [buffer.to_bytes() for buffer in event.buffers]
        widget = widget_of(number)
        if event.kind == "close":
            close_widgets([number])
        elif widget is not None:
            content = unpacked(json.loads(text), buffers)
            calls = _calls(widget, str(event.kind), content, buffers)
            if calls and _react(session, widget, calls, sink_of(number)):
                return True
    return False


def _calls(
    widget: Widget, kind: str, content: Any, buffers: Sequence[bytes]
) -> list[Callable[[], object]]:
    """The callbacks that an event is for, ready to be called."""
    if kind in {"change", "restore"}:
        due = widget.receive(content, echo=kind == "restore")
        return [lambda call=call: call(widget) for call in due]  # type: ignore[misc]
    return [
        lambda call=call: call(content, buffers)  # type: ignore[misc]
        for call in widget.message_callbacks()
    ]


def _react(
    session: Session,
    widget: Widget,
    calls: Sequence[Callable[[], object]],
    sink: Sink,
) -> bool:
    """Run callbacks; tell the page when they begin and how they ended."""

    def work() -> None:
        for call in calls:
            call()

    _post(type="reacting", widget=widget.id)
    result: CellResult = session.call(work, widget.cell, sink)
    _post(type="reacted", widget=widget.id, result=asdict(result))
    return result.status == "stopped"


def _send(
    widget: Widget, event: str, buffers: Sequence[bytes] = (), **parts: object
) -> None:
    carried = list(buffers)
    message = packed(parts, carried)
    message |= {"event": event, "widget": widget.id}
    _post(carried, type="widget", message=message)


def _post(buffers: Sequence[bytes] = (), **message: object) -> None:
    cross(_hand_over, json.dumps(message), buffers)


def _hand_over(message: str, buffers: Sequence[bytes]) -> None:
    _cell_engine.send(message, to_js(list(buffers)))
