import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_step(x, h, W, U):
    W_r, W_z, W_n = W
    U_r, U_z, U_n = U
    r = sigmoid(W_r @ x + U_r @ h)  # reset: how much of the past to read
    z = ...  # update: how much of the past to keep
    n = np.tanh(W_n @ x + ...)  # the new candidate
    return ...
