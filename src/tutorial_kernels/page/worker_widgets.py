"""Widgets of the page: their state to and from the other side of the worker.

What the reader does waits in the worker script until Python asks for it: in
the look for Stop while a cell runs, else at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from time import perf_counter
from typing import Any

import _cell_engine
from pyodide.ffi import to_js

from tutorial_kernels.page.crossing import cross
from tutorial_kernels.page.packing import packed, unpacked
from tutorial_kernels.page.session import CellResult, Session
from tutorial_kernels.page.sink import Sink, current_sink
from tutorial_kernels.page.widget import Widget, close_widgets, widget_of


class PageHost:
    """Sends widgets to the page, arrays as bytes beside the JSON.

    Args:
        session: Where cells and callbacks run.
        sink_of: Where the output of a widget's callbacks goes.

    Attributes:
        reacting: The widgets whose callbacks are running, outermost first;
            what the reader does meanwhile is handed on afterwards.
    """

    def __init__(
        self, session: Session, sink_of: Callable[[int], Sink]
    ) -> None:
        self.reacting: list[int] = []
        self._session, self._sink_of = session, sink_of
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

    @contextmanager
    def place(self, widget: Widget) -> Iterator[None]:
        """Take output below the widget while a callback is called by code."""
        is_page = current_sink() is self._session.output
        if widget.id in self.reacting or not is_page:
            yield  # it goes there already, or belongs to an exercise
            return
        start = perf_counter()
        self._begin(widget, called=True)
        try:
            sink = self._sink_of(widget.id)
            with self._session.aside(sink, widget.name):
                yield
        finally:
            # How it ended is told where the call stands.
            self._end(widget, CellResult("ok", perf_counter() - start, None))

    def deliver(self) -> bool:
        """Hand on what the reader has done to widgets, one event at a time.

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
                self._keep(widget)
                if calls and self._react(widget, calls):
                    return True
        return False

    def _keep(self, widget: Widget) -> None:
        """Remember what is set, for a callback that makes a figure anew."""
        self._kept[widget.name] = {key: widget[key] for key in widget.shared}

    def _react(
        self, widget: Widget, calls: Sequence[Callable[[], object]]
    ) -> bool:
        """Run callbacks for the reader; whether one of them was stopped."""

        def work() -> None:
            for call in calls:
                call()

        self._begin(widget, called=False)
        sink = self._sink_of(widget.id)
        result = self._session.call(work, widget.cell, sink, widget.name)
        self._end(widget, result)
        return result.status == "stopped"

    def _begin(self, widget: Widget, *, called: bool) -> None:
        self.reacting.append(widget.id)
        _post(type="reacting", widget=widget.id, called=called)

    def _end(self, widget: Widget, result: CellResult) -> None:
        self.reacting.remove(widget.id)
        _post(type="reacted", widget=widget.id, result=asdict(result))


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
