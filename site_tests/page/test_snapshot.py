"""What a restored Python draws, and what it must not offer by chance."""

import json
import random
import subprocess
import sys

import numpy as np

from tutorial_kernels import randomness
from tutorial_kernels.page.snapshot import prepare, renew


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


def test_a_later_visit_offers_no_module_that_the_first_one_lacks():
    """What a start from the files imports, and nothing else of ours."""
    code = (
        "import sys, json, {0}\n"
        "{1}\n"
        "print(json.dumps(sorted(m for m in sys.modules"
        " if m.startswith('tutorial_kernels'))))"
    )

    def modules(imported, then):
        done = subprocess.run(
            [sys.executable, "-c", code.format(imported, then)],
            capture_output=True,
            text=True,
            check=True,
        )
        return set(json.loads(done.stdout))

    own = "tutorial_kernels.page.snapshot"
    kept = modules(own, f"{own}.prepare()")
    plain = modules("tutorial_kernels.page.session", "import tutorial_kernels")
    assert kept - plain == {own}


def test_prepare_can_be_called_anywhere():
    prepare()
