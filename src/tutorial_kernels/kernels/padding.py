"""Padding: what stands around a signal or an image."""

from collections.abc import Sequence

import numpy as np

from tutorial_kernels.kernels.contract import Array, Cache

MODES = ("reflect", "replicate", "circular")  # and "constant"


def pad_forward(
    x: Array,
    pad: Sequence[int],
    mode: str = "constant",
    value: float | None = None,
) -> tuple[Array, Cache]:
    """Lengthen axes at both ends, the last axis first.

    What is new is `value` in mode "constant", the mirror image in "reflect"
    (without the edge itself), the edge in "replicate", and the other end in
    "circular". A negative number shortens the axis instead.

    Args:
        x: Any array in mode "constant"; else signals (B, C, length), images
            (B, C, height, width) or volumes, all with or without B.
        pad: How much at the beginning and at the end of the last axis, then
            of the axis before it, and so on; but for "constant", of every
            axis after the channels.
        mode: "constant", "reflect", "replicate" or "circular".
        value: The constant; `None` is 0.

    Shapes:
        x: (...)
        out: any

    Raises:
        ValueError: If the numbers or the mode do not fit `x`.
    """
    widths = _widths(x, pad)
    if mode == "constant":
        return _surround(x, widths, 0 if value is None else value)
    _check_mode(x, pad, mode, value)
    sources = {
        axis: _source(x.shape[axis], *width, mode)
        for axis, width in enumerate(widths)
        if any(width)
    }
    out = x
    for axis, source in sources.items():
        out = out.take(source, axis)
    return out, (x.shape, sources, None, None)


def pad_backward(grad_out: Array, cache: Cache) -> Array:
    """Send each gradient back to the number that was copied there."""
    x_shape, sources, kept, place = cache
    if sources is None:  # what is new in mode "constant" is copied from nowhere
        grad_x: Array = np.zeros(x_shape, dtype=grad_out.dtype)
        grad_x[kept] = grad_out[place]
        return grad_x
    for axis, source in sources.items():
        grad_out = add_back(grad_out, source, axis, x_shape[axis])
    return grad_out


def add_back(grad: Array, source: Array, axis: int, size: int) -> Array:
    """The transpose of `x.take(source, axis)`, for an axis of `size`."""
    grad = np.moveaxis(grad, axis, 0)
    total: Array = np.zeros((size, *grad.shape[1:]), dtype=grad.dtype)
    for here, there in enumerate(source):
        total[there] += grad[here]
    return np.moveaxis(total, 0, axis)


def _surround(
    x: Array, widths: list[tuple[int, int]], value: float
) -> tuple[Array, Cache]:
    """Put `x`, or what is kept of it, into an array full of `value`."""
    sizes, kept, place = [], [], []
    for n, (before, after) in zip(x.shape, widths, strict=True):
        sizes.append(n + before + after)
        kept.append(slice(max(-before, 0), n + min(after, 0)))
        place.append(slice(max(before, 0), sizes[-1] - max(after, 0)))
    out: Array = np.full(sizes, value, dtype=x.dtype)
    out[*place] = x[*kept]
    return out, (x.shape, None, tuple(kept), tuple(place))


def _source(size: int, before: int, after: int, mode: str) -> Array:
    """Which number of an axis stands at each place of the padded one."""
    places = np.arange(-before, size + after)
    first, last, most = max(-before, 0), size - 1, max(before, after)
    kept = size - first + min(after, 0)
    limit = {"reflect": last, "circular": kept, "replicate": most}[mode]
    if most > limit:
        raise ValueError(
            f"pad: mode {mode!r} cannot add {most} to an axis of "
            f"{kept if mode == 'circular' else size}"
        )
    if mode == "circular":
        source: Array = first + (places - first) % max(kept, 1)
        return source
    if len(places) == 0:
        raise ValueError(
            f"pad: mode {mode!r} must leave something of an axis of {size}, "
            f"got {before} and {after}"
        )
    if mode == "replicate":
        return np.clip(places, 0, last)
    source = last - np.abs(last - np.abs(places))
    return source


def _widths(x: Array, pad: Sequence[int]) -> list[tuple[int, int]]:
    """Read `pad` as (before, after) of every axis, the first axis first."""
    whole = all(isinstance(n, int | np.integer) for n in pad)
    if not whole or len(pad) % 2 or len(pad) > 2 * x.ndim:
        raise ValueError(
            "pad: pad must be pairs of integers, at most one for each of the "
            f"{x.ndim} axes, got {pad!r}"
        )
    pairs = [(int(b), int(a)) for b, a in zip(pad[::2], pad[1::2], strict=True)]
    widths = [(0, 0)] * (x.ndim - len(pairs)) + pairs[::-1]
    for n, (before, after) in zip(x.shape, widths, strict=True):
        if min(n + before + after, n + before, n + after) < 0:
            raise ValueError(
                f"pad: {tuple(pad)} takes more away than there is in x of "
                f"shape {x.shape}"
            )
    return widths


def _check_mode(
    x: Array, pad: Sequence[int], mode: str, value: float | None
) -> None:
    """Refuse what a mode other than "constant" cannot do."""
    if mode not in MODES:
        raise ValueError(
            "pad: mode must be 'constant', 'reflect', 'replicate' or "
            f"'circular', got {mode!r}"
        )
    if value is not None:
        raise ValueError(f"pad: mode {mode!r} takes no value, got {value!r}")
    axes = len(pad) // 2
    if axes not in (1, 2, 3) or x.ndim - axes not in (1, 2):
        raise ValueError(
            f"pad: mode {mode!r} pads every axis after the channels, x of "
            f"shape {x.shape} does not fit {axes} pairs of numbers"
        )
    if 0 in x.shape[-axes - 1 :]:
        raise ValueError(
            f"pad: only the batch may be empty, x has shape {x.shape}"
        )
