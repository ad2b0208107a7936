"""A sink that remembers, and a session that writes to it."""

from __future__ import annotations

import pytest

from tutorial_kernels.page.session import Session


class Recorder:
    """Keeps every call, in order, the way the page would get it."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []
        self.stop_at: int | None = None
        self.checkpoints = 0

    def text(self, stream, text):
        self.calls.append(("text", stream, text))

    def display(self, data, display_id):
        self.calls.append(("display", data, display_id))

    def progress(self, step, total, label, seconds):
        self.calls.append(("progress", step, total, label, seconds))

    def checkpoint(self):
        self.checkpoints += 1
        if self.stop_at is not None and self.checkpoints >= self.stop_at:
            raise KeyboardInterrupt

    def of(self, kind):
        return [call[1:] for call in self.calls if call[0] == kind]

    def printed(self, stream="stdout"):
        return "".join(text for name, text in self.of("text") if name == stream)


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def session(recorder):
    return Session(recorder)
