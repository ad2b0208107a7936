"""You return what has been bent for a next layer that does not come: logits may
be negative, so return `z`.
"""

from itertools import pairwise

import numpy as np


def first_logits(x, sizes, seed):
    rng = np.random.default_rng(seed)
    for inputs, outputs in pairwise(sizes):
        W = rng.normal(size=(outputs, inputs))
        W *= np.sqrt(2 / inputs)
        z = x @ W.T
        x = np.maximum(z, 0)
    return x
