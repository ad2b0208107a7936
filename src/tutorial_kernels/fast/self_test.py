"""A few results of NumPy that must not depend on whose loops made them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.kernels import max_pool2d_backward, max_pool2d_forward

_M, _K, _N = 7, 70, 13  # odd sizes: every edge of the product's tiles occurs


def first_wrong() -> str | None:
    """Returns the name of an operation that is wrong, None when all agree.

    What is expected comes from operations that have loops of NumPy's own.
    Results go into arrays of NaN: a loop that writes nothing is seen too.
    """
    with np.errstate(all="ignore"):
        for dtype in (np.dtype(np.float32), np.dtype(np.float64)):
            if not _matmul_agrees(dtype):
                return f"{dtype.name} matmul"
            if not _extremes_agree(dtype):
                return f"{dtype.name} maximum or minimum"
        wrong = _wrong_arithmetic() or _wrong_pooling()
        if wrong is not None:
            return f"float32 {wrong}"
        x = np.linspace(0.1, 5, 37, dtype=np.float32)
        for ufunc in (np.exp, np.tanh, np.log, np.sqrt):
            expected = ufunc(x.astype(np.float64))  # loops of NumPy's own
            got = ufunc(x, out=np.full_like(x, np.nan))
            if not np.allclose(got, expected, rtol=1e-6, atol=1e-6):
                return f"float32 {ufunc.__name__}"
    return None


def _numbers(dtype: np.dtype[Any], *shape: int) -> NDArray[Any]:
    """Numbers between -1 and 1 without an order."""
    count = int(np.prod(shape))
    numbers = np.cos(np.arange(count, dtype=np.float64) ** 2)
    return numbers.astype(dtype).reshape(shape)


def _matmul_agrees(dtype: np.dtype[Any]) -> bool:
    a = _numbers(dtype, 2, _M, _K)
    b = _numbers(dtype, 2, _N, _K).swapaxes(1, 2)
    got = np.matmul(a, b, out=np.full((2, _M, _N), np.nan, dtype))
    expected = np.einsum("bij,bjk->bik", a, b)
    rounding = 1000 * np.finfo(dtype).eps  # a mistake is of size 1
    return bool(np.allclose(got, expected, rtol=0, atol=rounding))


def _extremes_agree(dtype: np.dtype[Any]) -> bool:
    a, b = _numbers(dtype, 2, 37)
    a[5] = np.nan
    larger = np.where(a >= b, a, b)
    smaller = np.where(a <= b, a, b)
    larger[5] = smaller[5] = np.nan
    got = np.zeros((2, 37), dtype)
    np.maximum(a, b, out=got[0])
    np.minimum(a, b, out=got[1])
    return (
        np.array_equal(got, [larger, smaller], equal_nan=True)
        and np.maximum.reduce(b) == np.sort(b)[-1]
        and np.minimum.reduce(b) == np.sort(b)[0]
    )


def _wrong_arithmetic() -> str | None:
    dtype = np.dtype(np.float32)
    a, b = _numbers(dtype, 2, 37)
    numbers = list(zip(a.tolist(), b.tolist(), strict=True))
    expected = {  # as Python computes, in float64
        "add": [x + y for x, y in numbers],
        "subtract": [x - y for x, y in numbers],
        "multiply": [x * y for x, y in numbers],
        "divide": [x / y for x, y in numbers],
    }
    for name, wanted in expected.items():
        got = getattr(np, name)(a, b, out=np.full_like(a, np.nan))
        if not np.array_equal(got, np.array(wanted).astype(dtype)):
            return name
    total = float(np.add.reduce(a))
    return None if abs(total - sum(a.tolist())) < 1e-4 else "add.reduce"


def _wrong_pooling() -> str | None:
    """Against the largest that Python finds, and its place in the window."""
    images = _numbers(np.dtype(np.float32), 2, 1, 5, 9)
    for given in (
        images,
        -images,
    ):  # what is left of one is wrong for the other
        largest, cache = max_pool2d_forward(given, 2)
        grad = _numbers(np.dtype(np.float32), *largest.shape)
        expected = np.zeros_like(given)
        for image, _, row, column in np.ndindex(largest.shape):
            window = given[image, 0, 2 * row :, 2 * column :][:2, :2].tolist()
            pixels = window[0] + window[1]
            place = pixels.index(max(pixels))
            if largest[image, 0, row, column] != pixels[place]:
                return "max_pool"
            pixel = image, 0, 2 * row + place // 2, 2 * column + place % 2
            expected[pixel] = grad[image, 0, row, column]
        if not np.array_equal(max_pool2d_backward(grad, cache), expected):
            return "max_pool_backward"
    return None
