"""A plane of codes, and what the decoder makes of each."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np

from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.labelled import labelled
from tutorial_kernels.page.widgets.latent_drawing import still_of
from tutorial_kernels.page.widgets.numbers import fixed

MOST_POINTS = 1_500
LARGEST_SIDE = 128
TASK = (
    "Move over the plane: the decoder draws what stands there. Where does one "
    "class turn into another, and what is drawn where no code is?"
)

type Array = np.ndarray[Any, np.dtype[Any]]
type Decode = Callable[[Array], Any]


class Latent(Widget):
    """Show codes of two numbers by class, and decode what is pointed at.

    Python decodes while the reader drags or uses the arrow keys.

    Args:
        codes: (n, 2), one code for each example; of more than 1,500 an even
            selection is drawn.
        labels: The class of each, as whole numbers from 0.
        decode: Turns a code of shape (1, 2) into a picture: (height, width),
            or a row of a square number of pixels, any axes of 1 around it.
        names: The names of the classes.
        value_range: The values that are drawn black and white.
        at: The code that is decoded first.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        ValueError: If a shape does not fit, or a code is not finite.
    """

    def __init__(
        self,
        codes: Any,
        labels: Any,
        decode: Decode,
        *,
        names: Any = None,
        value_range: tuple[float, float] = (0.0, 1.0),
        at: tuple[float, float] | None = None,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Draw the codes and decode the first one."""
        self._codes, self._labels = _checked(codes, labels)
        self._decode, self._range = decode, value_range
        classes = int(self._labels.max()) + 1
        given = range(classes) if names is None else names
        self.names = [str(name) for name in given]
        if len(self.names) < classes:
            raise ValueError(
                f"Latent: {len(self.names)} names given for {classes} classes"
            )
        low, high = self._codes.min(axis=0), self._codes.max(axis=0)
        air = 0.05 * np.maximum(high - low, 1e-6)
        self._low, self._high = low - air, high + air
        first = np.median(self._codes, axis=0) if at is None else at
        start = [round(float(number), 4) for number in first]
        state = {
            "points": np.round(self._codes, 4).tolist(),
            "labels": self._labels.tolist(),
            "names": self.names,
            "low": self._low.tolist(),
            "high": self._high.tolist(),
            "at": start,
            **self._decoded(start),
        }
        super().__init__("latent", state, task=task, shared=("at",), name=name)
        self.on_change(self._answer, "at")
        if self["at"] != start:
            self._answer(self)

    def check(self, name: str, value: Any) -> Any:
        """Take a code within the plane that is drawn."""
        if name != "at":
            return value
        x, y = (float(number) for number in value)
        if not isfinite(x) or not isfinite(y):
            raise ValueError("Latent: a code must be two finite numbers")
        place = np.clip([x, y], self._low, self._high)
        return [round(float(v), 4) for v in place]

    def summary(self) -> str:
        """What is decoded, and the nearest example."""
        x, y = self["at"]
        nearest = self.names[self["nearest"]]
        return (
            f"{len(self._codes):,} codes in {len(self.names)} classes. "
            f"Decoded is ({fixed(x)}, {fixed(y)}). The nearest code, "
            f"{self['distance']:.2f} away, is of class {nearest}."
        )

    def still(self) -> str:
        """The plane, and the picture decoded first."""
        return still_of(self)

    def _answer(self, _widget: Widget) -> None:
        try:
            self.update(**self._decoded(self["at"]))
        except BaseException:
            self.update(decoded=self["at"])  # the page waits for an answer
            raise

    def _decoded(self, at: list[float]) -> dict[str, Any]:
        """The picture at a code, with the code and its nearest example."""
        code = np.array([at], dtype=np.float32)
        low, high = self._range
        picture = _picture(self._decode(code))
        gray = np.clip((picture - low) / (high - low), 0.0, 1.0)
        distances = np.linalg.norm(self._codes - np.array(at), axis=1)
        nearest = int(distances.argmin())
        return {
            "image": np.rint(255 * gray).astype(int).tolist(),
            "decoded": at,
            "nearest": int(self._labels[nearest]),
            "distance": round(float(distances[nearest]), 4),
        }


def _checked(codes: Any, labels: Any) -> tuple[Array, Array]:
    """Codes and labels that fit each other, few enough to be drawn."""
    places, kinds = labelled("Latent", "codes", codes, labels)
    if len(places) == 0:
        raise ValueError("Latent: there must be at least one code")
    every = np.linspace(0, len(places) - 1, min(len(places), MOST_POINTS))
    kept = np.unique(every.astype(int))
    return places[kept], kinds[kept]


def _picture(value: Any) -> Array:
    """What a decoder gave, as (height, width)."""
    array = np.squeeze(np.asarray(as_array(value), dtype=np.float64))
    side = round(array.size**0.5)
    if array.ndim == 1 and side * side == array.size:
        array = array.reshape(side, side)
    if array.ndim != 2 or max(array.shape) > LARGEST_SIDE:
        raise ValueError(
            "Latent: decode must give one picture, "
            f"got shape {np.shape(as_array(value))}"
        )
    return array
