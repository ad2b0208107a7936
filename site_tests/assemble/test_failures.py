"""What fails, or is killed, leaves the old state or the new one."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from site_tests.assemble.checkouts import (
    current_files,
    current_runtime,
    edit_kernel,
    lose_font,
    lose_lock,
    nothing_beside,
)
from tutorial_kernels.site.assemble import AssembleError, assemble, runtime


def _fail(*_: object, **__: object) -> None:
    raise AssembleError("injected: the disk is full")


@pytest.mark.parametrize(
    "step",
    [
        "compile_archive",
        "fetch",
        "write_cut_lock",
        "replace_folder",
        "write_whole",
    ],
)
def test_failing_step_changes_nothing(
    step: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = current_runtime(checkout).name
    (checkout / ".cache/assemble/record.json").unlink()
    monkeypatch.setattr(runtime, "compile_archive", _pretend_to_compile)
    monkeypatch.setattr(runtime, step, _fail)
    with pytest.raises(AssembleError, match="injected"):
        assemble(checkout, progress=False)
    assert current_runtime(checkout).name == key
    assert not list((checkout / "docs/assets").glob(".*"))


def _pretend_to_compile(
    pyodide: Path, source: Path, target: Path, rules: object
) -> None:
    """Copy instead: the failure is what is tested, and Node takes seconds."""
    shutil.copyfile(source, target)


def test_full_disk(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = current_runtime(checkout).name
    lose_lock(checkout)
    taken = {p.name for p in current_files(checkout)}

    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:1000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(AssembleError, match="No space left on device"):
        assemble(checkout, progress=False)
    assert {p.name for p in current_files(checkout)} == taken
    assert not list((checkout / "docs/assets").glob(".*"))
    monkeypatch.undo()
    assert assemble(checkout, progress=False).key == key


def test_source_that_does_not_build(checkout: Path) -> None:
    before = {
        p.name: p.read_bytes()
        for p in (checkout / "docs/assets/cells").iterdir()
    }
    entry = checkout / "src/cell_engine/src/cells.ts"
    entry.write_text("this is (not TypeScript\n")
    with pytest.raises(AssembleError, match=r"npm run --silent") as caught:
        assemble(checkout, progress=False)
    assert "cells.ts" in str(caught.value)
    after = {
        p.name: p.read_bytes()
        for p in (checkout / "docs/assets/cells").iterdir()
    }
    assert after == before
    assert not list((checkout / "docs/assets").glob(".*"))


def test_package_that_does_not_build(checkout: Path) -> None:
    key = current_runtime(checkout).name
    edit_kernel(checkout)
    (checkout / "LICENSE").unlink()
    (checkout / "README.md").unlink()
    with pytest.raises(AssembleError, match=r"our own wheel") as caught:
        assemble(checkout, progress=False)
    assert "README.md" in str(caught.value)
    assert current_runtime(checkout).name == key


COMMAND = [sys.executable, "-m", "tutorial_kernels.site.assemble"]


def test_killed_at_any_moment(checkout: Path) -> None:
    def run_until(seconds: float | None) -> bool:
        """Run assemble in a process of its own; say whether it was killed."""
        with subprocess.Popen(
            [*COMMAND, str(checkout)], stdout=subprocess.DEVNULL
        ) as run:
            try:
                run.wait(seconds)
            except subprocess.TimeoutExpired:
                run.kill()
                return True
        return run.returncode != 0

    chance = random.Random(2026)
    edit_kernel(checkout)
    start = time.perf_counter()
    assert not run_until(None)
    whole = time.perf_counter() - start
    killed = 0
    for _ in range(6):
        edit_kernel(checkout)
        killed += run_until(chance.uniform(0.2, 1.0) * whole)
        current_runtime(
            checkout
        )  # whole, the old one or the new, at any moment
    assert killed >= 2
    old = current_runtime(checkout).name
    edit_kernel(checkout)
    assert assemble(checkout, progress=False).key != old
    nothing_beside(checkout)


class Killed(BaseException):
    """As sudden as a kill, but in this process."""


def test_killed_between_two_files_of_a_repair(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = current_runtime(checkout).name
    names = sorted(p.name for p in current_runtime(checkout).iterdir())
    real = Path.replace
    moved: list[str] = []

    def die_half_way(self: Path, target: Path) -> Path:
        if target.parent.name == key:
            if len(moved) == 3:
                raise Killed
            moved.append(self.name)
        return real(self, target)

    lose_lock(checkout)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die_half_way)
        with pytest.raises(Killed):
            assemble(checkout, progress=False)
    assert len(moved) == 3
    assert assemble(checkout, progress=False).key == key
    assert sorted(p.name for p in current_runtime(checkout).iterdir()) == names
    nothing_beside(checkout)


def test_killed_between_the_renames_of_a_folder(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    katex = checkout / "docs/assets/katex"
    files = len(list(katex.rglob("*")))
    lose_font(checkout)
    real = Path.rename

    def die_half_way(self: Path, target: Path) -> Path:
        if target == katex:
            raise Killed
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", die_half_way)
        with pytest.raises(Killed):
            assemble(checkout, progress=False)
    assert not katex.exists()
    assert assemble(checkout, progress=False).rebuilt == ("katex",)
    assert len(list(katex.rglob("*"))) == files


def test_two_at_once(checkout: Path) -> None:
    edit_kernel(checkout)
    runs = [
        subprocess.Popen(
            [*COMMAND, str(checkout)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    built = [output for output in outputs if "build and compile" in output]
    assert len(built) == 1
    nothing_beside(checkout)


def test_error_at_the_command_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "pyproject.toml is missing" in done.stderr
    assert "Traceback" not in done.stderr
