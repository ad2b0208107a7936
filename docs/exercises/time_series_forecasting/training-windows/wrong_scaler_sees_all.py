"""The mean and the deviation are those of the whole series, so the scale of
what you learn from knows about the test. Take them from `series[:split]`.
"""

import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series.mean(), series.std()
    scaled = (series - mean) / std
    starts = np.arange(length, split - horizon + 1)
    past = scaled[starts[:, None] + np.arange(-length, 0)]
    future = scaled[starts[:, None] + np.arange(horizon)]
    return past, future
