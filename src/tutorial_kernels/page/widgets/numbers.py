"""Numbers in few letters, with the minus sign of print."""

from __future__ import annotations

from math import isfinite


def short(value: float, digits: int = 3) -> str:
    """A number with so many decimals, or with a power of ten."""
    if not isfinite(value):
        return str(value).replace("-", "−")
    small = value != 0 and abs(value) < 0.5 * 10.0**-digits
    if not small and abs(value) < 1e4:
        return fixed(value, digits)
    text = f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", "−")


def fixed(value: float, digits: int = 2) -> str:
    """A number with so many decimals; nothing is negative zero."""
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")
