"""The past ends one step too late: it contains the first value to be forecast.
The last step that is known is the one before the start, `start - 1`.
"""

import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series[:split].mean(), series[:split].std()
    scaled = (series - mean) / std
    starts = np.arange(length, split - horizon + 1)
    past = scaled[starts[:, None] + np.arange(-length + 1, 1)]
    future = scaled[starts[:, None] + np.arange(horizon)]
    return past, future
