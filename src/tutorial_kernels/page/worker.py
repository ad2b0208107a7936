"""The cells' Python side in the page: one session inside a Pyodide worker.

The worker script registers the JavaScript module ``_cell_engine`` before it
imports this one. Stop has no thread to come from, so Python asks for it: every
few milliseconds the interpreter believes that a signal has come, the handler
suspends Python's stack for one turn of the worker's event loop, and if the
reader has pressed Stop in the meantime it raises ``KeyboardInterrupt``. A page
that shares memory with its worker sends a signal with the Stop alone.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any, SupportsIndex, cast

import _cell_engine
from pyodide.ffi import can_run_sync, run_sync

from tutorial_kernels import fast
from tutorial_kernels.page import completion, imports
from tutorial_kernels.page.crossing import cross, stop
from tutorial_kernels.page.session import Session
from tutorial_kernels.page.widget import use_host
from tutorial_kernels.page.worker_widgets import PageHost

CHECKPOINT_SECONDS = 0.05
_CAN_WAIT = bool(_cell_engine.can_wait)


class PageSink:
    """Sends what a cell puts out to the page, as JSON messages.

    Args:
        widget: Whose callbacks put it out; the cell's own code, if None.
    """

    def __init__(self, widget: int | None = None) -> None:
        self._last_checkpoint = 0.0
        self._of = {} if widget is None else {"widget": widget}

    def text(self, stream: str, text: str) -> None:
        """Send text of ``"stdout"`` or ``"stderr"``."""
        _post(type="text", stream=stream, text=text, **self._of)

    def display(self, data: dict[str, object], display_id: str | None) -> None:
        """Send a MIME bundle; the same id replaces what stood there."""
        _post(type="display", id=display_id, data=data, **self._of)

    def progress(
        self, step: int, total: int | None, label: str, seconds: float
    ) -> None:
        """Send how far ``track()`` has come."""
        _post(
            type="progress",
            step=step,
            total=total,
            label=label,
            seconds=seconds,
            **self._of,
        )

    def checkpoint(self) -> None:
        """Raise ``KeyboardInterrupt`` when the reader has pressed Stop.

        A step of heavy NumPy work holds few bytecodes, so the polled signal
        alone would take seconds to be seen.
        """
        now = time.perf_counter()
        if now - self._last_checkpoint < CHECKPOINT_SECONDS:
            return
        if _stop_came() or _deliver():
            raise KeyboardInterrupt
        self._last_checkpoint = time.perf_counter()


def _post(**message: object) -> None:
    cross(_cell_engine.post, json.dumps(message))


def _stop_came() -> bool:
    """Let the page's messages in and look for a Stop among them."""
    _session.flush()
    if can_run_sync():
        return _ask(_cell_engine.tick)
    return bool(cross(_cell_engine.stop_requested))


def _ask(question: Callable[..., object], *values: float) -> bool:
    """Suspend Python's stack until the page says whether Stop came.

    Between the page's answer and this stack's turn, another one may have run:
    a Stop may have come in it, and the cell may have ended.
    """
    before = cross(_cell_engine.stops)
    _Waiting.asking += 1
    try:
        stopped = bool(cross(_wait_for, question, *values))
    finally:
        _Waiting.asking -= 1
    return stopped or bool(cross(_cell_engine.stops) != before)


def _wait_for(question: Callable[..., object], *values: float) -> object:
    return run_sync(question(*values))


class _Waiting:
    """What Python's suspended stacks wait for."""

    asking = 0  # how many of them ask whether Stop was pressed
    delivering = False  # what the reader did to a widget
    task: asyncio.Task[tuple[object, BaseException | None]] | None = None


def _on_signal(_number: int, frame: FrameType | None) -> None:
    """Answer the signal."""
    # While one question is open, other Python code (a task of the reader,
    # say) may run and be polled too.
    if _CAN_WAIT and not can_run_sync():
        return
    if _in_event_loop(frame):
        _session.flush()  # the loop comes back to the worker by itself
        return
    stopped = _stop_came()
    if _session.running:
        stopped = stopped or _deliver()
    elif _runs_cell(frame):  # the cell's own code is at its end
        return
    if stopped:
        stop(frame)


def _runs_cell(frame: FrameType | None) -> bool:
    """Whether a stack is the cell's, and not that of a task it began."""
    while frame is not None and frame.f_code is not run_cell.__code__:
        frame = frame.f_back
    return frame is not None


def _deliver() -> bool:
    """Run the callbacks of widgets; whether one of them was stopped."""
    if _in_callback():
        return False  # the rest comes after it
    _Waiting.delivering = True
    try:
        return _host.deliver()
    finally:
        _Waiting.delivering = False


def _in_callback() -> bool:
    """Whether a widget's callback runs, called by the reader or by code."""
    return _Waiting.delivering or bool(_host.reacting)


def _in_event_loop(frame: FrameType | None) -> bool:
    """Whether to suspend or to raise here would lose a task.

    A task gives its next step to the event loop before it has left the one
    before: suspended in between, that step finds its context still entered
    and is lost, as with an exception. The task is then never done, and
    whoever waits for it waits for ever; `interrupt` ends such waits by
    cancelling. A signal may also find this package at work on the one before
    it: what counts is the code that was interrupted first.
    """
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    name = str(frame.f_globals.get("__name__")) if frame else ""
    return name.partition(".")[0] in {"asyncio", "pyodide", "_pyodide"}


def _is_ours(frame: FrameType) -> bool:
    name = str(frame.f_globals.get("__name__"))
    return name.startswith("tutorial_kernels.page.")


def _sleep(seconds: float | SupportsIndex, /) -> None:
    """Sleep as ``time.sleep`` does, but wake up when Stop is pressed."""
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if not can_run_sync():
        _blocking_sleep(seconds)
        return
    end = time.perf_counter() + seconds
    left = seconds
    while True:
        # What the reader does to a widget ends the wait early.
        if _deliver() or _ask(_cell_engine.sleep, left * 1000):
            raise KeyboardInterrupt
        left = end - time.perf_counter()
        if left <= 0:
            return


_blocking_sleep = time.sleep


def _run_coroutine[T](
    main: Coroutine[Any, Any, T],
    *,
    debug: bool | None = None,
    loop_factory: object = None,  # the browser has but one event loop
) -> T:
    """What ``asyncio.run`` does elsewhere, and stoppable."""
    if not can_run_sync():
        main.close()
        raise RuntimeError(
            "this browser cannot wait inside a cell (it lacks WebAssembly "
            "stack switching): use a cell without await"
        )
    outer = _Waiting.task
    _Waiting.task = asyncio.ensure_future(_outcome(main))
    try:
        value, failure = run_sync(_Waiting.task)
    finally:
        _Waiting.task = outer
    if failure is None:
        return cast(T, value)
    cancelled = isinstance(failure, asyncio.CancelledError)
    if cancelled and _cell_engine.stop_requested():
        raise KeyboardInterrupt
    raise failure


async def _outcome(
    main: Coroutine[Any, Any, object],
) -> tuple[object, BaseException | None]:
    """What a coroutine returned or raised.

    A KeyboardInterrupt or SystemExit that left the task would go through the
    event loop too, and be reported twice.
    """
    try:
        return await main, None
    except BaseException as failure:
        return None, failure


def _read_line(prompt: str) -> str:
    """What the reader writes into the field of ``input``.

    Raises:
        KeyboardInterrupt: Stop came instead.
        RuntimeError: The browser cannot wait, or a callback asks.
    """
    if _in_callback():
        raise RuntimeError("input: the callback of a widget cannot ask")
    if not can_run_sync():
        raise RuntimeError(
            "input: this browser cannot wait inside a cell (it lacks "
            "WebAssembly stack switching): give the value in the code instead"
        )
    _post(type="input", prompt=prompt)
    _Waiting.asking += 1
    try:
        line = cross(_wait_for, _cell_engine.question)
    finally:
        _Waiting.asking -= 1
    if not isinstance(line, str):
        raise KeyboardInterrupt
    return line


def _explain(error: BaseException) -> None:
    imports.explain_missing(error, json.loads(_cell_engine.on_demand))
    imports.explain_request(error)


_session = Session(PageSink(), _run_coroutine, _read_line, _explain)
_host = PageHost(_session, PageSink)


def install() -> None:
    """Make Stop work: the signal's handler, sleeping, the event loop."""
    signal.signal(signal.SIGINT, _on_signal)
    use_host(_host)
    os.environ["MATPLOTLIBRC"] = str(Path(__file__).with_name("matplotlibrc"))
    time.sleep = _sleep
    asyncio.run = _run_coroutine
    # These two also leave tasks that the reader's code started; the worker
    # must live on.
    loop: Any = asyncio.get_event_loop()
    loop._keyboard_interrupt_handler = lambda: None
    loop._system_exit_handler = lambda _code: None
    loop.set_exception_handler(_report)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A task that Stop ended needs no report on the console."""
    if not isinstance(context.get("exception"), KeyboardInterrupt):
        loop.default_exception_handler(context)


def speed_up() -> str:
    """Give NumPy the compiled loops; why it has its own, else nothing."""
    try:
        fast.install()
    except fast.LoopsUnavailable as error:
        return str(error)
    return ""


def interrupt() -> None:
    """End the running cell's wait, if it waits for a coroutine."""
    task = _Waiting.task
    if task is not None and (not _Waiting.asking or _is_waiting(task)):
        task.cancel()


def _is_waiting(task: asyncio.Task[Any]) -> bool:
    """Whether a task waits for something, and is not at work itself.

    Its own code may be asking for Stop; it gets its answer, and a task that
    is cancelled while it works would never hand over how it ended. But tasks
    that it waits for may ask one after the other without a gap between them.
    """
    return getattr(task, "_fut_waiter", None) is not None


def notice() -> None:
    """The reader did something to a widget while a cell waits."""
    if _Waiting.task is not None and not _Waiting.asking:
        asyncio.get_event_loop().call_soon(_deliver)


def react() -> None:
    """Run the callbacks of widgets while no cell runs."""
    _deliver()


def run_cell(source: str, cell: str, kept: str) -> str:
    """Run a cell and return its result as JSON.

    Args:
        source: Its code.
        cell: Its name.
        kept: What the reader has set in widgets before, as JSON.
    """
    _host.remember(kept)
    return json.dumps(asdict(_session.run(source, cell)))


def imports_of(source: str) -> str:
    """The packages that a cell imports, as JSON."""
    return json.dumps(imports.imports_of(source))


def answer_editor(question: str) -> str:
    """Tell the editor which names there are; both are JSON."""
    return completion.answer(question, _session.namespace)
