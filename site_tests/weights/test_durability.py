"""Killed, starved of disk or raced: the file is the old or the new, whole."""

import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from tutorial_kernels import durable
from tutorial_kernels.durable import write_whole
from tutorial_kernels.weights import read_safetensors, write_safetensors

MEGABYTES = 8

# Writes files full of 1, of 2, of 3 ... over one another until it is killed.
WRITER = f"""
import sys
import numpy as np
from tutorial_kernels.weights import write_safetensors
path, first, step = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
number = first
while True:
    weights = np.full(({MEGABYTES}, 1 << 18), number, np.float32)
    write_safetensors(path, {{"w": weights}}, {{"number": str(number)}})
    print(number, flush=True)
    number += step
"""


def start_writer(path, first=1, step=1):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(step)],
        stdout=subprocess.PIPE,
        text=True,
    )


def the_number_in(path):
    (weights,) = read_safetensors(path).values()
    number = weights.flat[0]
    assert weights.shape == (MEGABYTES, 1 << 18)
    assert np.all(weights == number)
    return int(number)


def test_kill_9_at_any_moment(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "w.safetensors"
    first, torn = 1, 0
    for _ in range(12):
        writer = start_writer(path, first)
        writer.stdout.readline()  # the first is written, the second begun
        time.sleep(rng.uniform(0, 0.06))
        writer.send_signal(signal.SIGKILL)
        reported = [first, *map(int, writer.stdout.read().split())]
        writer.wait()
        # Whole, and not older than the last one reported as written.
        found = the_number_in(path)
        assert found in (reported[-1], reported[-1] + 1)
        torn += len(list(tmp_path.glob(".*.writing")))
        for leftover in tmp_path.glob(".*.writing"):
            leftover.unlink()
        first = found + 1
    assert torn >= 1, (
        "no kill came in the middle of a write: the test is too kind"
    )


def full_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "w.safetensors"
    write_safetensors(path, {"w": np.arange(3)})
    before = path.read_bytes()
    program = (
        "import sys, numpy as np\n"
        "from tutorial_kernels.weights import write_safetensors\n"
        "try:\n"
        "    write_safetensors(sys.argv[1], {'w': np.ones(10**6)})\n"
        "except OSError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True, text=True, preexec_fn=full_disk, check=True,
    )  # fmt: skip
    assert "File too large" in done.stdout
    assert "w.safetensors" in done.stdout  # not the hidden file's name
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_never_mix(tmp_path):
    path = tmp_path / "w.safetensors"
    write_safetensors(path, {"w": np.zeros((MEGABYTES, 1 << 18), np.float32)})
    writers = [start_writer(path, 1, 2), start_writer(path, 2, 2)]
    for writer in writers:
        writer.stdout.readline()
    seen, reads, end = set(), 0, time.monotonic() + 4
    try:
        while time.monotonic() < end:
            seen.add(the_number_in(path) % 2)
            reads += 1
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
            writer.stdout.close()
    assert reads >= 20
    assert seen == {0, 1}


def test_threads_may_write_the_same_file(tmp_path):
    path = tmp_path / "w.safetensors"

    def write(number):
        for _ in range(20):
            write_safetensors(path, {"w": np.full(1000, number)})

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (weights,) = read_safetensors(path).values()
    assert len(set(weights.tolist())) == 1
    assert list(tmp_path.iterdir()) == [path]


class WrongError(Exception):
    pass


@pytest.mark.parametrize("error", [WrongError, KeyboardInterrupt, MemoryError])
def test_an_exception_in_the_middle_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise error

    with pytest.raises(error):
        write_whole(path, chunks())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(5, "Input/output error")

    if step == "fsync":
        monkeypatch.setattr(durable.os, "fsync", fail)
    else:
        monkeypatch.setattr(durable.Path, "replace", fail)
    with pytest.raises(OSError, match=r"Input/output error.*file"):
        write_whole(path, [b"new"])
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_reach_the_disk_before_the_name(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, durable.Path.replace
    monkeypatch.setattr(
        durable.os,
        "fsync",
        lambda fd: (steps.append(os.fstat(fd)), fsync(fd))[1],
    )
    monkeypatch.setattr(
        durable.Path,
        "replace",
        lambda here, there: (steps.append("rename"), replace(here, there))[1],
    )
    write_whole(tmp_path / "file", [b"12", b"345"])
    content, rename, folder = steps
    assert stat.S_ISREG(content.st_mode)
    assert content.st_size == 5
    assert rename == "rename"
    assert stat.S_ISDIR(folder.st_mode)


def test_a_link_stays_a_link_and_permissions_are_ordinary(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_whole(link, [b"new"])
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(
        plain.stat().st_mode
    )


@pytest.mark.parametrize("where", ["missing/file", "a-file/file", "."])
def test_what_cannot_be_written_is_named(tmp_path, where):
    (tmp_path / "a-file").touch()
    path = tmp_path / where
    with pytest.raises(OSError, match="Errno") as caught:
        write_whole(path, [b"new"])
    assert caught.value.filename == str(path)
    assert ".writing" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["a-file"]
    assert not list(tmp_path.parent.glob(".*.writing"))
