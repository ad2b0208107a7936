"""Where gradients add up on the way back: at leaves and at outputs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array

type Outputs = Sequence[tuple[tuple[int, ...], np.dtype[Any]]]  # shape, dtype


def at_leaf(old: Array | None, gradient: Any, held: set[int]) -> Array:
    """Add to the gradient of a leaf, in an array that is the leaf's alone.

    Args:
        old: What the leaf has already.
        gradient: What arrives.
        held: The `id` of every array that somebody has; one more at the end.
    """
    own = np.asarray(gradient if old is None else old + gradient)
    if own.base is not None or id(own) in held:
        own = own.copy()
    held.add(id(own))
    return own


def at_output(
    outputs: Outputs, arrived: Any, index: int, gradient: Array
) -> Any:
    """Add to what has arrived at a single output, or at one of several.

    Args:
        outputs: What several look like; empty for a single one.
        arrived: The gradient of a single output, or one for each of several;
            `None` where nothing has arrived.
        index: Which of several it is.
        gradient: What arrives.
    """
    if not outputs:
        return gradient if arrived is None else arrived + gradient
    arrived = [None] * len(outputs) if arrived is None else arrived
    old = arrived[index]
    arrived[index] = gradient if old is None else old + gradient
    return arrived


def with_zeros(outputs: Outputs, arrived: list[Array | None]) -> list[Array]:
    """Zeros where nothing arrived; integers, such as indices, get none."""
    return [
        np.zeros(shape, dtype) if grad is None else grad
        for grad, (shape, dtype) in zip(arrived, outputs, strict=True)
        if dtype.kind == "f"
    ]
