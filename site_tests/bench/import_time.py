"""What `import tutorial_kernels` adds to NumPy's own import, in CPU time.

    python site_tests/bench/import_time.py [REPEATS]

Fresh interpreters take turns, so that a busy machine slows all of them alike;
the ratio to NumPy's own import is what can be compared between machines. The
byte code lies in a folder of its own and was written before.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile

CODES = {
    "nothing": "pass",
    "numpy": "import numpy, numpy.random",
    "tutorial_kernels": "import tutorial_kernels",
}


def cpu_time(code: str, cache: str) -> float:
    """The milliseconds of CPU that a fresh interpreter spends on `code`."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user = after.ru_utime - before.ru_utime
    return 1000 * (user + after.ru_stime - before.ru_stime)


def main() -> None:
    """Print the smallest and the middle time of each, and the ratio."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    times: dict[str, list[float]] = {name: [] for name in CODES}
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(1 + repeats):
            for name, code in CODES.items():
                times[name].append(cpu_time(code, cache))
    for values in times.values():
        del values[0]  # it wrote the byte code
    for kind, choose in (("minimum", min), ("median", statistics.median)):
        nothing, numpy, ours = (choose(times[name]) for name in CODES)
        print(
            f"{kind} of {repeats}: Python {nothing:.0f} ms, NumPy adds "
            f"{numpy - nothing:.0f} ms, tutorial_kernels {ours - numpy:.0f} ms "
            f"more ({(ours - numpy) / (numpy - nothing):.2f} of NumPy's)"
        )


if __name__ == "__main__":
    main()
