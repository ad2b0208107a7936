"""A pytest plugin: the tests that follow run with the compiled loops.

python -m pytest -p site_tests.fast.with_loops site_tests/kernels
"""

import tempfile
from pathlib import Path

from site_tests.programs import module_of
from tutorial_kernels import fast

BUILD = Path(__file__).resolve().parents[2] / "src/fast_loops/build.py"


def pytest_configure() -> None:
    """Build them for this machine and install them."""
    build = module_of(BUILD)
    folder = tempfile.mkdtemp(prefix="loops-")
    library = Path(folder, "loops_native.so")
    build.build_native(library)
    fast.install(library)


def pytest_report_header() -> str:
    """Say so, else nobody knows."""
    return f"NumPy's loops: {fast.installed()}"
