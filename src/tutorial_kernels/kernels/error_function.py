"""The error function, which NumPy does not have.

`erf(x)` is the share of a bell curve that lies between -x and x:
`2 / sqrt(pi)` times the integral of `exp(-t**2)` from 0 to x. It is close to
a straight line near 0, and close to 1 minus a bell curve further out. So
there are two formulas, each with a fraction of polynomials for what the
simple form leaves over. They are good to the last digit or two of float64.

Calling `math.erf` for every element would be as exact, but three times as
slow: 0.19 instead of 0.06 seconds for a million elements.

Source: Cody, "Rational Chebyshev approximation for the error function", 1969;
the digits are those of his subroutine CALERF in SPECFUN.
"""

import numpy as np

from tutorial_kernels.kernels.contract import Array

# Coefficients of x**2, the highest power first.
NEAR_TOP = (
    1.85777706184603153e-1,
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
)
NEAR_BOTTOM = (
    1.0,
    2.36012909523441209e01,
    2.44024637934444173e02,
    1.28261652607737228e03,
    2.84423683343917062e03,
)
# Coefficients of |x|, the highest power first.
FAR_TOP = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e00,
    6.61191906371416295e01,
    2.98635138197400131e02,
    8.81952221241769090e02,
    1.71204761263407058e03,
    2.05107837782607147e03,
    1.23033935479799725e03,
)
FAR_BOTTOM = (
    1.0,
    1.57449261107098347e01,
    1.17693950891312499e02,
    5.37181101862009858e02,
    1.62138957456669019e03,
    3.29079923573345963e03,
    4.36261909014324716e03,
    3.43936767414372164e03,
    1.23033935480374942e03,
)
NEAR = 0.46875  # where the two formulas meet
END = 6.0  # from here on, float64 cannot tell erf(x) from 1


def erf(x: Array) -> Array:
    """The error function of every element."""
    x = np.asarray(x)
    near = np.abs(x) <= NEAR
    out = np.empty_like(x)
    out[near] = _near(x[near])
    out[~near] = _far(x[~near])
    return out


def _near(x: Array) -> Array:
    """`erf(x) = x * fraction`."""
    square = x * x
    top, bottom = (_polynomial(c, square) for c in (NEAR_TOP, NEAR_BOTTOM))
    out: Array = x * (top / bottom)
    return out


def _far(x: Array) -> Array:
    """`erf(x) = 1 - exp(-x**2) * fraction`, with the sign of x."""
    size = np.minimum(np.abs(x), END)
    top, bottom = (_polynomial(c, size) for c in (FAR_TOP, FAR_BOTTOM))
    out: Array = np.copysign(1 - np.exp(-size * size) * (top / bottom), x)
    return out


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """Multiply by x and add the next coefficient, again and again."""
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total *= x
        total += coefficient
    return total
