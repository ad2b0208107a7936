import numpy as np


def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)  # (B, V)
    total = np.exp(shifted).sum(axis=1, keepdims=True)  # (B, 1)
    log_p = shifted - np.log(total)  # (B, V)
    rows = np.arange(len(labels))
    grad = np.exp(log_p)
    grad[rows, labels] -= 1
    return -log_p[rows, labels].mean(), grad / len(labels)
