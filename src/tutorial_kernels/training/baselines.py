"""Forecasts of the day ahead that a network has to beat."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data import day_ahead_windows, electricity

type Array = NDArray[np.float64]

PENALTIES = (0.01, 0.1, 1.0, 10.0, 100.0, 1_000.0)


class Errors(NamedTuple):
    """How far forecasts are from what came."""

    mae: float  # kW
    rmse: float  # kW
    mape: float  # percent

    @classmethod
    def of(cls, forecast: Array, actual: Array) -> "Errors":
        """Compares forecasts (B, 24) with what came, hour by hour."""
        error = np.abs(forecast - actual)
        return cls(
            float(error.mean()),
            float(np.sqrt((error**2).mean())),
            float(100 * (error / actual).mean()),
        )


class Ridge(NamedTuple):
    """A linear forecast of all 24 hours from all hours before them."""

    mean: float
    std: float
    center: Array
    weight: Array
    bias: Array

    @classmethod
    def fit(cls, past: Array, following: Array, penalty: float) -> "Ridge":
        """Least squares with a penalty on the weights, in closed form."""
        mean, std = float(past.mean()), float(past.std())
        x, y = (past - mean) / std, (following - mean) / std
        center, bias = x.mean(0), y.mean(0)
        x = x - center
        squares = x.T @ x + penalty * np.eye(x.shape[1])
        weight = np.linalg.solve(squares, x.T @ (y - bias))
        return cls(mean, std, center, weight, bias)

    def forecast(self, past: Array) -> Array:
        """Turns the hours before a midnight into the 24 after it."""
        x = (past - self.mean) / self.std - self.center
        return (x @ self.weight + self.bias) * self.std + self.mean


def day_ahead_errors(days: int = 7) -> dict[str, Errors]:
    """The errors of the simple forecasts over the 365 days of 2014.

    Each sees the same ``days`` before a midnight and forecasts the 24 hours
    after it. The ridges learn from 2012 to September 2013, like the networks,
    with the penalty that is best from October to December 2013. "every hour"
    are those whose windows begin at every hour and not at midnights only;
    "both years" learns from the last three months of 2013 too, unpenalized.

    Returns:
        The errors on the test year by the name of the forecast.
    """
    parts = [part.values.astype(np.float64) for part in electricity()]
    past, following = day_ahead_windows(np.concatenate(parts), days)
    flat = past.reshape(len(past), -1)
    first = len(parts[0]) // 24 - days
    second = first + len(parts[1]) // 24

    unseen = flat[first:second], following[first:second]
    midnights = flat[:first], following[:first]
    every_hour = _windows(parts[0], 24 * days)
    both_years = _windows(np.concatenate(parts[:2]), 24 * days)
    ridges = {
        "ridge, every hour of both years": Ridge.fit(*both_years, 0.01),
        "ridge, every hour": _best(every_hour, unseen),
        "ridge": _best(midnights, unseen),
    }
    forecasts: dict[str, Array] = {
        "persistence": np.repeat(past[second:, -1, -1:], 24, axis=1),
        "the day before": past[second:, -1],
        "the week before": past[second:, -7],
    }
    for name, ridge in ridges.items():
        forecasts[name] = ridge.forecast(flat[second:])
    actual = following[second:]
    return {name: Errors.of(x, actual) for name, x in forecasts.items()}


def _windows(values: Array, hours: int) -> tuple[Array, Array]:
    """All hours before, and the 24 after, wherever a window may begin."""
    windows = np.lib.stride_tricks.sliding_window_view(values, hours + 24)
    return windows[:, :hours], windows[:, hours:]


def _best(known: tuple[Array, Array], unseen: tuple[Array, Array]) -> Ridge:
    """The ridge whose penalty does best on examples it has not seen."""

    def error(ridge: Ridge) -> float:
        return Errors.of(ridge.forecast(unseen[0]), unseen[1]).mae

    return min((Ridge.fit(*known, p) for p in PENALTIES), key=error)
