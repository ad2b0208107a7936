"""A pad on which the reader draws what a network then gets."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.draw_drawing import still_of
from tutorial_kernels.page.widgets.shares import (
    checked_shares,
    names_of_classes,
)

SMALLEST_SIDE, LARGEST_SIDE = 4, 64
SHADES = " .:-=+*#%@"  # of a terminal
TASK = "Draw something. What does the network take it for?"

type Array = np.ndarray[Any, np.dtype[Any]]
type Classify = Callable[[Array], Any]


class Draw(Widget):
    """Let the reader draw a small picture, white on black.

    Pen, finger and mouse draw; by keyboard the arrow keys move the pen and
    Space puts it down. `image` is the picture, and `on_change` calls a
    function while it is drawn.

    Args:
        classify: Turns a picture of shape (height, width) into a probability
            for each class, shown as bars; it is called while the reader
            draws.
        names: The names of the classes.
        size: Height and width of the picture, or one number for both.
        start: The picture to begin with, (height, width) from 0 to 1, any
            axes of 1 around it; empty if left out.
        brush: How wide the pen is at first, in pixels of the picture.
        center: Whether `image` is moved by whole pixels so that its center
            of mass is in the middle, as in MNIST (LeCun et al., 1998); no
            ink is moved out of it. The reader sees the moved one, too.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        ValueError: If a size, a picture or an answer does not fit.
    """

    def __init__(
        self,
        classify: Classify | None = None,
        *,
        names: Sequence[object] | None = None,
        size: int | tuple[int, int] = 28,
        start: Any = None,
        brush: float = 2.0,
        center: bool = False,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Show the pad, and what the network says of the first picture."""
        ink = _empty(size) if start is None else _checked_picture(start)
        if not 0.5 <= brush <= 8:
            raise ValueError(f"Draw: brush must be 0.5 to 8, got {brush}")
        self._shape, self._center = ink.shape, center
        self._classify, self._names = classify, names
        state = {
            "height": ink.shape[0],
            "width": ink.shape[1],
            "brush": float(brush),
            "ink": _encoded(ink),
            "names": [],
            "shares": [],
            "seen": "",
        }
        state |= self._answer(ink)
        super().__init__("draw", state, task=task, shared=("ink",), name=name)
        self.on_change(lambda _: self._follow(), "ink")
        if self["ink"] != state["ink"]:
            self._follow()

    @property
    def image(self) -> Array:
        """The picture as float32 from 0 to 1, (height, width)."""
        return self._seen(self._ink()).astype(np.float32) / 255

    def redraw(self, image: Any) -> None:
        """Put another picture on the pad, as large as the first.

        Raises:
            ValueError: If it is of another size, or not from 0 to 1.
        """
        ink = _checked_picture(image)
        if ink.shape != self._shape:
            raise ValueError(
                f"Draw: the pad is {_by(self._shape)}, "
                f"got a picture of {_by(ink.shape)}"
            )
        self.update(ink=_encoded(ink), **self._answer(ink))

    def check(self, name: str, value: Any) -> Any:
        """Take a picture of the pad's size."""
        if name != "ink":
            raise ValueError(f"Draw: {name} is not for the reader to set")
        try:
            content = b64decode(value, validate=True)
        except (binascii.Error, TypeError):
            raise ValueError("Draw: the picture cannot be read") from None
        if len(content) != self._shape[0] * self._shape[1]:
            raise ValueError(
                f"Draw: a picture of {_by(self._shape)} was expected"
            )
        return value

    def summary(self) -> str:
        """Where there is ink, and what the network takes it for."""
        ink = self._ink()
        rows, columns = (np.flatnonzero(ink.any(axis=a)) for a in (1, 0))
        words = _by(self._shape)
        if rows.size == 0:
            words += ", empty."
        else:
            words += (
                f", ink in rows {rows[0]} to {rows[-1]} and columns "
                f"{columns[0]} to {columns[-1]}."
            )
        if self["shares"]:
            best = int(np.argmax(self["shares"]))
            share = self["shares"][best]
            words += f" Taken for {self['names'][best]}, {share:.0%}."
        return words

    def text(self) -> str:
        """The picture in letters, for a terminal."""
        levels = np.rint(self._ink() / 255 * (len(SHADES) - 1)).astype(int)
        return "\n".join(
            "".join(SHADES[level] * 2 for level in row).rstrip()
            for row in levels
        )

    def still(self) -> str:
        """The first picture, and the bars beside it."""
        return still_of(self, self._ink())

    def _ink(self) -> Array:
        content = b64decode(self["ink"])
        return np.frombuffer(content, np.uint8).reshape(self._shape)

    def _seen(self, ink: Array) -> Array:
        """The picture as the network gets it."""
        return centered(ink) if self._center else ink

    def _follow(self) -> None:
        self.update(**self._answer(self._ink()))

    def _answer(self, ink: Array) -> dict[str, Any]:
        """What the network says of a picture, and the picture it got."""
        seen = self._seen(ink)
        found = {"seen": _encoded(seen) if self._center else ""}
        if self._classify is None:
            return found
        image = seen.astype(np.float32) / 255
        shares = checked_shares("Draw", self._classify(image))
        names = names_of_classes("Draw", self._names, len(shares))
        return {**found, "names": names, "shares": shares}


def centered(ink: Array) -> Array:
    """A picture whose center of mass is in the middle, to half a pixel.

    It moves by whole pixels, and no further than its ink allows.
    """
    total = float(ink.sum(dtype=np.float64))
    if total == 0:
        return ink
    for axis in (0, 1):
        weights = ink.sum(axis=1 - axis, dtype=np.float64)
        places = np.arange(len(weights))
        shift = round((len(weights) - 1) / 2 - float(weights @ places) / total)
        inked = np.flatnonzero(weights)
        shift = max(-inked[0], min(len(weights) - 1 - inked[-1], shift))
        ink = np.roll(ink, shift, axis=axis)  # only empty rows go round
    return ink


def _empty(size: int | tuple[int, int]) -> Array:
    height, width = (size, size) if isinstance(size, int) else size
    _check_shape((height, width))
    return np.zeros((height, width), np.uint8)


def _checked_picture(image: Any) -> Array:
    """A picture from 0 to 1 as uint8."""
    array = np.asarray(as_array(image), dtype=np.float64)
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    if array.ndim != 2:
        raise ValueError(
            "Draw: a picture must be of shape (height, width), "
            f"got {array.shape}"
        )
    _check_shape(array.shape)
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError("Draw: the values of a picture must be from 0 to 1")
    return np.rint(array * 255).astype(np.uint8)


def _check_shape(shape: tuple[int, ...]) -> None:
    if min(shape) < SMALLEST_SIDE or max(shape) > LARGEST_SIDE:
        raise ValueError(
            f"Draw: a side must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, "
            f"got {_by(shape)}"
        )


def _encoded(ink: Array) -> str:
    return b64encode(ink.tobytes()).decode("ascii")


def _by(shape: tuple[int, ...]) -> str:
    return f"{shape[0]} by {shape[1]}"
