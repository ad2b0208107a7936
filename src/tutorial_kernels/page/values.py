"""Arrays out of whatever holds one: ours, NumPy's, torch's, plain lists."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_array(value: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """The numbers of a value as a NumPy array, without a copy if possible.

    Args:
        value: A number, an array, nested lists, or a tensor of ours or of
            torch (its gradient history is left behind).

    Raises:
        TypeError: The value holds no numbers.
        ValueError: Nested lists have uneven lengths.
    """
    data = getattr(value, "data", None)
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    if isinstance(data, np.ndarray):  # our Tensor
        return data
    if hasattr(value, "detach"):  # torch's
        value = value.detach().cpu().numpy()
    return np.asarray(value)
