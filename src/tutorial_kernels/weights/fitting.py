"""Whether weights are those of a network, said in one sentence."""

from collections.abc import Mapping
from typing import Any


def first_misfit(
    weights: Mapping[str, Any], expected: Mapping[str, Any]
) -> str | None:
    """Names the first key at which weights are not what a network expects.

    Args:
        weights: Arrays by name, such as ``read_safetensors`` gives.
        expected: The network's own, ``model.state_dict()``.

    Returns:
        A sentence about the first difference in the order of ``expected``,
        then of ``weights``; None where there is none.
    """
    for key, own in expected.items():
        if key not in weights:
            return f"{key} is missing, expected {_shape(own)}"
        if weights[key].shape != own.shape:
            return (
                f"{key} has the shape {_shape(weights[key])}, expected "
                f"{_shape(own)}"
            )
    for key, given in weights.items():
        if key not in expected:
            return f"{key} {_shape(given)} is not expected"
    return None


def _shape(array: Any) -> str:
    """A shape as it is written: (16, 1, 3, 3)."""
    return str(tuple(array.shape))
