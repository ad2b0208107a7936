"""A Stop amid a call into JavaScript: raised, but afterwards."""

import signal
from collections.abc import Iterator

import pytest

from tutorial_kernels.page.crossing import cross, stop


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda _, frame: stop(frame))
    yield
    signal.signal(signal.SIGINT, before)


def test_outside_of_a_call_it_is_raised_at_once() -> None:
    reached = []

    def cell() -> None:
        signal.raise_signal(signal.SIGINT)
        reached.append("behind")

    with pytest.raises(KeyboardInterrupt):
        cell()
    assert reached == []


def test_a_call_comes_to_its_end_first() -> None:
    reached = []

    def call(value: int) -> int:
        signal.raise_signal(signal.SIGINT)
        reached.append(value)
        return value

    with pytest.raises(KeyboardInterrupt):
        cross(call, 1)
    assert reached == [1]
    assert cross(abs, -2) == 2  # and it is raised once


def test_it_is_not_lost_when_the_call_fails() -> None:
    def call() -> None:
        signal.raise_signal(signal.SIGINT)
        raise ValueError("torn")

    with pytest.raises(KeyboardInterrupt) as caught:
        cross(call)
    assert isinstance(caught.value.__context__, ValueError)
    assert cross(abs, -2) == 2


def test_a_task_is_stopped_at_once_whoever_waits_meanwhile() -> None:
    reached = []

    def task() -> None:
        signal.raise_signal(signal.SIGINT)
        reached.append("behind")

    loop = {"__name__": "pyodide.webloop", "task": task}
    with pytest.raises(KeyboardInterrupt):
        cross(exec, "task()", loop)
    assert reached == []
