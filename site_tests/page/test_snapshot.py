"""What a restored Python draws, and what it must not offer by chance."""

import ast
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

from tutorial_kernels import randomness
from tutorial_kernels.page.snapshot import prepare, renew

ROOT = Path(__file__).resolve().parents[2]


def _state():
    return (
        random.getstate(),
        np.random.get_state()[1].tobytes(),  # noqa: NPY002
        randomness.generator.bit_generator.state["state"]["state"],
    )


def test_every_generator_is_seeded_anew():
    states = []
    for _ in range(2):
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        randomness.manual_seed(1)
        assert renew() == 64.0
        states.append(_state())
    assert all(a != b for a, b in zip(*states, strict=True))


def test_it_imports_nothing_and_folders_are_listed_anew(tmp_path):
    code = (
        "import importlib.util, os, sys\n"
        "from tutorial_kernels.page.snapshot import prepare, renew\n"
        "prepare()\n"
        f"folder = {str(tmp_path)!r}\n"
        "sys.path.insert(0, folder)\n"
        "os.utime(folder, (1, 1))\n"
        "find = importlib.util.find_spec\n"
        "assert find('late') is None\n"
        "open(folder + '/late.py', 'w').close()\n"
        "os.utime(folder, (1, 1))\n"  # as if nothing had happened to it
        "assert find('late') is None\n"
        "modules = set(sys.modules)\n"
        "renew()\n"
        "assert set(sys.modules) == modules\n"
        "assert find('late') is not None\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_models_that_hold_the_generator_see_the_new_seed():
    held = randomness.generator
    renew()
    assert held is randomness.generator


def test_no_other_generator_lives_in_the_kept_memory():
    """One that `renew` does not know would repeat itself at every visit."""
    code = (
        "import gc, json, random, numpy as np\n"
        "from tutorial_kernels.page.snapshot import prepare\n"
        "prepare()\n"
        "from tutorial_kernels import randomness\n"
        "known = [random._inst, np.random.mtrand._rand, randomness.generator]\n"
        "kinds = (random.Random, np.random.RandomState, np.random.Generator)\n"
        "print(json.dumps([repr(g) for g in gc.get_objects()\n"
        "    if isinstance(g, kinds) and not isinstance(g, random.SystemRandom)\n"
        "    and not any(g is k for k in known)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_a_later_visit_has_the_modules_of_the_first():
    """What a start from the files imports is kept, and nothing else of ours."""

    def modules(*statements):
        told = "import json, sys; print(json.dumps(sorted(sys.modules)))"
        done = subprocess.run(
            [sys.executable, "-c", "\n".join([*statements, told])],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        return {name for name in found if name.startswith("tutorial_kernels")}

    own = "tutorial_kernels.page.snapshot"
    kept = modules(f"import {own}", f"{own}.prepare()")
    assert kept - modules(*imports_of_the_worker()) == {own}
    assert modules(*imports_of_the_worker()) <= kept


def imports_of_the_worker():
    """Our modules that the worker's own two import; those need a page."""
    for name in ("worker", "worker_widgets"):
        text = (ROOT / f"src/tutorial_kernels/page/{name}.py").read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                statement = ast.unparse(node)
                if (
                    "tutorial_kernels" in statement
                    and "worker" not in statement
                ):
                    yield statement


def test_prepare_can_be_called_anywhere():
    prepare()
