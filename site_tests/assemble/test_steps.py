"""The steps of assemble on their own: lock file, npm, folders, the guard."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tutorial_kernels.site.assemble import AssembleError
from tutorial_kernels.site.assemble.guard import only_one
from tutorial_kernels.site.assemble.layout import (
    Layout,
    checked_layout,
    clear_leftovers,
    folder_aside,
    has_leftovers,
    replace_folder,
)
from tutorial_kernels.site.assemble.lockfile import locked_packages
from tutorial_kernels.site.assemble.nodejs import (
    install_node_modules,
    node_modules_fresh,
    run_node,
)
from tutorial_kernels.site.assemble.record import Made, Record
from tutorial_kernels.site.assemble.reporting import Bars, Lines, reporter

# Pyodide's lock file.


def test_dependencies_come_along(template: Path) -> None:
    lock = Layout(template).npm_pyodide / "pyodide-lock.json"
    names = [p.name for p in locked_packages(lock, ["matplotlib"])]
    assert names == sorted(names)
    assert {"matplotlib", "numpy", "kiwisolver", "pillow", "six"} <= set(names)
    numpy = locked_packages(lock, ["numpy"])
    assert [p.wheel.sha256 for p in numpy] == [
        "0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e"
    ]


def test_package_that_pyodide_has_not(template: Path) -> None:
    lock = Layout(template).npm_pyodide / "pyodide-lock.json"
    with pytest.raises(AssembleError, match="no package 'torch'"):
        locked_packages(lock, ["torch"])


def test_lock_that_is_none(tmp_path: Path) -> None:
    lock = tmp_path / "pyodide-lock.json"
    for content in ("", "[]", '{"packages"', '{"packages": {}, "info": {}}'):
        lock.write_text(content)
        with pytest.raises(AssembleError, match="not Pyodide's lock"):
            locked_packages(lock, ["numpy"])


# Node and npm.


def _engine(root: Path, locked: dict[str, object]) -> Layout:
    layout = Layout(root)
    layout.engine.mkdir(parents=True)
    project = {"name": "engine", "version": "1.0.0"}
    (layout.engine / "package.json").write_text(json.dumps(project))
    lock = {**project, "lockfileVersion": 3, "requires": True}
    lock["packages"] = {"": project, **locked}
    (layout.engine / "package-lock.json").write_text(json.dumps(lock))
    return layout


def _installed(layout: Layout, packages: dict[str, object]) -> None:
    modules = layout.engine / "node_modules"
    modules.mkdir(exist_ok=True)
    (modules / ".package-lock.json").write_text(
        json.dumps({"packages": packages})
    )


def test_node_modules_are_compared_with_the_lock(tmp_path: Path) -> None:
    ours = {"node_modules/a": {"version": "1.0.0"}}
    other_system = {"node_modules/b": {"version": "1.0.0", "optional": True}}
    layout = _engine(tmp_path, {**ours, **other_system})
    assert not node_modules_fresh(layout)
    (layout.engine / "node_modules").mkdir()
    assert not node_modules_fresh(layout)  # npm was killed: no lock inside
    _installed(layout, ours)
    assert node_modules_fresh(layout)
    _installed(layout, {"node_modules/a": {"version": "1.0.1"}})
    assert not node_modules_fresh(layout)
    _installed(layout, {**ours, "node_modules/c": {"version": "1.0.0"}})
    assert not node_modules_fresh(layout)
    _installed(layout, other_system)
    assert not node_modules_fresh(layout)


def test_npm_that_fails_says_why(tmp_path: Path) -> None:
    layout = _engine(tmp_path, {})
    project = {"name": "engine", "dependencies": {"not-in-the-lock": "1.0.0"}}
    (layout.engine / "package.json").write_text(json.dumps(project))
    with pytest.raises(AssembleError, match="npm ci") as caught:
        install_node_modules(layout)
    assert "not-in-the-lock" in str(caught.value)


def test_node_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    program = tmp_path / "endless.mjs"
    program.write_text("setInterval(() => {}, 1000);")
    with pytest.raises(AssembleError, match="ended after 1 seconds"):
        run_node([str(program)], timeout=1)


# Folders.


def test_replacing_a_folder(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    place = layout.assets / "cells"
    place.mkdir(parents=True)
    (place / "old.js").write_text("old")
    with folder_aside(layout) as aside:
        new = aside / "cells"
        new.mkdir()
        (new / "new.js").write_text("new")
        replace_folder(new, place)
    assert [p.name for p in place.iterdir()] == ["new.js"]
    assert [p.name for p in layout.assets.iterdir()] == ["cells"]


def test_what_was_made_aside_goes_when_it_fails(tmp_path: Path) -> None:
    layout = Layout(tmp_path)

    def fail_half_way() -> None:
        with folder_aside(layout) as aside:
            (aside / "half").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert list(layout.assets.iterdir()) == []


def test_leftovers_of_a_killed_run(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    (layout.assets / ".assemble-killed").mkdir(parents=True)
    assert has_leftovers(layout)
    clear_leftovers(layout)
    assert not has_leftovers(layout)


def test_folder_that_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(AssembleError, match=r"pyproject\.toml is missing"):
        checked_layout(tmp_path)


# The record.


@pytest.mark.parametrize("damage", ["", "[1]", '{"a": 3}', '{"a": {"inputs"'])
def test_damaged_record_counts_as_empty(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "notes" / "record.json"
    Record(path).note({"cells": Made("i", {"cells.js": "h"})})
    assert Record(path).made("cells") == Made("i", {"cells.js": "h"})
    path.write_text(damage)
    assert Record(path).made("cells") == Made("", {})


# One at a time.

CHILD = """
import subprocess, sys, time
from pathlib import Path
from tutorial_kernels.site.assemble.guard import only_one, shared_lock
with only_one(Path(sys.argv[1]), lambda: None):
    sleeper = [sys.executable, "-c", "import time; time.sleep(1.5)"]
    started = subprocess.Popen(sleeper, **shared_lock())
    print("held", flush=True)
    started.wait()
"""


def test_what_a_killed_run_started_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", CHILD, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
        holder.wait()
        waits: list[str] = []
        start = time.perf_counter()
        with only_one(lock, lambda: waits.append("waiting"), patience=30):
            waited = time.perf_counter() - start
    assert waits == ["waiting"]
    assert waited > 0.3


HOLDER = """
import sys, time
from pathlib import Path
from tutorial_kernels.site.assemble.guard import only_one
with only_one(Path(sys.argv[1]), lambda: None):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", HOLDER, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        waits: list[str] = []
        with (
            pytest.raises(AssembleError, match="another process"),
            only_one(lock, lambda: waits.append("waiting"), patience=0.3),
        ):
            pytest.fail("two held the lock at once")
        assert waits == ["waiting"]
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        start = time.perf_counter()
        with only_one(lock, lambda: waits.append("again"), patience=5):
            assert time.perf_counter() - start < 2
    assert waits == ["waiting"]


# What the person at the terminal sees.


@pytest.mark.parametrize("kind", [Lines, Bars])
def test_progress_tells_what_and_how_much(
    kind: type[Lines | Bars], capsys: pytest.CaptureFixture[str]
) -> None:
    report = kind()

    def work(label: str) -> None:
        with report.task(label) as on_bytes:
            on_bytes(1_500_000)
            on_bytes(1_000_000)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ["fetch one", "fetch another"]))
    report.say("done")
    if isinstance(report, Bars):
        report.close()
    output = capsys.readouterr().out
    for part in ("fetch one", "fetch another", "2.5 MB", "assemble: done"):
        assert part in output


def test_without_progress_nothing_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with reporter(False) as report, report.task("fetch one") as on_bytes:
        on_bytes(1)
        report.say("done")
    with reporter(True) as report:  # captured output is no terminal
        assert isinstance(report, Lines)
    assert capsys.readouterr().out == ""
