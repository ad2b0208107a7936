"""One namespace, many cells: the same in a page, in a test, in a build."""

from __future__ import annotations

import ast
import asyncio
import builtins
import linecache
import sys
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import CO_COROUTINE
from time import perf_counter
from types import CodeType, ModuleType
from typing import Any, Literal

from tutorial_kernels.page import bundles
from tutorial_kernels.page.cell_warnings import WarningPrinter
from tutorial_kernels.page.matplotlib_figures import (
    close_open_figures,
    open_figures,
    show_open_figures,
)
from tutorial_kernels.page.plot import finish_figures
from tutorial_kernels.page.sink import Detour, Sink, sink_in_use
from tutorial_kernels.page.streams import (
    CellInput,
    CellStream,
    OrderedOutput,
    no_line,
)
from tutorial_kernels.page.tracebacks import (
    CellError,
    cell_filename,
    describe_error,
)
from tutorial_kernels.page.widget import (
    Widget,
    close_widgets,
    close_widgets_of,
    finish_widgets,
    show_finally,
)

Status = Literal["ok", "error", "stopped"]
RunCoroutine = Callable[[Coroutine[Any, Any, None]], object]


@dataclass(frozen=True)
class CellResult:
    """How a cell ended.

    Attributes:
        status: ``"ok"``, ``"error"`` or ``"stopped"`` (by KeyboardInterrupt).
        seconds: How long it ran.
        error: What went wrong, or where it was stopped.
    """

    status: Status
    seconds: float
    error: CellError | None


@dataclass
class _Compiled:
    """A cell's statements, and its last expression apart."""

    body: CodeType | None
    last: CodeType | None
    last_line: int


class Session:
    """Runs cells one after the other in one namespace.

    Args:
        sink: Where output goes.
        run_coroutine: How a cell with a top-level ``await`` is run.
        read_line: How ``input`` gets a line, given its prompt.
        explain: What says more in an error than Python does.
    """

    def __init__(
        self,
        sink: Sink,
        run_coroutine: RunCoroutine = asyncio.run,
        read_line: Callable[[str], str] = no_line,
        explain: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        self.running = False  # True only while the reader's own code runs
        self._sink = sink
        self._run_coroutine = run_coroutine
        self._explain = explain
        self._output = OrderedOutput(sink)
        self._streams = {
            name: CellStream(name, lambda: self._output)
            for name in ("stdout", "stderr")
        }
        self._stdin = CellInput(lambda: self._output, read_line)
        self._module = ModuleType("__main__")
        self._files: set[str] = set()
        self._builtins = dict(vars(builtins))
        self._line: int | None = None

    @property
    def namespace(self) -> dict[str, object]:
        """The variables of the page."""
        return self._module.__dict__

    @property
    def output(self) -> Sink:
        """Where the code that it runs now puts things out."""
        return self._output

    def reset(self) -> None:
        """Forget every variable and every cell's source."""
        self.namespace.clear()
        self.namespace.update(ModuleType("__main__").__dict__)
        vars(builtins).update(self._builtins)
        for filename in self._files:
            linecache.cache.pop(filename, None)
        self._files.clear()
        close_widgets()

    def flush(self) -> None:
        """Send printed text that still waits for its batch."""
        self._output.flush()

    def run(self, source: str, cell: str) -> CellResult:
        """Run a cell; never raises, whatever the cell does.

        Args:
            source: Python code, top-level ``await`` included.
            cell: The cell's name, as tracebacks show it.
        """
        close_widgets_of(cell)

        def work() -> None:
            compiled = self._compile(source, cell_filename(cell))
            self.running = True
            self._execute(compiled)
            show_open_figures()

        return self._run(work, cell, self._sink)

    def call(
        self,
        function: Callable[[], object],
        cell: str,
        sink: Sink,
        below: str = "",
    ) -> CellResult:
        """Call a function of the reader's as a cell runs; never raises.

        A cell may be running: what it sees is put back afterwards.

        Args:
            function: A callback, say.
            cell: The name of the cell it belongs to.
            sink: Where its output goes.
            below: The name of the widget whose place that is.
        """

        def work() -> None:
            self.running = True
            function()
            show_open_figures()

        return self._run(work, cell, sink, below)

    @contextmanager
    def aside(self, sink: Sink, below: str = "") -> Iterator[None]:
        """Have the running cell's output go elsewhere for a while.

        Its progress stays where it is, and so does an exception; figures that
        were begun before go on growing afterwards.

        Args:
            sink: Where text, pictures and widgets go.
            below: The name of the widget whose place that is.
        """
        outer = self._output
        outer.flush()
        self._output = OrderedOutput(Detour(sink, outer), outer.cell, below)
        figures = list(open_figures())
        try:
            with sink_in_use(self._output):
                try:
                    yield
                    show_open_figures(besides=figures)
                finally:
                    finish_figures(self._output)
                    show_finally(self._output)
                    self._output.flush()
        finally:
            self._output = outer

    def _run(
        self, work: Callable[[], None], cell: str, sink: Sink, below: str = ""
    ) -> CellResult:
        start = perf_counter()
        status: Status = "ok"
        error = None
        before = self.running, self._line
        try:
            with self._surroundings(OrderedOutput(sink, cell, below)):
                failure = self._attempt(work)
                if failure is not None:
                    self._explain(failure)
                    status = "stopped" if _is_stop(failure) else "error"
                    error = describe_error(failure, cell, self._line)
        except BaseException as late:  # e.g. Stop just after the last line
            status = "stopped" if _is_stop(late) else "error"
            error = error or describe_error(late, cell)
        finally:
            self.running, self._line = before
        return CellResult(status, perf_counter() - start, error)

    def _attempt(self, work: Callable[[], None]) -> BaseException | None:
        """Compile and run; what the reader's code raised, if anything."""
        self._line = None
        try:
            work()
        except BaseException as failure:
            return failure
        finally:
            self.running = False
        return None

    def _compile(self, source: str, filename: str) -> _Compiled:
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
        self._files.add(filename)
        try:
            return _compile_cell(source, filename)
        except SyntaxError as error:
            # Errors that the compiler finds after parsing lack the text.
            number = error.lineno or 0
            if error.text is None and 0 < number <= len(lines):
                error.text = lines[number - 1]
            raise

    def _execute(self, compiled: _Compiled) -> None:
        codes = [compiled.body, compiled.last]
        if any(code and code.co_flags & CO_COROUTINE for code in codes):
            self._run_coroutine(self._execute_async(compiled))
            return
        if compiled.body:
            exec(compiled.body, self.namespace)
        if compiled.last:
            self._line = compiled.last_line
            self._show(eval(compiled.last, self.namespace))

    async def _execute_async(self, compiled: _Compiled) -> None:
        value = None
        for code in (compiled.body, compiled.last):
            if code is None:
                continue
            value = eval(code, self.namespace)
            if code.co_flags & CO_COROUTINE:
                value = await value
        if compiled.last:
            self._line = compiled.last_line
            self._show(value)

    def _show(self, value: object) -> None:
        """Show a cell's last expression as a notebook would."""
        if value is None or isinstance(value, Widget):
            return  # a widget has shown itself
        bundle = bundles.bundle_of(value)
        if bundle is not None:
            self._output.display(bundle, None)
        else:
            self._output.text("stdout", repr(value) + "\n")

    @contextmanager
    def _surroundings(self, output: OrderedOutput) -> Iterator[None]:
        """What a cell sees while it runs; all put back afterwards."""
        outer, self._output = self._output, output
        kept = [(sys, name, getattr(sys, name, None)) for name in _SYS_NAMES]
        kept.append((builtins, "input", builtins.input))
        kept.append((warnings, "showwarning", warnings.showwarning))
        main = sys.modules.get("__main__")
        limit, tracer = sys.getrecursionlimit(), sys.gettrace()
        self._enter()
        try:
            with sink_in_use(self._output):
                try:
                    yield
                finally:
                    close_open_figures()
                    finish_figures(self._output)
                    finish_widgets(self._output)
                    self._output.flush()
        finally:
            self._output = outer
            for owner, name, value in kept:
                setattr(owner, name, value)
            if main is not None:
                sys.modules["__main__"] = main
            sys.setrecursionlimit(limit)
            if sys.gettrace() is not tracer:
                sys.settrace(tracer)

    def _enter(self) -> None:
        # pickle, dataclasses and typing look classes up in sys.modules.
        sys.modules["__main__"] = self._module
        self.namespace["__name__"] = "__main__"
        self.namespace["__builtins__"] = builtins
        self.namespace.pop("__warningregistry__", None)
        sys.stdin = self._stdin
        sys.stdout = self._streams["stdout"]
        sys.stderr = self._streams["stderr"]
        builtins.input = self._stdin.input
        # Entering this context makes Python forget which warnings it showed.
        with warnings.catch_warnings():
            pass
        warnings.showwarning = WarningPrinter(lambda: self._output)


_SYS_NAMES = ("stdin", "stdout", "stderr", "displayhook", "excepthook")


def _compile_cell(source: str, filename: str) -> _Compiled:
    """Compile; a trailing expression becomes code of its own."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(
        source, filename, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True
    )
    assert isinstance(tree, ast.Module)
    last: ast.Expression | None = None
    last_line = 0
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        statement = tree.body.pop()
        assert isinstance(statement, ast.Expr)
        last = ast.Expression(statement.value)
        last_line = statement.lineno
    body = compile(tree, filename, "exec", flags, dont_inherit=True)
    flags |= body.co_flags & _FUTURES
    code: CodeType | None = None
    if last is not None:
        code = compile(last, filename, "eval", flags, dont_inherit=True)
    return _Compiled(body if tree.body else None, code, last_line)


# The only __future__ import that still changes anything.
_FUTURES = __import__("__future__").annotations.compiler_flag


def _is_stop(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(KeyboardInterrupt) is not None
    return isinstance(error, KeyboardInterrupt)
