import numpy as np


def training_windows(series, split, length, horizon):
    mean, std = ..., ...
    scaled = (series - mean) / std
    starts = np.arange(length, ...)  # (B,)
    past = scaled[starts[:, None] + ...]  # (B, length)
    future = scaled[starts[:, None] + np.arange(horizon)]  # (B, horizon)
    return past, future
