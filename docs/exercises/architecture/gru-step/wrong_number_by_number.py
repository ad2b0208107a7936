"""`U_n * h` multiplies number by number and stays a matrix. A matrix times a
vector is written `U_n @ h`; the gate alone takes `*`.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step(x, h, W, U):
    W_r, W_z, W_n = W
    U_r, U_z, U_n = U
    r = sigmoid(W_r @ x + U_r @ h)
    z = sigmoid(W_z @ x + U_z @ h)
    n = np.tanh(W_n @ x + r * U_n * h)
    return (1 - z) * n + z * h
