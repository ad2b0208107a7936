"""A plane of points, and what a network says everywhere on it."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from tutorial_kernels.page.drawing import number
from tutorial_kernels.page.values import as_array
from tutorial_kernels.page.widget import Widget
from tutorial_kernels.page.widgets.labelled import labelled
from tutorial_kernels.page.widgets.numbers import fixed
from tutorial_kernels.page.widgets.surface_drawing import axes_of, still_of
from tutorial_kernels.page.widgets.surface_field import (
    MOST_CLASSES,
    Array,
    Predict,
    plane_of,
    predicted,
)

MOST_POINTS = 1_500
MOST_DRAWN = 500
SECONDS_BETWEEN = 0.08
SHARE = 3  # for one second of drawing so many seconds of the reader's loop
TASK = (
    "Draw points of your own: which of them bend the line between the classes, "
    "and which change nothing?"
)

type Own = tuple[Array, Array]  # (n, 2) points and their (n,) classes


class Surface(Widget):
    """Show what ``predict`` says all over a plane, and points upon it.

    The reader adds, moves and removes points, by pointer and by keyboard.
    ``points`` and ``labels`` are then those of the cell and the reader's, also
    while a cell trains; ``on_change`` calls a function whenever they change.
    ``redraw`` shows what ``predict`` says now.

    Args:
        predict: Turns places, (n, 2) in float32, into (n, classes) logits or
            probabilities, (n,) whole numbers of classes, or (n,) values, of
            which one half of ``value_range`` is class 0, the other class 1.
            Logits are shown as their softmax. It runs under ``no_grad``.
        points: (n, 2), at most 1,500.
        labels: The class of each point, as whole numbers from 0.
        names: The names of the classes, at most six.
        bounds: What of the plane is shown, ``((left, right), (bottom,
            top))``; else what the points need.
        value_range: The values with the full color of class 0 and class 1.
        levels: Values whose lines are drawn, as heights on a map, in place
            of the line between the classes. ``predict`` gives one value.
        x_label: What the plane shows from left to right, such as a weight;
            its edges have numbers if it or ``levels`` are given.
        y_label: What it shows from the bottom up.
        drawing: Whether the reader draws points, or only looks.
        task: What the reader can find out.
        name: Its name in the page's address.

    Raises:
        ValueError: If a shape does not fit, a number is not finite, there
            are more classes or points than can be shown, or levels for
            classes.
    """

    def __init__(
        self,
        predict: Predict,
        points: Any = None,
        labels: Any = None,
        *,
        names: Any = None,
        bounds: Any = None,
        value_range: tuple[float, float] = (0.0, 1.0),
        levels: Sequence[float] = (),
        x_label: str = "",
        y_label: str = "",
        drawing: bool = True,
        task: str = TASK,
        name: str = "",
    ) -> None:
        """Ask ``predict`` for the first time and draw it."""
        self._predict = predict
        self._own = _checked(points, labels)
        self._plane = plane_of(bounds, self._own[0])
        self._range = _checked_range(value_range)
        self._classes = _class_count(self._own[1], names)
        self._stale, self._due = False, 0.0
        field, said = self._asked(self._own[0])
        if len(field) == 1 and self._classes > 2:
            raise ValueError(
                "Surface: one value tells two classes apart, there are "
                f"{self._classes}"
            )
        heights = _checked_levels(levels, len(field))
        self._classes = max(2, len(field))
        self._said = said
        self.names = _checked_names(names, self._own[1], self._classes)
        state = {
            "field": field,
            "points": self._own[0].astype(np.float32),
            "labels": self._own[1].astype(np.int32),
            "names": self.names,
            "low": self._plane.low.tolist(),
            "high": self._plane.high.tolist(),
            "aspect": self._plane.aspect,
            "range": list(self._range),
            "levels": heights,
            "axes": self._axes((x_label, y_label), bool(heights)),
            "drawing": drawing,
            "words": "",
            "arrows": np.zeros((0, 4), np.float32),
            "drawn": [],
            "removed": [],
        }
        shared = ("drawn", "removed") if drawing else ()
        super().__init__("surface", state, task=task, shared=shared, name=name)
        if drawing:
            self.on_change(self._on_edit, *shared)
        if self["drawn"] or self["removed"]:
            self._draw()

    @property
    def points(self) -> Array:
        """(n, 2) in float32: the cell's without the removed, then drawn."""
        drawn = np.array(self["drawn"], np.float32).reshape(-1, 3)
        own = np.delete(self._own[0], self["removed"], axis=0)
        return np.concatenate([own.astype(np.float32), drawn[:, :2]])

    @property
    def labels(self) -> Array:
        """(n,) whole numbers: the class of each of ``points``."""
        drawn = [kind for _, _, kind in self["drawn"]]
        own = np.delete(self._own[1], self["removed"])
        return np.concatenate([own, np.array(drawn, np.int64)])

    def redraw(
        self,
        points: Any = None,
        labels: Any = None,
        arrows: Any = None,
        words: str | None = None,
    ) -> None:
        """Ask ``predict`` again; in a loop, about ten times a second.

        It takes a quarter of a loop's time at most, and the end of the cell
        always shows the last state.

        Args:
            points: Other points than before, (n, 2), such as a generator's.
            labels: Their classes.
            arrows: ``(starts, steps)``, both (n, 2), such as the gradient at
                each point.
            words: What they show, for those who do not see it: spoken, and
                in the summary in place of how many points lie on their own
                side.

        Raises:
            ValueError: As for the class.
        """
        if points is not None:
            self._own = _checked(points, labels)
            _checked_names(self.names, self._own[1], self._classes)
            self._state["removed"] = [
                at for at in self["removed"] if at < len(self._own[0])
            ]
        if arrows is not None:
            self._state["arrows"] = _checked_arrows(*arrows)
        if words is not None:
            self._state["words"] = words
        self._stale = True
        if perf_counter() >= self._due:
            self._draw()

    def settle(self) -> None:
        """A cell has ended: draw what the pace of ``redraw`` left out."""
        if self._stale:
            self._draw()

    def check(self, name: str, value: Any) -> Any:
        """Take points within the plane, and removals of points there are."""
        if name not in self.shared:
            raise ValueError(f"Surface: {name} is not for the reader to set")
        if name == "drawn":
            if len(value) > MOST_DRAWN:
                raise ValueError(f"Surface: at most {MOST_DRAWN} points more")
            return [self._checked_point(*point) for point in value]
        places = sorted({int(at) for at in value})
        if places and not 0 <= places[0] <= places[-1] < len(self._own[0]):
            raise ValueError(f"Surface: there are no points {places}")
        return places

    def summary(self) -> str:
        """How many points lie on their own side, or what is not there yet."""
        labels, drawn = self.labels, len(self["drawn"])
        parts = self._extent()
        if len(self["field"]) == 1:
            low, high = self["field"].min(), self["field"].max()
            parts.append(f"Values from {fixed(low)} to {fixed(high)}.")
        count = f"{len(labels):,} point{'s' * (len(labels) != 1)}"
        if self["words"]:
            parts.append(self["words"])
        elif len(labels) == 0:
            parts.append("There are no points yet.")
        elif len(self._said) == len(labels):
            right = int((self._said == labels).sum())
            parts.append(f"{right:,} of {count} lie on their own side.")
        else:
            parts.append(f"{count}.")
        if drawn:
            parts.append(f"You drew {drawn} of them.")
        return " ".join(parts)

    def still(self) -> str:
        """The plane, its points and a legend."""
        return still_of(self)

    def _axes(self, labels: tuple[str, str], is_map: bool) -> dict[str, object]:
        """The numbers of a map's edges, or of named ones; else none."""
        if not is_map and not any(labels):
            return {}
        return axes_of(self._plane.low, self._plane.high, labels)

    def _extent(self) -> list[str]:
        """From where to where the plane goes, if it says what it shows."""
        ends = zip(self["low"], self["high"], strict=True)
        spans = [f"from {number(low)} to {number(high)}" for low, high in ends]
        labels = self["axes"].get("labels", ["", ""])
        named = [
            f"{label} {span}"
            for label, span in zip(labels, spans, strict=True)
            if label
        ]
        return [f"{', '.join(named)}."] if named else []

    def _on_edit(self, _widget: Widget) -> None:
        self._draw()

    def _draw(self) -> None:
        """Ask for the grid and the points in one forward, and show it."""
        begin = perf_counter()
        self._stale = False  # also if predict fails: it is told once
        field, self._said = self._asked(self.points)
        if len(field) != len(self["field"]):
            raise ValueError(
                f"Surface: predict gave {len(self['field'])} classes at "
                f"first, now {len(field)}"
            )
        own, kinds = self._own
        self.update(
            field=field,
            points=own.astype(np.float32),
            labels=kinds.astype(np.int32),
            removed=self["removed"],
            arrows=self["arrows"],
            words=self["words"],
        )
        self.flush()
        end = perf_counter()
        self._due = end + max(SECONDS_BETWEEN, SHARE * (end - begin))

    def _asked(self, points: Array) -> tuple[Array, Array]:
        """(classes or 1, rows, columns), and the class of each point."""
        places = self._plane.places()
        every = np.concatenate([places, points.astype(np.float32)])
        values = predicted(self._predict, every, self._classes)
        if values.ndim == 1:
            said = (values > sum(self._range) / 2).astype(int)
            values = values[:, None]
        else:
            said = values.argmax(axis=1)
        grid = values[: len(places)].T.astype(np.float32)
        shape = (-1, self._plane.rows, self._plane.columns)
        return grid.reshape(shape), said[len(places) :]

    def _checked_point(self, x: Any, y: Any, kind: Any) -> list[float]:
        place = np.array([float(x), float(y)])
        if not np.isfinite(place).all():
            raise ValueError("Surface: a point must be two finite numbers")
        if type(kind) is not int or not 0 <= kind < len(self.names):
            raise ValueError(f"Surface: there is no class {kind!r}")
        place = np.clip(place, self._plane.low, self._plane.high)
        return [*(round(float(v), 4) for v in place), kind]


def _checked(points: Any, labels: Any) -> Own:
    """Points and labels that fit each other, few enough to be drawn."""
    if points is None:
        points = np.zeros((0, 2))
    if labels is None:
        labels = np.zeros(as_array(points).shape[:1], np.int64)
    places, kinds = labelled("Surface", "points", points, labels)
    if len(places) > MOST_POINTS:
        raise ValueError(
            f"Surface: at most {MOST_POINTS:,} points can be shown, got "
            f"{len(places):,}"
        )
    return places, kinds


def _checked_range(value_range: tuple[float, float]) -> tuple[float, float]:
    low, high = (float(end) for end in value_range)
    if not low < high or not np.isfinite([low, high]).all():
        raise ValueError(
            f"Surface: value_range must rise, got {tuple(value_range)}"
        )
    return low, high


def _checked_levels(levels: Sequence[float], planes: int) -> list[float]:
    heights = [float(level) for level in levels]
    if heights and planes > 1:
        raise ValueError(
            "Surface: levels are heights of one value, predict gives "
            f"{planes} classes"
        )
    if not np.isfinite(heights).all():
        raise ValueError(f"Surface: levels must be finite, got {heights}")
    return heights


def _class_count(kinds: Array, names: Any) -> int:
    """How many classes labels and names speak of."""
    labelled = int(kinds.max()) + 1 if len(kinds) else 1
    return labelled if names is None else max(labelled, len(names))


def _checked_names(names: Any, kinds: Array, classes: int) -> list[str]:
    given = [f"class {kind}" for kind in range(classes)]
    if names is not None:
        given = [str(name) for name in names]
    highest = int(kinds.max()) if len(kinds) else 0
    if highest >= classes:
        raise ValueError(
            f"Surface: labels go up to {highest}, there are {classes} classes"
        )
    if len(given) != classes:
        raise ValueError(
            f"Surface: {len(given)} names given for {classes} classes"
        )
    if classes > MOST_CLASSES:
        raise ValueError(
            f"Surface: {classes} classes, at most {MOST_CLASSES} can be told "
            "apart"
        )
    return given


def _checked_arrows(starts: Any, steps: Any) -> Array:
    ends = [np.asarray(as_array(one), np.float32) for one in (starts, steps)]
    if ends[0].ndim != 2 or ends[0].shape[1] != 2:
        raise ValueError(
            "Surface: arrows must start at places of shape (n, 2), got "
            f"{ends[0].shape}"
        )
    if ends[1].shape != ends[0].shape:
        raise ValueError(
            f"Surface: arrows have {len(ends[0])} starts of shape "
            f"{ends[0].shape} and steps of shape {ends[1].shape}"
        )
    arrows = np.concatenate(ends, axis=1)
    if not np.isfinite(arrows).all():
        raise ValueError("Surface: arrows must be finite")
    return arrows
