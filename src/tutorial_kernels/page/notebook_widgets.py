"""Widgets in Jupyter: the page's own modules, shown through anywidget.

What the reader does arrives in the kernel, and the callbacks run there. Where
the package anywidget is missing, a widget's still stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from tutorial_kernels.page.packing import MARK, packed
from tutorial_kernels.page.plot import finish_figures
from tutorial_kernels.page.sink import Detour, current_sink, sink_in_use
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widget_host import Host, NoHost

MODULES = Path(__file__).with_name("modules")
HOW_TO_SHOW = (
    "To use this figure here, install the package anywidget and restart the "
    "kernel: pip install anywidget"
)

# Before each name of the state: a trait must not hide what a widget has.
PREFIX = "state_"

type Bundle = dict[str, object]


def notebook_host() -> Host:
    """What shows widgets in this notebook: anywidget, or their stills."""
    return NotebookHost() if find_spec("anywidget") else NoHost()


class NotebookHost:
    """Sends widgets to the notebook's front end, arrays as bytes.

    Attributes:
        standing: The widgets that the running cell shows already.
    """

    def __init__(self) -> None:
        self._live: dict[int, LiveWidget] = {}
        self.standing: set[int] = set()

    def open(self, widget: Widget) -> None:
        """Make its other half."""
        self._live[widget.id] = LiveWidget(widget)

    def change(self, widget: Widget, state: Mapping[str, object]) -> None:
        """Send new values, in one message."""
        self._live[widget.id].show(state)

    def message(
        self, widget: Widget, content: object, buffers: Sequence[bytes]
    ) -> None:
        """Send a message of its own."""
        self._live[widget.id].figure.send(content, list(buffers))

    def kept(self, name: str) -> Mapping[str, object]:
        """A notebook has no address that keeps what was set."""
        return {}

    def bundle(self, widget: Widget) -> Bundle:
        """What IPython displays: the figure, and its words.

        A cell whose last line makes a figure shows it once, not twice.
        """
        if widget.id in self.standing:
            return {}
        return self._live[widget.id].bundle()

    def place(self, widget: Widget) -> AbstractContextManager[object]:
        """Take output below a widget, for the code that belongs to it.

        This is the running cell, if it shows the widget, or a callback.
        """
        live = self._live[widget.id]
        at_work = any(each.taken for each in self._live.values())
        if live.taken or not (at_work or widget.id in self.standing):
            return nullcontext()
        return live.place()


class LiveWidget:
    """An anywidget that has a widget's state, and room for its output.

    Attributes:
        figure: The anywidget.
        box: The figure, and below it what its callbacks put out.
        taken: Whether a callback is putting something out there.
    """

    def __init__(self, widget: Widget) -> None:
        import ipywidgets

        self._widget = widget
        self._output = ipywidgets.Output()
        self.taken = False
        self.figure = _figure_of(widget, self._receive)
        self.figure.on_msg(self._receive_message)
        self.box = ipywidgets.VBox([self.figure, self._output])

    def show(self, state: Mapping[str, object]) -> None:
        """Send values."""
        with self.figure.hold_sync():
            for key, value in _sent(state).items():
                setattr(self.figure, key, value)

    def bundle(self) -> Bundle:
        """The box for a front end with widgets, the words for any other."""
        data: Bundle = dict(self.box._repr_mimebundle_())
        return {**data, "text/plain": self._widget.summary()}

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take what the cell's own call of a callback puts out."""
        outer = current_sink()
        self._output.clear_output(wait=True)
        self._output.__enter__()
        self.taken = True
        try:
            with sink_in_use(Detour(outer, outer)) as sink:
                try:
                    yield
                finally:
                    finish_figures(sink)
        finally:
            # Told of an exception, it would show and end it here.
            self._output.__exit__(None, None, None)
            self.taken = False

    def _receive(self, state: Mapping[str, Any]) -> None:
        due = self._widget.receive({k: _taken(v) for k, v in state.items()})
        self._react([lambda call=call: call(self._widget) for call in due])  # type: ignore[misc]

    def _receive_message(
        self, _figure: object, content: Any, buffers: Sequence[Any]
    ) -> None:
        data = [bytes(buffer) for buffer in buffers]
        self._react(
            [
                lambda call=call: call(content, data)  # type: ignore[misc]
                for call in self._widget.message_callbacks()
            ]
        )

    def _react(self, calls: Sequence[Callable[[], object]]) -> None:
        """Run callbacks; what they put out takes the place of the last."""
        if not calls:
            return
        self._output.clear_output(wait=True)
        self.taken = True
        with self._output:  # a traceback is shown there, too
            try:
                for call in calls:
                    call()
            finally:
                self.taken = False
                finish = getattr(current_sink(), "finish", None)
                if finish is not None:
                    finish()


@cache
def _figure_class(module: str) -> type[Any]:
    """The anywidget of a front-end module."""
    import anywidget

    def set_state(self: Any, state: dict[str, Any]) -> None:
        # All values of one message, after traitlets has taken them.
        anywidget.AnyWidget.set_state(self, state)
        names = [key for key in state if key.startswith(PREFIX)]
        self.receive({k.removeprefix(PREFIX): getattr(self, k) for k in names})

    namespace = {
        "_esm": _file(f"{module}.js"),
        "_css": _file("styles.css"),
        "set_state": set_state,
        "__module__": __name__,
    }
    name = "".join(part.title() for part in module.split("-"))
    return type(f"{name}Figure", (anywidget.AnyWidget,), namespace)


def _figure_of(
    widget: Widget, receive: Callable[[Mapping[str, Any]], None]
) -> Any:
    import traitlets

    figure = _figure_class(widget.module)()
    figure.receive = receive
    state = _sent(widget.model())
    traits = {k: traitlets.Any(v).tag(sync=True) for k, v in state.items()}
    figure.add_traits(**traits)
    figure.send_state(list(state))
    return figure


@cache
def _file(name: str) -> str:
    return (MODULES / name).read_text(encoding="utf-8")


def still_bundle(widget: Widget) -> Bundle:
    """A widget that nobody can touch: its still, its words, and why."""
    words = widget.summary()
    parts = [f"<p><strong>{escape(widget.task)}</strong></p>"]
    still = widget.still()
    if still:
        source = f"data:image/svg+xml,{quote(on_white(still))}"
        parts.append(f'<img src="{source}" alt="{escape(words)}">')
    parts.append(f"<p>{escape(words)}</p><p><em>{HOW_TO_SHOW}.</em></p>")
    return {
        "text/html": "".join(parts[not widget.task :]),
        "text/plain": f"{words} ({HOW_TO_SHOW})",
    }


def on_white(still: str) -> str:
    """A picture that brings its colors along: black on white."""
    start = still.index(">") + 1
    look = f"svg{{background:#fff;color:#000}}{_file('styles.css')}"
    style = f"<style>{escape(look, quote=False)}</style>"
    return f"{still[:start]}{style}{still[start:]}"


def _sent(state: Mapping[str, object]) -> dict[str, Any]:
    """A state as traits: JSON, and arrays as the modules read them."""
    buffers: list[bytes] = []
    sent: dict[str, Any] = _placed(packed(state, buffers), buffers)
    return {f"{PREFIX}{key}": value for key, value in sent.items()}


def _placed(value: Any, buffers: Sequence[bytes]) -> Any:
    if isinstance(value, list):
        return [_placed(part, buffers) for part in value]
    if not isinstance(value, dict):
        return value
    if MARK in value and "dtype" in value:
        data = memoryview(buffers[value[MARK]])
        return {"dtype": value["dtype"], "shape": value["shape"], "data": data}
    return {key: _placed(part, buffers) for key, part in value.items()}


def _taken(value: Any) -> Any:
    """A value of the front end, its arrays as NumPy arrays."""
    if isinstance(value, list):
        return [_taken(part) for part in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), bytes | memoryview):
        data = np.frombuffer(value["data"], dtype=value["dtype"])
        return data.reshape(value["shape"]).copy()
    return {key: _taken(part) for key, part in value.items()}
