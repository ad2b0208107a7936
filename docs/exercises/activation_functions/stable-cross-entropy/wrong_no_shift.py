"""Your exponentials overflow: subtract the largest score of each row before
you take them.
"""

import numpy as np


def cross_entropy(logits, labels):
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    return -log_p[rows, labels].mean(), NotImplemented
