"""One assemble at a time: a lock that a killed process gives back.

The programs that a run starts share its lock. When the run is killed and
one of them lives on for a while, it may still write; the next run waits
until it is gone.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tutorial_kernels.site.assemble.errors import AssembleError

_POLL_SECONDS = 0.1
_held: list[int] = []


def shared_lock() -> dict[str, Any]:
    """Returns the options of `subprocess.run` that share the lock held."""
    if sys.platform == "win32":  # a handle there cannot be shared so
        return {}
    return {"pass_fds": tuple(_held)}


@contextmanager
def only_one(
    path: Path, on_wait: Callable[[], None], patience: float = 600.0
) -> Iterator[None]:
    """Holds a lock on a file while the body runs.

    The system releases it when the process ends, however it ends, so there
    is no stale lock to remove by hand.

    Args:
        path: The file to lock; it is made when missing and stays.
        on_wait: Called once when another process holds the lock.
        patience: How many seconds to wait for the other one.

    Raises:
        AssembleError: The other process held on for longer than that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try_lock(descriptor):
            on_wait()
            _wait(descriptor, path, time.monotonic() + patience, patience)
        _held.append(descriptor)
        try:
            yield
        finally:
            _held.remove(descriptor)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, end: float, patience: float) -> None:
    while not _try_lock(descriptor):
        if time.monotonic() > end:
            raise AssembleError(
                f"assemble: another process has held {path} for "
                f"{patience:.0f} seconds; end it and try again"
            )
        time.sleep(_POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
