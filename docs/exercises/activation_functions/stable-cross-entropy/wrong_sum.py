"""Your loss is a sum over the rows. It is their mean, so that it does not grow
with the size of the batch.
"""

import numpy as np


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    return -log_p[rows, labels].sum(), NotImplemented
