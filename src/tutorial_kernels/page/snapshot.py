"""What Python does before its memory is kept, and after it is restored.

A restored Python is the one that was kept, to the last bit: without
`renew` every visit would draw the same random numbers.
"""

from __future__ import annotations

import gc
import importlib
import random
import sys

import numpy as np

from tutorial_kernels import randomness

# What a start from the files imports too, so that a later visit offers a
# cell no name that the first one lacked: all that the worker's module needs
# but itself and its widgets, which hold on to JavaScript.
IMPORTED = (
    "asyncio",
    "json",
    "signal",
    "numpy.random",
    "tutorial_kernels",
    "tutorial_kernels.fast",
    "tutorial_kernels.page.completion",
    "tutorial_kernels.page.crossing",
    "tutorial_kernels.page.imports",
    "tutorial_kernels.page.packing",
    "tutorial_kernels.page.session",
    "tutorial_kernels.page.widget",
)


def prepare() -> None:
    """Import what cells need and clear away what they do not."""
    for name in IMPORTED:
        importlib.import_module(name)
    np.ones((2, 2)) @ np.ones((2, 2))
    gc.collect()


def renew() -> float:
    """Draw new seeds from the system for every generator there is.

    The seed of ``hash()`` stays what it was when the memory was kept.

    Returns:
        The sum of a matrix product, 64, for whoever wants to see that NumPy
        is alive.
    """
    # Folders are listed anew. importlib.invalidate_caches would do that and
    # more, and first import so much that all of this took twice as long.
    sys.path_importer_cache.clear()
    random.seed()
    np.random.seed()  # noqa: NPY002 (what readers' older code draws from)
    fresh = np.random.default_rng().bit_generator.state
    randomness.generator.bit_generator.state = fresh
    return float((np.ones((4, 4)) @ np.ones((4, 4))).sum())
