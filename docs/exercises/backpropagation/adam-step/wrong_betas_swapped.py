"""Your betas are swapped. The first belongs to the average of the gradient, the
second, nearer to one, to the average of its square.
"""

import numpy as np


def adam_step(p, g, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta2, beta1 = betas
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    mean = m / (1 - beta1**t)
    square = v / (1 - beta2**t)
    return p - lr * mean / (np.sqrt(square) + eps), m, v
