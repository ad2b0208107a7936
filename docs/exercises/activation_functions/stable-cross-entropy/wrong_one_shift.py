"""You subtract one largest score from the whole batch. A row near -1000 then
underflows beside a row near 1000: each row needs its own, with `axis=1`.
"""

import numpy as np


def cross_entropy(logits, labels):
    shifted = logits - logits.max()
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    log_p = shifted - np.log(total)
    rows = np.arange(len(labels))
    return -log_p[rows, labels].mean(), NotImplemented
