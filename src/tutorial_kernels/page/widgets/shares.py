"""Probabilities of classes, checked alike for every figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutorial_kernels.page.values import as_array

MOST_CLASSES = 20


def checked_shares(figure: str, answer: Any) -> list[float]:
    """Probabilities as a list.

    Args:
        figure: The figure that asks, for the words of an error.
        answer: What a network says, (classes,) with any axes of 1 around.

    Raises:
        ValueError: They are no probabilities, or too many.
    """
    shares = np.asarray(as_array(answer), dtype=np.float64).squeeze()
    if shares.ndim != 1 or not 1 < shares.size <= MOST_CLASSES:
        raise ValueError(
            f"{figure}: classify must give 2 to {MOST_CLASSES} "
            f"probabilities, got shape {shares.shape}"
        )
    if not ((shares >= 0) & (shares <= 1 + 1e-6)).all():
        raise ValueError(
            f"{figure}: classify must give probabilities, from 0 to 1; "
            "logits become them by softmax"
        )
    return [round(float(share), 4) for share in shares]


def names_of_classes(
    figure: str, names: Sequence[object] | None, count: int
) -> list[str]:
    """The names of so many classes; their numbers if none are given.

    Raises:
        ValueError: There are more names than classes, or fewer.
    """
    given = range(count) if names is None else names
    if len(given) != count:
        raise ValueError(
            f"{figure}: {len(given)} names given for {count} classes"
        )
    return [str(name) for name in given]
