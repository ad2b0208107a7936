"""You step by the averages as they came, without this gradient, and the first
step is none. Correct the new ones, those that you return.
"""

import numpy as np


def adam_step(p, g, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    mean = m / (1 - beta1**t)
    square = v / (1 - beta2**t)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return p - lr * mean / (np.sqrt(square) + eps), m, v
