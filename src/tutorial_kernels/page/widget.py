"""Figures that Python and the reader share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import update_wrapper
from itertools import count
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tutorial_kernels.page.sink import WIDGET_MIME, Sink, current_sink
from tutorial_kernels.page.widget_host import Host, NoHost

SECONDS_BETWEEN = 0.05
RESERVED = ("initial", "name", "shared", "summary", "task")

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")

type Callback = Callable[[Any], object]
type MessageCallback = Callable[[Any, Sequence[bytes]], object]


class Widget:
    """A figure with a state that both Python and the reader can change.

    It appears where it is made. In a page and in Jupyter a front-end module
    draws it, elsewhere its ``summary`` stands for it, and in a page before
    Python runs, and on paper, its ``still``.

    Args:
        module: The front-end module that draws it, such as ``"matrix"``.
        state: JSON values and NumPy arrays under their names.
        task: One sentence: what the reader can find out with it.
        shared: The names of JSON values that the reader sets. They are kept
            in the page's address, so that a link carries them, and outlive a
            restart of Python.
        name: Its name in the address; the cell's name if left out.

    Raises:
        ValueError: A name is malformed or reserved.
        TypeError: A value is neither JSON nor an array of numbers.
    """

    def __init__(
        self,
        module: str,
        state: Mapping[str, Any],
        *,
        task: str = "",
        shared: Sequence[str] = (),
        name: str = "",
    ) -> None:
        sink = current_sink()
        self.module = _checked_name("module", module)
        self.name = _checked_name("name", name or _free_name(sink, module))
        self.cell = str(getattr(sink, "cell", ""))
        self.task, self.shared = task, tuple(shared)
        _check_state(self.module, state, self.shared)
        self.id = next(_numbers)
        self._state = {key: _own(value) for key, value in state.items()}
        self._initial = {key: self._state[key] for key in self.shared}
        self._on_change: list[tuple[Reaction, frozenset[str]]] = []
        self._on_message: list[MessageCallback] = []
        self._waiting: set[str] = set()
        self._sent_at = 0.0
        self._restore(_host.kept(self.name))
        _opened[self.id] = self
        _shown.setdefault(sink, []).append(self)
        _host.open(self)
        self._display(sink)

    def __getitem__(self, key: str) -> Any:
        return self._state[self._known(key)]

    def __setitem__(self, key: str, value: Any) -> None:
        self.update(**{key: value})

    def update(self, **state: Any) -> None:
        """Change values; shown at most twenty times a second.

        The last values are always shown, at the latest when the cell ends.

        Raises:
            KeyError: The state has no value of this name.
        """
        for key, value in state.items():
            self._state[self._known(key)] = _own(value)
            self._waiting.add(key)
        if perf_counter() - self._sent_at >= SECONDS_BETWEEN:
            self.flush()

    def begin_anew(self, **state: Any) -> None:
        """Change values of the reader's, to which Reset goes back from now on.

        They are shown with the next update.

        Raises:
            KeyError: The state has no value of this name.
        """
        for key, value in state.items():
            self._state[self._known(key)] = self._initial[key] = _own(value)
        self._waiting |= {*state, "initial"}

    def flush(self) -> None:
        """Show the values that wait."""
        if not self._waiting:
            return
        self._sent_at = perf_counter()
        self._waiting.discard("summary")
        known = {**self._state, "initial": self._initial}
        state = {key: known[key] for key in sorted(self._waiting)}
        self._waiting.clear()
        _host.change(self, {**state, "summary": self.summary()})

    def settle(self) -> None:
        """A cell has ended: compute what was left out while it ran."""

    def on_change(self, callback: Callback, *names: str) -> Reaction:
        """Call ``callback(widget)`` whenever the reader changes a value.

        What it puts out stands below the widget, in place of what its last
        call put out there. A cell that calls the function itself, for a first
        drawing, must call what this returns, as it does with a decorator.

        Args:
            callback: Called with this widget, also while a cell runs.
            *names: The values it is called for; all, if none is named.

        Returns:
            The callback, with its place below this widget; one that has a
            place already, below another widget, keeps that.
        """
        for key in names:
            self._known(key)
        if not isinstance(callback, Reaction):
            callback = Reaction(callback, self)
        self._on_change.append((callback, frozenset(names)))
        return callback

    def on_message(self, callback: MessageCallback) -> MessageCallback:
        """Call ``callback(content, buffers)`` for each message of the page."""
        self._on_message.append(callback)
        return callback

    def send(self, content: object, buffers: Sequence[bytes] = ()) -> None:
        """Send the front-end module a message of JSON, and bytes."""
        _host.message(self, content, buffers)

    def check(self, name: str, value: Any) -> Any:
        """Check a value that comes from the page; the value to be taken.

        Raises:
            ValueError: It cannot be taken; a link may hold anything.
        """
        return value

    def summary(self) -> str:
        """The figure in words."""
        return f"A figure: {self.module}."

    def still(self) -> str:
        """The figure as an SVG picture, colored by the page's classes."""
        return ""

    def model(self) -> dict[str, Any]:
        """The whole state as the front-end module gets it."""
        return {
            **self._state,
            "initial": self._initial,
            "name": self.name,
            "shared": list(self.shared),
            "summary": self.summary(),
            "task": self.task,
        }

    def receive(
        self, state: Mapping[str, Any], *, echo: bool = False
    ) -> list[Reaction]:
        """Take values that the reader has set; the callbacks now due.

        A value that cannot be taken is set back in the page.

        Args:
            state: The values.
            echo: Whether the page waits for values that can be taken, because
                they come from its address.
        """
        taken: set[str] = set()
        for key, value in state.items():
            if key not in self._state:
                continue
            try:
                self._state[key] = _own(self.check(key, value))
                taken.add(key)
            except (TypeError, ValueError):
                self._waiting.add(key)
        if echo:
            self._waiting |= taken
        self._waiting.add("summary")
        self.flush()
        return [
            callback
            for callback, names in self._on_change
            if taken and (not names or names & taken)
        ]

    def message_callbacks(self) -> list[MessageCallback]:
        """The callbacks for messages of the page."""
        return list(self._on_message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    def _repr_mimebundle_(self, **_: object) -> dict[str, object] | None:
        return _host.bundle(self) or None

    def _known(self, key: str) -> str:
        if key not in self._state:
            known = ", ".join(self._state)
            raise KeyError(
                f"{self.module}: there is no value {key!r}; there are {known}"
            )
        return key

    def _restore(self, kept: Mapping[str, object]) -> None:
        for key in self.shared:
            if key in kept:
                try:
                    self._state[key] = _own(self.check(key, kept[key]))
                except (TypeError, ValueError):
                    continue  # somebody else's link, or an older lesson's

    def _display(self, sink: Sink) -> None:
        data = {
            "id": self.id,
            "module": self.module,
            "name": self.name,
            "task": self.task,
        }
        sink.display(
            {WIDGET_MIME: data, "text/plain": self.summary()},
            f"widget-{self.id}",
        )


class Reaction:
    """A callback with a place for its output: below its widget.

    Were the place the caller's, a cell's first drawing would stand in the
    cell's output for good, stale, while the control draws the next one below
    itself. So the output stands below the widget whoever calls: the control,
    the cell that shows it, or another callback of that cell. An exception is
    the caller's, and a figure of the callback's own does not grow from one
    call to the next. In another cell the output is that cell's.

    Args:
        callback: What is called.
        widget: Whose place it is.
    """

    def __init__(self, callback: Callback, widget: Widget) -> None:
        update_wrapper(self, callback)
        self._callback, self._widget = callback, widget

    def __call__(self, *args: Any, **options: Any) -> object:
        """Call it, its output below the widget."""
        __tracebackhide__ = True
        with self._place():
            return self._callback(*args, **options)

    def _place(self) -> AbstractContextManager[object]:
        widget = self._widget
        is_here = getattr(current_sink(), "cell", "") == widget.cell
        if not is_here or widget_of(widget.id) is None:
            return nullcontext()
        return _host.place(widget)


_numbers = count(1)
_host: Host = NoHost()
_opened: dict[int, Widget] = {}
_shown: WeakKeyDictionary[Sink, list[Widget]] = WeakKeyDictionary()


def use_host(host: Host) -> None:
    """Let a page or a notebook draw the widgets made from now on."""
    global _host
    _host = host


def widget_of(number: object) -> Widget | None:
    """The widget with this id, if it is still open."""
    return _opened.get(number) if isinstance(number, int) else None


def close_widgets(numbers: Iterable[int] | None = None) -> None:
    """Forget widgets that nobody sees any more; all, if none is named."""
    if numbers is None:
        _opened.clear()
        return
    for number in numbers:
        _opened.pop(number, None)


def close_widgets_of(cell: str) -> None:
    """A cell runs again: nothing goes to the widgets of its last run."""
    close_widgets([w.id for w in _opened.values() if w.cell == cell])


def finish_widgets(sink: Sink) -> None:
    """A cell has ended: show what waits, in whatever cell it stands."""
    for widget in list(_opened.values()):
        widget.settle()
        widget.flush()
    show_finally(sink)


def show_finally(sink: Sink) -> None:
    """Show the widgets made in this place as they are at its end."""
    for widget in _shown.pop(sink, []):
        widget._display(sink)


def _free_name(sink: Sink, module: str) -> str:
    """The place's name, or the module's outside a cell; numbered if taken."""
    base = getattr(sink, "place", "") or module
    taken = len(_shown.get(sink, []))
    return base if taken == 0 else f"{base}-{taken + 1}"


def _checked_name(what: str, name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(
            f"Widget: {what} must be words of a-z and 0-9 joined by hyphens, "
            f"got {name!r}"
        )
    return name


def _check_state(
    module: str, state: Mapping[str, Any], shared: Sequence[str]
) -> None:
    for key in state:
        if key in RESERVED:
            raise ValueError(f"{module}: the name {key!r} is reserved")
    for key in shared:
        if key not in state:
            raise ValueError(f"{module}: there is no value {key!r} to share")


def _own(value: Any) -> Any:
    """A copy of an array, which the reader's loop goes on to change."""
    return value.copy() if isinstance(value, np.ndarray) else value
