"""The properties, with NumPy's own loops and with ours."""

import threading

import numpy as np
import pytest

from site_tests.fast import properties
from site_tests.fast.pooling import pooling

SEEDS = 60
PROPERTIES = (*properties.PROPERTIES, pooling)


@pytest.mark.parametrize("held", PROPERTIES, ids=lambda p: p.__name__)
def test_property_holds_with_the_loops(held, loops):
    with np.errstate(all="ignore"):
        for seed in range(SEEDS):
            held(seed)


@pytest.mark.parametrize("held", PROPERTIES, ids=lambda p: p.__name__)
def test_property_holds_of_numpy_itself(held):
    """Else it would say nothing about the loops."""
    if held in (properties.strided_functions, properties.accuracy):
        pytest.skip(
            "NumPy's own vector loops round differently from its scalar ones"
        )
    with np.errstate(all="ignore"):
        for seed in range(SEEDS):
            held(seed)


def test_two_threads_do_not_disturb_each_other(loops):
    """NumPy lets other threads run while a product is computed."""
    rng = np.random.default_rng(0)
    pairs = [
        rng.standard_normal((2, 300, 300)).astype(np.float32) for _ in range(2)
    ]
    alone = [a @ b for a, b in pairs]
    same = [True, True]

    def work(number):
        a, b = pairs[number]
        for _ in range(30):
            same[number] &= bool(np.array_equal(a @ b, alone[number]))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True, True]
