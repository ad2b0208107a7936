"""Each of your steps forgets the past: the new state must be computed from the
old one, `W_hh @ h`, too.
"""

import numpy as np


def rnn(x, h, W_ih, W_hh, b):
    states = []
    for x_t in x:
        h = np.tanh(W_ih @ x_t + b)
        states.append(h)
    return np.stack(states)
