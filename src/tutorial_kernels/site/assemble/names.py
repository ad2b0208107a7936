"""The names that the editor offers before Python has started.

A file of the page's own: the public names of the course's package and of
NumPy with their signatures, the keywords and the built-in functions. They are
read off the checkout's own package, by a Python of their own.
"""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tutorial_kernels import autograd
from tutorial_kernels.durable import write_whole
from tutorial_kernels.page.completion import WORDS, attributes
from tutorial_kernels.page.describing import describe, kind_of
from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.fingerprint import combined, file_sha256
from tutorial_kernels.site.assemble.layout import Layout
from tutorial_kernels.site.assemble.wheels import (
    NOT_IN_PAGES,
    page_sources_sha256,
)

FILE = "names.json"
_COURSE = "tutorial_kernels"
_OTHERS = ("numpy", "numpy.fft", "numpy.linalg", "numpy.random")
_PROGRAM = f"from {__name__} import main; main()"
_WHOLE = ("models",)  # packages whose modules a cell imports by name

type _Row = tuple[str, str, str, str]


def names_inputs(layout: Layout) -> str:
    """Returns one hash over all that the file is made from."""
    return combined(page_sources_sha256(layout), file_sha256(Path(__file__)))


def make_names(layout: Layout, target: Path) -> None:
    """Writes the file into a folder.

    Raises:
        AssembleError: The checkout's package cannot be imported.
    """
    path = os.pathsep.join(
        [str(layout.package.parent), os.environ.get("PYTHONPATH", "")]
    )
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(target / FILE)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path.rstrip(os.pathsep)},
        stdin=subprocess.DEVNULL,
        text=True,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise AssembleError(f"{FILE}: the names cannot be listed: {last}")


def catalog() -> dict[str, object]:
    """Returns the names of every module, and those that need no import."""
    builtins = importlib.import_module("builtins")
    modules = {
        name: sorted(_rows(importlib.import_module(name)))
        for name in sorted({*_OTHERS, *_course_modules()})
    }
    words: list[_Row] = [(word, "keyword", "", "") for word in WORDS]
    return {"modules": modules, "names": words + sorted(_rows(builtins))}


def _course_modules() -> Iterator[str]:
    course = importlib.import_module(_COURSE)
    yield _COURSE
    for info in pkgutil.iter_modules(course.__path__):
        if info.name in NOT_IN_PAGES or f"{info.name}.py" in NOT_IN_PAGES:
            continue
        name = f"{_COURSE}.{info.name}"
        yield name
        if info.name in _WHOLE:
            package = importlib.import_module(name)
            for part in pkgutil.iter_modules(package.__path__):
                yield f"{name}.{part.name}"


def _rows(module: ModuleType) -> Iterator[_Row]:
    """What a module offers: its `__all__`, else what it defines itself."""
    stored = attributes(module)
    public = getattr(module, "__all__", None)
    for name, value in stored.items():
        if name.startswith("_"):
            continue
        is_own = _is_own(module, name, value)
        if not (is_own if public is None else name in public):
            continue
        words = describe(value)
        signature = words["signature"] if kind_of(value) != "variable" else ""
        yield name, kind_of(value), signature, words["summary"]


def _is_own(module: ModuleType, name: str, value: object) -> bool:
    """Whether a module defines it, or has the tape make it out of a pair."""
    maker = getattr(value, "__module__", None)
    lifted = maker == autograd.__name__ and not hasattr(autograd, name)
    return maker == module.__name__ or lifted


def main() -> None:
    """Writes the file that the command line names."""
    text = json.dumps(catalog(), ensure_ascii=False, separators=(",", ":"))
    write_whole(Path(sys.argv[1]), [text.encode()])
