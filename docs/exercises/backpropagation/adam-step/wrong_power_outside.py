"""You raise 1 minus beta to the power t. Only the beta is raised:
`1 - beta**t`, which goes from `1 - beta` to 1.
"""

import numpy as np


def adam_step(p, g, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g  # where the gradient points, on average
    v = beta2 * v + (1 - beta2) * g**2  # how large it is, squared
    mean = m / (1 - beta1) ** t  # both started at zero
    square = v / (1 - beta2) ** t
    return p - lr * mean / (np.sqrt(square) + eps), m, v
