"""You leave out `grad_out`. The loss may be a part of something larger:
multiply by what came back.
"""

import numpy as np


def cross_entropy_backward(grad_out, cache):
    p, labels = cache
    grad = p.copy()
    grad[np.arange(len(labels)), labels] -= 1
    return grad / len(labels)
