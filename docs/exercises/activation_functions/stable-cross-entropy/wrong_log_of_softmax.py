"""You take the logarithm of the softmax. A small probability is rounded to 0,
and the loss is infinite: subtract the log-sum-exp from the scores instead.
"""

import numpy as np


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    return -np.log(p[rows, labels]).mean(), NotImplemented
