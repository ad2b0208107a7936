"""You keep the last state only: append inside the loop, once a step."""

import numpy as np


def rnn(x, h, W_ih, W_hh, b):
    states = []
    for x_t in x:
        h = np.tanh(W_ih @ x_t + W_hh @ h + b)
    states.append(h)
    return np.stack(states)
