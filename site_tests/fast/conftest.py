"""The loops, built for this machine once a session."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from site_tests.programs import module_of
from tutorial_kernels import fast


@pytest.fixture(scope="session")
def build(root: Path) -> ModuleType:
    """`src/fast_loops/build.py`, which is a program and no package."""
    return module_of(root / "src/fast_loops/build.py")


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
