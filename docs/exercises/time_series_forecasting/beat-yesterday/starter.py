import numpy as np


def forecast(history):
    weeks = history.reshape(4, 7, 24)  # the last day is yesterday
    return np.zeros(24)
