"""Dropout: some of the signals are left out, at random."""

from tutorial_kernels.kernels.contract import (
    Array,
    Cache,
    check_floating,
    quiet,
    widen,
)


@quiet
def dropout_forward(
    x: Array, mask: Array, p: float = 0.5
) -> tuple[Array, Cache]:
    """Keep what the mask keeps, and make it larger by what is lost.

    `out = x * mask / (1 - p)`, so that the mean stays what it was. With
    `p = 1` everything is dropped.

    Args:
        x: The signals.
        mask: True where a signal is kept. Draw it with
            `rng.random(x.shape) >= p`.
        p: The probability that a signal is dropped.

    Shapes:
        x: (...)
        mask: (...)
        out: (...)

    Raises:
        ValueError: If the shapes differ, or p is no probability.
        TypeError: If `x` holds integers, or `mask` is not boolean.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural
    networks from overfitting", 2014.
    """
    _check_dropout(x, mask, p)
    scale = 1 / (1 - p) if p < 1 else 0.0
    out = widen(x) * mask * scale
    return out.astype(x.dtype, copy=False), (mask, scale, x.dtype)


@quiet
def dropout_backward(grad_out: Array, cache: Cache) -> tuple[Array, None]:
    """The same signals are kept: `grad_x = grad * mask / (1 - p)`."""
    mask, scale, dtype = cache
    grad_x = widen(grad_out) * mask * scale
    return grad_x.astype(dtype, copy=False), None


def check_probability(operation: str, p: float) -> None:
    """Refuse what is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"{operation}: p must be from 0 to 1, got {p}")


def _check_dropout(x: Array, mask: Array, p: float) -> None:
    check_floating("dropout", x)
    check_probability("dropout", p)
    if mask.dtype != bool:
        raise TypeError(f"dropout: mask must be boolean, got {mask.dtype}")
    if mask.shape != x.shape:
        raise ValueError(
            f"dropout: mask must have shape {x.shape}, got {mask.shape}"
        )
