"""Python for the page: the core, the wheels and the lock, as one folder.

The folder's name holds a hash over its content, so what an address serves
never changes; `current.json` names the folder in force.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tutorial_kernels.durable import write_whole
from tutorial_kernels.site.assemble import bytecode, wheels
from tutorial_kernels.site.assemble.bytecode import Rules, compile_archive
from tutorial_kernels.site.assemble.downloads import standard_sources
from tutorial_kernels.site.assemble.fingerprint import (
    combined,
    file_sha256,
    has_exactly,
)
from tutorial_kernels.site.assemble.layout import (
    Layout,
    repair_folder,
    replace_folder,
)
from tutorial_kernels.site.assemble.lockfile import (
    LockedPackage,
    locked_packages,
    page_python,
    write_cut_lock,
)
from tutorial_kernels.site.assemble.nodejs import installed_version
from tutorial_kernels.site.assemble.on_demand import (
    ON_DEMAND,
    OnDemand,
    drops,
)
from tutorial_kernels.site.assemble.record import Made, Record
from tutorial_kernels.site.assemble.reporting import OnBytes, Reporter
from tutorial_kernels.site.assemble.sources import (
    Source,
    cache_folder,
    fetch,
)

# What pages import besides our own package; what these depend on follows.
PACKAGES = ("numpy",)

_OWN_PACKAGE = "tutorial-kernels"
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_LOCK = "pyodide-lock.json"


@dataclass(frozen=True)
class Part:
    """One file of the runtime.

    Attributes:
        name: Its name in the folder.
        label: What making it is called on the terminal.
        inputs: One hash over all that it is made from.
        make: Writes it to the path given.
    """

    name: str
    label: str
    inputs: str
    make: Callable[[Path, OnBytes], None]


@dataclass(frozen=True)
class Current:
    """The runtime in force, as `current.json` has it."""

    key: str
    total_bytes: int
    files: Mapping[str, Mapping[str, Any]]
    packages: Sequence[str]
    on_demand: Sequence[Mapping[str, Any]]

    @property
    def sha256(self) -> dict[str, str]:
        """What each file holds."""
        return {name: file["sha256"] for name, file in self.files.items()}


def runtime_parts(layout: Layout) -> list[Part]:
    """Returns every file of the runtime but the lock.

    Raises:
        AssembleError: A file that says what is wanted cannot be read.
    """
    pyodide = layout.npm_pyodide
    version = installed_version(layout, "pyodide")
    core = [
        Part(
            name,
            f"copy {name}",
            combined(version),
            partial(_copy, pyodide / name),
        )
        for name in _CORE
    ]
    wanted = locked_packages(pyodide / _LOCK, PACKAGES)
    for package in ON_DEMAND:
        wanted += _beside(pyodide / _LOCK, package)
    sources = standard_sources(version)
    packages = [_wheel(pyodide, version, each, sources) for each in wanted]
    # What takes longest begins first.
    library = _standard_library(pyodide, version)
    return [library, *packages, _own_wheel(layout, version), *core]


def current_runtime(layout: Layout) -> Current | None:
    """Returns what `current.json` says, None when it says nothing whole."""
    try:
        text = (layout.runtime / "current.json").read_text(encoding="utf-8")
        content = json.loads(text)
        current = Current(
            str(content["path"]).rstrip("/"),
            int(content["total_bytes"]),
            content["files"],
            content["packages"],
            content["on_demand"],
        )
        return current if all(current.sha256.values()) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def stale_parts(
    layout: Layout, record: Record, parts: Sequence[Part]
) -> list[Part]:
    """Returns the parts whose file is missing, damaged or out of date."""
    current = current_runtime(layout)
    if current is None:
        return list(parts)
    folder = layout.runtime / current.key
    return [
        part
        for part in parts
        if record.made(_note(part)).inputs != part.inputs
        or not _is(folder / part.name, current.sha256.get(part.name))
    ]


def is_whole(layout: Layout, parts: Sequence[Part]) -> bool:
    """Says whether just these parts are in force, and nothing else stands."""
    current = current_runtime(layout)
    if current is None:
        return False
    if current.files.keys() != {_LOCK, *(part.name for part in parts)}:
        return False
    if current.packages != [*_at_the_start(layout), _OWN_PACKAGE]:
        return False
    if current.on_demand != _on_demand(layout, current.files):
        return False
    names = {path.name for path in layout.runtime.iterdir()}
    return names == {current.key, "current.json"} and has_exactly(
        layout.runtime / current.key, current.sha256
    )


def build_runtime(
    layout: Layout,
    record: Record,
    parts: Sequence[Part],
    aside: Path,
    report: Reporter,
) -> list[str]:
    """Makes what is stale, takes over the rest, and puts all into force.

    Args:
        layout: The checkout.
        record: The notes about the last time.
        parts: All parts.
        aside: A folder to work in, on the file system of the results.
        report: Hears about each part.

    Returns:
        The names of the files that were made anew; the lock always is.

    Raises:
        AssembleError: A part could not be made; nothing has changed then.
    """
    new = aside / "runtime"
    new.mkdir()
    stale = stale_parts(layout, record, parts)
    current = current_runtime(layout)
    for part in parts:
        if part not in stale and current is not None:
            shutil.copyfile(
                layout.runtime / current.key / part.name, new / part.name
            )

    def make(part: Part) -> None:
        with report.task(part.label) as on_bytes:
            part.make(new / part.name, on_bytes)

    # Compiling is the long part; two at a time keep two cores busy.
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(make, stale))
    lock = layout.npm_pyodide / _LOCK
    names = _at_the_start(layout)
    write_cut_lock(lock, new, names, wheels.page_wheel_name(layout))
    _put_into_force(layout, new, [*names, _OWN_PACKAGE])
    record.note({_note(part): Made(part.inputs, {}) for part in parts})
    remove_old_runtimes(layout)
    return [*(part.name for part in stale), _LOCK]


def remove_old_runtimes(layout: Layout) -> None:
    """Removes every version but the one in force."""
    current = current_runtime(layout)
    if current is None:
        return
    for path in layout.runtime.iterdir():
        if path.name in (current.key, "current.json"):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _at_the_start(layout: Layout) -> list[str]:
    """What every page has of Pyodide's packages."""
    lock = layout.npm_pyodide / _LOCK
    return [package.name for package in locked_packages(lock, PACKAGES)]


def _beside(lock: Path, package: OnDemand) -> list[LockedPackage]:
    """What a package on demand needs besides what every page has."""
    always = {each.name for each in locked_packages(lock, PACKAGES)}
    return [
        each
        for each in locked_packages(lock, [package.name], package.left_out)
        if each.name not in always
    ]


def _standard_library(pyodide: Path, version: str) -> Part:
    name = bytecode.STANDARD_LIBRARY
    python = page_python(pyodide / _LOCK).replace(".", "")
    rules = Rules(f"/lib/python{python}.zip")

    def make(target: Path, on_bytes: OnBytes) -> None:
        compile_archive(pyodide, pyodide / name, target, rules)
        on_bytes(target.stat().st_size)

    inputs = combined(version, bytecode.tools_sha256(), repr(rules))
    return Part(name, "compile the standard library", inputs, make)


def _wheel(
    pyodide: Path,
    version: str,
    package: LockedPackage,
    sources: Sequence[Source],
) -> Part:
    wanted = package.wheel
    rules = Rules(_packages_folder(pyodide), drops(package.name))

    def make(target: Path, on_bytes: OnBytes) -> None:
        kept = fetch(wanted, cache_folder(), sources, on_bytes)
        compile_archive(pyodide, kept, target, rules)

    inputs = combined(
        version, wanted.sha256, bytecode.tools_sha256(), repr(rules)
    )
    label = f"fetch and compile {package.name}"
    return Part(wanted.name, label, inputs, make)


def _own_wheel(layout: Layout, version: str) -> Part:
    # The course reads its code aloud: inspect.getsource works in a cell.
    # The sources cost 50 KB and no measurable time.
    rules = Rules(
        _packages_folder(layout.npm_pyodide),
        wheels.page_wheel_drops(layout),
        keep_source=True,
        short_metadata=True,
    )

    def make(target: Path, on_bytes: OnBytes) -> None:
        whole = target.parent.with_name("own_wheel")
        whole.mkdir()
        wheel = wheels.build_wheel(layout, whole)
        compile_archive(layout.npm_pyodide, wheel, target, rules)
        on_bytes(target.stat().st_size)

    inputs = combined(
        version,
        wheels.page_sources_sha256(layout),
        bytecode.tools_sha256(),
        repr(rules),
    )
    name = wheels.page_wheel_name(layout)
    return Part(name, f"build and compile {_OWN_PACKAGE}", inputs, make)


def _packages_folder(pyodide: Path) -> str:
    return f"/lib/python{page_python(pyodide / _LOCK)}/site-packages"


def _put_into_force(layout: Layout, new: Path, packages: Sequence[str]) -> None:
    files: dict[str, dict[str, Any]] = {
        path.name: {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in sorted(new.iterdir())
    }
    version = installed_version(layout, "pyodide")
    content = combined({n: f["sha256"] for n, f in files.items()})
    key = f"{version}-{content[:12]}"
    place = layout.runtime / key
    if place.is_dir():
        repair_folder(new, place)
    else:
        replace_folder(new, place)
    current = {
        "path": f"{key}/",
        "pyodide": version,
        "files": files,
        "packages": list(packages),
        "on_demand": _on_demand(layout, files),
        "total_bytes": sum(f["bytes"] for f in files.values()),
    }
    text = json.dumps(current, indent=1) + "\n"
    write_whole(layout.runtime / "current.json", [text.encode()])


def _on_demand(
    layout: Layout, files: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What cells load by an import: the names, the wheels and their size."""
    lock = layout.npm_pyodide / _LOCK
    noted = []
    for package in ON_DEMAND:
        wheels = [each.wheel.name for each in _beside(lock, package)]
        noted.append(
            {
                "name": package.name,
                "imports": list(package.imports),
                "files": wheels,
                "bytes": sum(files[name]["bytes"] for name in wheels),
            }
        )
    return noted


def _copy(source: Path, target: Path, on_bytes: OnBytes) -> None:
    shutil.copyfile(source, target)
    on_bytes(target.stat().st_size)


def _note(part: Part) -> str:
    return f"pyodide/{part.name}"


def _is(path: Path, sha256: str | None) -> bool:
    return path.is_file() and file_sha256(path) == sha256
