"""The offsets of the past run forward from the start, so what is known is what
is to be forecast. The past lies before the start: from -length to -1.
"""

import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series[:split].mean(), series[:split].std()
    scaled = (series - mean) / std
    starts = np.arange(length, split - horizon + 1)  # (B,)
    past = scaled[starts[:, None] + np.arange(length)]  # (B, length)
    future = scaled[starts[:, None] + np.arange(horizon)]  # (B, horizon)
    return past, future
