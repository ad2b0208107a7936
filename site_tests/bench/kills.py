"""Kills a training run twenty times and compares it with one left alone.

Run it as ``python -m site_tests.bench.kills [NUMBER]``. The tests do the same
with fewer kills.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from site_tests.training.nursery import Nursery
from site_tests.training.test_resume import kill_and_compare


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        nursery = Nursery(Path(folder))
        start = time.monotonic()
        torn = kill_and_compare(nursery, Path(folder), kills)
        nursery.close()
    print(
        f"{kills} kills, {torn} of them inside a write: every loss and every "
        f"weight as in the run left alone; {time.monotonic() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
