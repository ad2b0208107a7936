"""An answer's functions, each call of them guarded."""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from tutorial_kernels.page.exercises.expect import CheckFailedError, call_text
from tutorial_kernels.page.tracebacks import describe_error

MOST_PRINTED = 10_000  # characters of one call


class Answer:
    """The names that a piece of code defined.

    ``answer.relu`` is the reader's function. What it prints is kept, and an
    exception of its own becomes a failed check that names the line.

    Args:
        namespace: The names.
        cell: What the code is called in tracebacks.
    """

    def __init__(self, namespace: dict[str, Any], cell: str) -> None:
        self._namespace = namespace
        self._cell = cell
        self._printed = ""

    def printed(self) -> str:
        """What the last call printed."""
        return self._printed

    def defines(self, name: str) -> bool:
        """Whether there is such a function."""
        return callable(self._namespace.get(name))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = self._namespace.get(name)
        if function is None:
            raise CheckFailedError(
                f"Your code defines no function `{name}`; did it get another "
                "name?"
            )
        if not callable(function):
            kind = type(function).__name__
            raise CheckFailedError(
                f"`{name}` is no function but {_article(kind)} {kind}."
            )
        return self._guarded(name, function)

    def _guarded(
        self, name: str, function: Callable[..., Any]
    ) -> Callable[..., Any]:
        def call(*inputs: Any, **options: Any) -> Any:
            printed, stdout = _Bounded(), sys.stdout
            sys.stdout = printed
            try:
                return function(*inputs, **options)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                raise self._failure(
                    name, error, call_text(guarded, inputs)
                ) from error
            finally:
                sys.stdout = stdout
                self._printed = printed.getvalue()

        call.__name__ = name
        guarded = call
        if isinstance(function, FunctionType):  # gradcheck reads the names
            guarded = functools.wraps(function)(call)
            guarded.__name__ = name
        return guarded

    def _failure(
        self, name: str, error: BaseException, case: str
    ) -> CheckFailedError:
        shown = describe_error(error, self._cell)
        place = "" if shown.line is None else f" in line {shown.line}"
        message = f": {shown.message}" if shown.message else ""
        return CheckFailedError(
            f"{name} stops with {shown.type}{place}{message}.".replace(
                "..", "."
            ),
            case=case,
            got=shown.type,
            line=shown.line,
            traceback=shown.traceback,
        )


class _Bounded(io.StringIO):
    """Keeps the start of what is printed."""

    def write(self, text: str) -> int:
        room = MOST_PRINTED - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)


def _article(word: str) -> str:
    return "an" if word[:1] in "aeio" else "a"
