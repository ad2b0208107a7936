"""The loops, built for this machine once a session."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tutorial_kernels import fast


@pytest.fixture(scope="session")
def build(root: Path) -> ModuleType:
    """`src/fast_loops/build.py`, which is a program and no package."""
    path = root / "src/fast_loops/build.py"
    spec = importlib.util.spec_from_file_location("fast_loops_build", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def library(
    build: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The library for this machine."""
    path = tmp_path_factory.mktemp("loops") / "loops_native.so"
    build.build_native(path)
    return path


@pytest.fixture
def loops(library: Path) -> Iterator[str]:
    """NumPy with the compiled loops, for one test."""
    yield fast.install(library)
    fast.uninstall()
