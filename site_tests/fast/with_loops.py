"""A pytest plugin: the tests that follow run with the compiled loops.

python -m pytest -p site_tests.fast.with_loops site_tests/kernels
"""

import importlib.util
import tempfile
from pathlib import Path

from tutorial_kernels import fast

BUILD = Path(__file__).resolve().parents[2] / "src/fast_loops/build.py"


def pytest_configure() -> None:
    """Build them for this machine and install them."""
    spec = importlib.util.spec_from_file_location("fast_loops_build", BUILD)
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    folder = tempfile.mkdtemp(prefix="loops-")
    library = Path(folder, "loops_native.so")
    build.build_native(library)
    fast.install(library)


def pytest_report_header() -> str:
    """Say so, else nobody knows."""
    return f"NumPy's loops: {fast.installed()}"
