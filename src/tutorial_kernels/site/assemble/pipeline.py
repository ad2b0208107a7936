"""`assemble`: everything a page needs that is not written by hand."""

import time
from dataclasses import dataclass
from pathlib import Path

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.frontend import (
    Folder,
    build_folder,
    frontend_folders,
    stale_folders,
)
from tutorial_kernels.site.assemble.guard import only_one
from tutorial_kernels.site.assemble.layout import (
    Layout,
    checked_layout,
    clear_leftovers,
    folder_aside,
    has_leftovers,
)
from tutorial_kernels.site.assemble.nodejs import (
    install_node_modules,
    node_modules_fresh,
)
from tutorial_kernels.site.assemble.record import Record
from tutorial_kernels.site.assemble.reporting import Reporter, reporter
from tutorial_kernels.site.assemble.runtime import (
    Part,
    build_runtime,
    current_runtime,
    is_whole,
    remove_old_runtimes,
    runtime_parts,
    stale_parts,
)


@dataclass(frozen=True)
class AssembleReport:
    """What `assemble` leaves behind.

    Attributes:
        key: The name of the runtime's version.
        path: The runtime's folder.
        total_bytes: The bytes of its files.
        rebuilt: What was made anew, by name; empty when all was fresh.
        seconds: How long the call took.
    """

    key: str
    path: Path
    total_bytes: int
    rebuilt: tuple[str, ...]
    seconds: float


def assemble(root: Path, *, progress: bool = True) -> AssembleReport:
    """Makes what is missing or stale in `docs/assets`, and nothing else.

    Afterwards `docs/assets/pyodide` holds one versioned runtime and
    `current.json`, `docs/assets/cells` the bundled engine and
    `docs/assets/katex` the style of formulas. Each is made aside and moved
    to its place when it is complete, so a run that fails or is killed
    leaves the old state or the new one.

    Args:
        root: The checkout's folder.
        progress: Whether to show what is being done.

    Returns:
        What is in force and what was made anew.

    Raises:
        AssembleError: A part could not be made. The message names the
            file, every source tried with its reason, and the two hashes
            where one does not match.
    """
    start = time.perf_counter()
    layout = checked_layout(root)
    with reporter(progress) as report:
        try:
            rebuilt = _make_fresh(layout, report)
        except OSError as error:  # a full disk, a folder closed to us
            raise AssembleError(f"assemble: {error}") from error
        result = _result(layout, rebuilt, time.perf_counter() - start)
        report.say(_summary(result))
    return result


def _make_fresh(layout: Layout, report: Reporter) -> list[str]:
    if _is_fresh(layout):
        return []
    waiting = "waiting for another assemble of this checkout"
    with only_one(layout.notes / "lock", lambda: report.say(waiting)):
        return _rebuild(layout, report)


def _is_fresh(layout: Layout) -> bool:
    if not node_modules_fresh(layout) or has_leftovers(layout):
        return False
    try:
        parts, folders = _wanted(layout)
    except AssembleError:  # npm's packages are not what they should be
        return False
    record = _record(layout)
    return (
        is_whole(layout, parts)
        and not stale_parts(layout, record, parts)
        and not stale_folders(layout, record, folders)
    )


def _rebuild(layout: Layout, report: Reporter) -> list[str]:
    """Makes what is stale, as the only process that writes."""
    clear_leftovers(layout)
    remove_old_runtimes(layout)
    rebuilt: list[str] = []
    if not node_modules_fresh(layout):
        with report.task("install npm's packages"):
            install_node_modules(layout)
        rebuilt.append("node_modules")
    # Another process may have done the work while this one waited, so what
    # is stale is looked up only now.
    parts, folders = _wanted(layout)
    record = _record(layout)
    with folder_aside(layout) as aside:
        if stale_parts(layout, record, parts) or not is_whole(layout, parts):
            rebuilt += build_runtime(layout, record, parts, aside, report)
        for folder in stale_folders(layout, record, folders):
            build_folder(layout, record, folder, aside, report)
            rebuilt.append(folder.name)
    return rebuilt


def _wanted(layout: Layout) -> tuple[list[Part], list[Folder]]:
    return runtime_parts(layout), frontend_folders(layout)


def _record(layout: Layout) -> Record:
    return Record(layout.notes / "record.json")


def _result(
    layout: Layout, rebuilt: list[str], seconds: float
) -> AssembleReport:
    current = current_runtime(layout)
    if current is None:
        raise AssembleError(
            f"assemble: {layout.runtime / 'current.json'} vanished while "
            "it was read; is something else removing docs/assets?"
        )
    return AssembleReport(
        key=current.key,
        path=layout.runtime / current.key,
        total_bytes=current.total_bytes,
        rebuilt=tuple(rebuilt),
        seconds=seconds,
    )


def _summary(result: AssembleReport) -> str:
    done = "everything was up to date"
    if len(result.rebuilt) > 3:
        done = f"made {len(result.rebuilt)} parts"
    elif result.rebuilt:
        done = f"made {', '.join(result.rebuilt)}"
    return (
        f"{done}; runtime {result.key}, {result.total_bytes / 1e6:.1f} MB "
        f"({result.seconds:.2f} s)"
    )
