"""Your loss is negative. The logarithm of a probability is: the loss is
*minus* its mean.
"""

import numpy as np


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    return log_p[rows, labels].mean(), NotImplemented
