"""What every pair of kernels promises, and the checks they share.

A kernel is a pair of pure functions over NumPy arrays:

    out, cache = linear_forward(x, weight, bias)
    grad_x, grad_weight, grad_bias = linear_backward(grad_out, cache)

* `forward` takes arrays first, options after them, in torch's order and with
  torch's defaults. `cache` is what `backward` needs; nobody else reads it.
* `backward` gives one gradient per array input, in input order: `None` for an
  input that has none (integers, a bias left out). One input, one array.
* Several outputs come as a tuple, and `backward` takes a gradient for each
  but those that are integers, such as indices.
* Nothing is written into inputs or cache, and nothing is remembered.
* The dtype that comes in is the dtype that goes out.

The axes have one legend: B batch, T time, C channels, H hidden, V classes; an
image is (B, C, height, width), and `...` stands for any number of leading
axes.
"""

from typing import Any

import numpy as np

# A decorator for kernels that can give inf or nan: like torch, without a word.
quiet = np.errstate(all="ignore")

type Array = np.ndarray[Any, np.dtype[Any]]
type Cache = tuple[Any, ...]
type Pair = int | tuple[int, int]


def is_floating(value: object) -> bool:
    """Say whether `value` is an array of floating-point numbers."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind == "f"


def as_floating(x: Array) -> Array:
    """Take integers as float32, torch's default, where a result has parts."""
    return x if is_floating(x) else np.asarray(x, dtype=np.float32)


def check_floating(operation: str, x: Array) -> None:
    """Refuse integers where torch does."""
    if not is_floating(x):
        raise TypeError(f"{operation}: x must be floating point, got {x.dtype}")


def check_numbers(operation: str, x: Array) -> None:
    """Refuse truth values where torch does."""
    if x.dtype == np.bool_:
        raise TypeError(f"{operation}: x must hold numbers, got bool")


def check_dtypes(operation: str, **arrays: Array | None) -> None:
    """Refuse arrays of different dtypes: NumPy would promote in silence."""
    for name, array in arrays.items():
        if array is not None and not hasattr(array, "dtype"):
            raise TypeError(
                f"{operation}: {name} must be an array, "
                f"got a {type(array).__name__}"
            )
    (first, x), *others = arrays.items()
    for name, array in others:
        if x is not None and array is not None and array.dtype != x.dtype:
            raise TypeError(
                f"{operation}: {name} is {array.dtype}, {first} is {x.dtype}"
            )


def check_reduction(operation: str, reduction: str) -> None:
    """Refuse a reduction that is not "mean", "sum" or "none"."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"{operation}: reduction must be 'mean', 'sum' or 'none', "
            f"got {reduction!r}"
        )


def check_dim(operation: str, dim: int, ndim: int) -> int:
    """Return `dim` counted from the front; refuse one that is not there."""
    size = max(ndim, 1)
    if not isinstance(dim, int | np.integer):
        raise TypeError(
            f"{operation}: dim must be an integer, got {type(dim).__name__}"
        )
    if not -size <= dim < size:
        raise ValueError(
            f"{operation}: dim must be from {-size} to {size - 1} for an "
            f"array of {ndim} dimensions, got {dim}"
        )
    return int(dim) % size


def widen(x: Array) -> Array:
    """Compute with float16 as float32, as torch does: it has few digits."""
    return x.astype(np.float32) if x.dtype == np.float16 else x
