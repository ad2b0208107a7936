"""A test that hangs is named, and holds up no other."""

import subprocess
import sys

SAME_ROOMS = "from site_tests.conftest import pytest_xdist_make_scheduler\n"
TESTS = """
import threading

def test_hangs():
    threading.Event().wait()

def test_comes_after_it():
    pass
"""


def test_a_test_that_hangs_says_where_and_ends(root, tmp_path):
    (tmp_path / "conftest.py").write_text(SAME_ROOMS)
    (tmp_path / "test_both.py").write_text(TESTS)
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-n", "1", "--dist", "loadscope",
            "-c", str(root / "pyproject.toml"), "--rootdir", str(tmp_path),
            "-p", "no:cacheprovider", "-o", "faulthandler_timeout=2", ".",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout
    assert "Timeout (0:00:02)!" in done.stderr
    assert "in test_hangs" in done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert "crashed while running 'test_both.py::test_hangs'" in done.stdout


def test_every_run_has_the_limit_that_contributors_are_told(root, pytestconfig):
    limit = float(pytestconfig.getini("faulthandler_timeout"))
    assert 0 < limit <= 1800
    told = f"is ended after {limit / 60:.0f} minutes"
    assert told in (root / "CONTRIBUTING.md").read_text()
