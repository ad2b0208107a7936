import numpy as np


def cross_entropy(logits, labels):
    loss = 0.0
    grad = np.zeros_like(logits)
    return loss, grad
