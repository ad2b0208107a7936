"""The last window is missing. A window that starts at `split - horizon` ends
exactly at the border, and `np.arange` leaves its stop out.
"""

import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series[:split].mean(), series[:split].std()
    scaled = (series - mean) / std
    starts = np.arange(length, split - horizon)
    past = scaled[starts[:, None] + np.arange(-length, 0)]
    future = scaled[starts[:, None] + np.arange(horizon)]
    return past, future
