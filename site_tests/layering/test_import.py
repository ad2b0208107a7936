"""`import tutorial_kernels` loads little more than NumPy.

How long it takes is a benchmark: site_tests/bench/import_time.py.
"""

from __future__ import annotations

import json
import subprocess
import sys

# What the library takes of the standard library beyond what NumPy and its
# random numbers have loaded.
STANDARD = {"_heapq", "copy", "heapq"}


def loaded(code: str) -> set[str]:
    """The modules of a fresh interpreter after some code."""
    listing = f"import json, sys; {code}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", listing],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_the_import_loads_a_named_set_of_modules() -> None:
    numpy = loaded("import numpy, numpy.random")
    ours = loaded("import tutorial_kernels")
    added = {
        name
        for name in ours - numpy
        if name.partition(".")[0] != "tutorial_kernels"
    }
    assert added <= STANDARD
    assert not {n for n in ours if n.partition(".")[0] in ("torch", "scipy")}


def test_the_import_leaves_out_what_a_program_asks_for() -> None:
    parts = {
        name.split(".")[1]
        for name in loaded("import tutorial_kernels")
        if name.startswith("tutorial_kernels.")
    }
    assert not parts & {
        "cli", "data", "gradcheck", "models", "page", "parity", "site",
        "torch_models", "training", "weights",
    }  # fmt: skip
