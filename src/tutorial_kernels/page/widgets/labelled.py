"""Places of a plane and their classes, checked alike for every figure."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutorial_kernels.page.values import as_array

type Array = np.ndarray[Any, np.dtype[Any]]


def labelled(
    figure: str, what: str, places: Any, labels: Any
) -> tuple[Array, Array]:
    """Places and classes that fit each other.

    Args:
        figure: The figure that asks, for the words of an error.
        what: What it calls the places.
        places: (n, 2).
        labels: The class of each, as whole numbers from 0.

    Returns:
        (n, 2) in float64 and (n,) in int64.

    Raises:
        ValueError: A shape does not fit, a number is not finite, or a label
            is no whole number from 0 on.
    """
    points = np.asarray(as_array(places), dtype=np.float64)
    kinds = np.asarray(as_array(labels))
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"{figure}: {what} must be of shape (n, 2), got {points.shape}"
        )
    if kinds.shape != (len(points),) or kinds.dtype.kind not in "iub":
        raise ValueError(
            f"{figure}: labels must be {len(points)} whole numbers, got "
            f"{kinds.dtype} of shape {kinds.shape}"
        )
    if not np.isfinite(points).all() or (kinds < 0).any():
        raise ValueError(
            f"{figure}: {what} must be finite and labels from 0 on"
        )
    return points, kinds.astype(np.int64)
