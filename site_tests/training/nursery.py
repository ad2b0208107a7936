"""Runs `tutorial-kernels` many times at the price of one import of torch.

The nursery is a process that has imported everything. For each line of JSON
it gets, it forks a child that runs the command line, and says which process
that is; asked for a process, it waits and says how that ended.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 120  # for what takes two on a machine that has nothing else to do


def main() -> None:
    import torch

    from tutorial_kernels.training import command_line  # noqa: F401

    torch.set_num_threads(1)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork() or run(order)
        print(answer, flush=True)


def run(order: dict) -> None:
    """The child: never comes back."""
    import resource

    from tutorial_kernels import cli

    status = 99
    try:
        for number in (1, 2):
            stream = os.open(
                order["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND
            )
            os.dup2(stream, number)
        os.environ.update(order["variables"])
        if order["file_size"]:
            limit = order["file_size"]
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        status = cli.main(order["words"])
        sys.stdout.flush()
    except SystemExit as error:
        status = 2 if error.code else 0
    finally:
        os._exit(status)


class Child:
    """A run of the command line in a process of its own."""

    def __init__(self, nursery: Nursery, pid: int, log: Path) -> None:
        self.nursery, self.pid, self.log = nursery, pid, log

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit status; negative for a signal."""
        return int(self.nursery.ask({"wait": self.pid}))

    @property
    def text(self) -> str:
        return self.log.read_text()


class Nursery:
    """The process that forks, and the talk with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def ask(self, order: dict) -> str:
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def start(
        self, *words: object, file_size: int = 0, **variables: object
    ) -> Child:
        """Starts `tutorial-kernels` with these words."""
        self.count += 1
        log = self.folder / f"{self.count}.log"
        order = {
            "words": [str(word) for word in words],
            "log": str(log),
            "file_size": file_size,
            "variables": {name: str(variables[name]) for name in variables},
        }
        return Child(self, int(self.ask(order)), log)

    def run(self, *words: object, **options: object) -> Child:
        """Runs it to its end, which must be a good one."""
        child = self.start(*words, **options)
        assert child.wait() == 0, child.text
        return child

    def ranks(self, size: int, *words: object) -> list[Child]:
        """Starts as many ranks, as torchrun would."""
        port = free_port()
        return [
            self.start(
                *words,
                RANK=rank,
                LOCAL_RANK=rank,
                WORLD_SIZE=size,
                MASTER_ADDR="127.0.0.1",
                MASTER_PORT=port,
            )
            for rank in range(size)
        ]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(SECONDS)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(condition: Callable[[], object], pause: float = 0.001) -> None:
    """Looks again and again, but not for ever."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(pause)


if __name__ == "__main__":
    main()
