"""Upsampling: the same image with more, or fewer, pixels."""

from typing import Any

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache
from tutorial_kernels.kernels.padding import add_back
from tutorial_kernels.kernels.windows import Sizes

type Scales = float | tuple[float, ...]


def interpolate_forward(
    x: Array,
    size: Sizes | None = None,
    scale_factor: Scales | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> tuple[Array, Cache]:
    """Copy every pixel from the place it would have in a smaller image.

    Along each axis, `out[i] = x[floor(i / scale)]`, where `scale` is the new
    size over the old one, or `scale_factor` where that is given. Mode
    "nearest-exact" looks at the middle of a pixel: `floor((i + 0.5) / scale)`.

    Args:
        x: Signals (B, C, length), images (B, C, height, width) or volumes.
        size: The new size, one number for all axes or one for each.
        scale_factor: How many times larger, in the place of `size`.
        mode: "nearest" or "nearest-exact".
        align_corners: Must be `None`: it belongs to modes that mix pixels.
        recompute_scale_factor: Whether `scale` is the new size over the old
            one, also where a `scale_factor` is given.
        antialias: Must be `False`: it belongs to modes that mix pixels.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If the shape, the size or the mode is no such thing.
    """
    _check_mode(mode, align_corners, antialias)
    if x.ndim not in (3, 4, 5) or 0 in x.shape[1:]:
        raise ValueError(
            "interpolate: x must be (B, C, ...) with one to three axes more, "
            f"of which only the batch may be empty, got shape {x.shape}"
        )
    if (size is None) == (scale_factor is None):
        raise ValueError(
            "interpolate: either size or scale_factor must be given, "
            f"got {size} and {scale_factor}"
        )
    steps = _steps(x, size, scale_factor)
    middle = np.float32(0.5 if mode == "nearest-exact" else 0)
    sources = {}
    for axis, (n, m, step) in enumerate(steps, 2):
        if recompute_scale_factor:
            step = n / m
        places = np.arange(m, dtype=np.float32) + middle
        places *= np.float32(step)
        sources[axis] = np.minimum(places.astype(int), n - 1)
    out = x
    for axis, source in sources.items():
        out = out.take(source, axis)
    return out, (x.shape, sources)


def interpolate_backward(grad_out: Array, cache: Cache) -> Array:
    """Every pixel gathers the gradients of its copies."""
    x_shape, sources = cache
    for axis, source in sources.items():
        grad_out = add_back(grad_out, source, axis, x_shape[axis])
    return grad_out


def _check_mode(mode: str, align_corners: bool | None, antialias: bool) -> None:
    """Refuse what mixes pixels."""
    if mode not in ("nearest", "nearest-exact"):
        raise ValueError(
            "interpolate: mode must be 'nearest' or 'nearest-exact', the two "
            f"that mix no pixels, got {mode!r}"
        )
    if align_corners is not None:
        raise ValueError(
            f"interpolate: align_corners must be None in mode {mode!r}, "
            f"got {align_corners}"
        )
    if antialias:
        raise ValueError(
            f"interpolate: antialias must be False in mode {mode!r}"
        )


def _steps(
    x: Array, size: Sizes | None, scale_factor: Scales | None
) -> list[tuple[int, int, float]]:
    """The old size, the new size and the step between copies, per axis."""
    axes = x.ndim - 2
    name = "scale_factor" if size is None else "size"
    value: Any = scale_factor if size is None else size
    numbers = value if isinstance(value, tuple | list) else (value,) * axes
    kinds = (int, np.integer) if size is not None else (int, float, np.number)
    if len(numbers) != axes or not all(isinstance(v, kinds) for v in numbers):
        raise ValueError(
            f"interpolate: {name} must be one number or {axes}, got {value!r}"
        )
    steps = []
    for n, number in zip(x.shape[2:], numbers, strict=True):
        m = int(n * number) if size is None else int(number)
        if m < 1:
            raise ValueError(
                f"interpolate: {name} {value!r} leaves nothing of x of shape "
                f"{x.shape}"
            )
        steps.append((n, m, 1 / number if size is None else n / m))
    return steps
