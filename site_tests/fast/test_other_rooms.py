"""What holds of the kernels holds with the loops, too."""

import os
import re
import subprocess
import sys

ROOMS = ("site_tests/kernels", "site_tests/parity")


def test_kernels_and_parity_pass_with_the_loops(root):
    """The tests of two other rooms once more, NumPy's loops replaced."""
    apart = {k: v for k, v in os.environ.items() if "PYTEST" not in k}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "site_tests.fast.with_loops",
         "-p", "no:cacheprovider", *ROOMS],
        cwd=root, env=apart, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "NumPy's loops: loops_native.so" in done.stdout
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    assert int(passed) > 4900
