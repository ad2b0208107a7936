"""You subtract inside the cache. It belongs to the forward, and a second
backward would find it changed: take a copy.
"""

import numpy as np


def cross_entropy_backward(grad_out, cache):
    p, labels = cache
    p[np.arange(len(labels)), labels] -= 1
    return grad_out * p / len(labels)
