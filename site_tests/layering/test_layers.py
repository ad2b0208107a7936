"""Which part may import which, read from the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "tutorial_kernels"
SOURCE = Path(__file__).resolve().parents[2] / "src" / PACKAGE
STANDARD = set(sys.stdlib_module_names)

# What each part may import of the package, besides itself.
ALLOWED = {
    "kernels": set(),
    "signatures": set(),
    "arrivals": {"kernels", "signatures"},
    "autograd": {"kernels", "signatures", "arrivals"},
    "explanation": {"autograd"},
    "randomness": set(),
    "functional": {"kernels", "autograd", "randomness"},
    "nn": {"kernels", "autograd", "functional", "randomness"},
    "optim": {"kernels", "autograd", "functional", "nn"},
    "models": {"", "kernels", "autograd", "functional", "nn"},
    "gradcheck": {"kernels", "autograd", "functional", "nn"},
    "fast": {"kernels"},
    "torch_models": set(),
    "parity": {"kernels", "autograd", "functional", "nn", "optim", "models", "torch_models", "randomness"},
}  # fmt: skip
TORCH = {"torch_models", "parity", "training"}
NUMPY_ONLY = {
    "kernels",
    "signatures",
    "arrivals",
    "autograd",
    "explanation",
    "randomness",
    "functional",
    "nn",
    "optim",
    "models",
    "gradcheck",
    "fast",
}


def part_of(path: Path) -> str:
    """`kernels` for kernels/linear.py, `autograd` for autograd.py."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports(source: str) -> set[str]:
    """Every module named by an import anywhere in the source."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            if node.module == PACKAGE:
                found |= {f"{PACKAGE}.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
    return found


def inner(source: str) -> set[str]:
    """The parts of the package that a source imports; "" is its top."""
    names = {
        n.split(".")[1] for n in imports(source) if n.startswith(PACKAGE + ".")
    }
    return {name if exists(name) else "" for name in names}


def exists(part: str) -> bool:
    return (SOURCE / part).is_dir() or (SOURCE / f"{part}.py").is_file()


def outer(source: str) -> set[str]:
    """The other packages that a source imports."""
    return {n.split(".")[0] for n in imports(source)} - STANDARD - {PACKAGE}


FILES = sorted(SOURCE.rglob("*.py"))


def label(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=label)
def test_parts_import_only_what_lies_below(path: Path) -> None:
    part = part_of(path)
    source = path.read_text(encoding="utf-8")
    if part in ALLOWED:
        assert inner(source) <= ALLOWED[part] | {part}
    if part in NUMPY_ONLY:
        assert outer(source) <= {"numpy"}
    if "torch" in outer(source):
        assert part in TORCH
    if "fast" in inner(source):  # the reference knows nothing of it
        assert part in {"fast", "page"}
    for top in ("site", "training"):
        if top in inner(source):
            assert part in {top, "cli", "__main__"}


def test_the_parts_are_there() -> None:
    parts = {part_of(path) for path in FILES}
    assert set(ALLOWED) <= parts


def test_a_forbidden_import_is_seen() -> None:
    assert inner("from tutorial_kernels import nn, Tensor") == {"nn", ""}
    assert inner("def f():\n    import tutorial_kernels.site.cell") == {"site"}
    assert outer("import torch.nn as nn\nimport re") == {"torch"}


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_loads_numpy_alone() -> None:
    code = (
        "import sys, numpy.random; before = set(sys.modules)\n"
        "import tutorial_kernels, tutorial_kernels.gradcheck\n"
        "import tutorial_kernels.models.cnn, tutorial_kernels.models.fnn\n"
        "print({m.split('.')[0] for m in set(sys.modules) - before})"
    )
    loaded = ast.literal_eval(run(code))
    assert loaded - STANDARD - {PACKAGE, "numpy"} == set()
