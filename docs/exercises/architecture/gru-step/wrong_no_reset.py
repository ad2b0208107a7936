"""The reset gate is computed but never used: it multiplies what comes from the
state, `r * (U_n @ h)`.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step(x, h, W, U):
    W_r, W_z, W_n = W
    U_r, U_z, U_n = U
    z = sigmoid(W_z @ x + U_z @ h)
    n = np.tanh(W_n @ x + U_n @ h)
    return (1 - z) * n + z * h
