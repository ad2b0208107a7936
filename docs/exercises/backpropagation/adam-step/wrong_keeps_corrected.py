"""You keep the corrected averages, and the next step would correct them again:
return `m` and `v` as they were before the division.
"""

import numpy as np


def adam_step(p, g, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    mean = m / (1 - beta1**t)
    square = v / (1 - beta2**t)
    return p - lr * mean / (np.sqrt(square) + eps), mean, square
