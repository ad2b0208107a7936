"""You send a gradient to the right class alone. Every logit stands in the sum
of the softmax, so the others get theirs: their probabilities.
"""

import numpy as np


def cross_entropy_backward(grad_out, cache):
    p, labels = cache
    rows = np.arange(len(labels))
    grad = np.zeros_like(p)
    grad[rows, labels] = p[rows, labels] - 1
    return grad_out * grad / len(labels)
