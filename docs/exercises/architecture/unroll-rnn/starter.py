import numpy as np


def rnn(x, h, W_ih, W_hh, b):
    states = []
    return np.array(states)
