import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = series[:split].mean(), series[:split].std()
    scaled = (series - mean) / std
    starts = np.arange(length, split - horizon + 1)  # (B,)
    past = scaled[starts[:, None] + np.arange(-length, 0)]  # (B, length)
    future = scaled[starts[:, None] + np.arange(horizon)]  # (B, horizon)
    return past, future
