"""The averages start at zero and are not corrected for it, so the first steps
have the wrong length: divide `m` by `1 - beta1**t` and `v` by `1 - beta2**t`.
"""

import numpy as np


def adam_step(p, g, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return p - lr * m / (np.sqrt(v) + eps), m, v
