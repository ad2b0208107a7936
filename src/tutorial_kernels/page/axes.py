"""The rows and columns of a matrix: what they are, and each one's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any, TypedDict

import numpy as np

from tutorial_kernels.page.drawing import linear_ticks, number

LETTER = 6.4  # the mean width of a letter of a name, in pixels
LINE = 13  # the least distance of names below each other
LONGEST = 24  # letters of a name
MOST_IN_WORDS = 12
ROOM_FOR_NUMBER = 40  # pixels from one number to the next


@dataclass(frozen=True)
class Axis:
    """The rows or the columns of a matrix.

    Attributes:
        label: What they are, such as ``"hour"``.
        names: One for each; None if their numbers do.
        even: Whether the names are numbers, of which some may be left out.
    """

    label: str = ""
    names: tuple[str, ...] | None = None
    even: bool = False

    def words(self, kind: str, count: int) -> str:
        """How many there are, and what they are."""
        return f"{count} {kind}{f' ({self.label})' if self.label else ''}"

    def listed(self, kind: str) -> str:
        """Their names, as the end of a sentence."""
        if self.names is None:
            return ""
        names = list(self.names)
        if len(names) > MOST_IN_WORDS:
            names[MOST_IN_WORDS - 1 : -1] = ["…"]
        return f"; {kind}: {', '.join(names)}"


NUMBERED = Axis()  # rows or columns without names


class AxisData(TypedDict):
    """The JSON of an axis.

    Attributes:
        label: What the rows or columns are.
        ticks: Where a name stands, as a share of the picture's side; and it.
        room: How many pixels the names take.
        upright: Whether the names of columns stand upright, to have room.
    """

    label: str
    ticks: list[tuple[float, str]]
    room: int
    upright: bool


def axes_of(
    shape: tuple[int, ...],
    x: tuple[str, Iterable[object] | None],
    y: tuple[str, Iterable[object] | None],
) -> tuple[Axis, Axis]:
    """The columns and the rows that the arguments of ``show`` describe.

    Args:
        shape: That of the matrix.
        x: The label and the names of the columns.
        y: The label and the names of the rows.

    Raises:
        ValueError: It is no matrix, or there are more or fewer names than
            columns or rows.
    """
    if len(shape) != 2:
        raise ValueError(
            "show: only a matrix has names of rows and columns, "
            f"got the shape {shape}"
        )
    rows, columns = shape
    return (
        _axis("x_names", "columns", x, columns),
        _axis("y_names", "rows", y, rows),
    )


def _axis(
    argument: str,
    kind: str,
    given: tuple[str, Iterable[object] | None],
    count: int,
) -> Axis:
    label, names = given
    if names is None:
        return Axis(str(label))
    listed = list(names)
    known = tuple(_short(name) for name in listed)
    if len(known) != count:
        raise ValueError(
            f"show: {argument} has {len(known)} names, "
            f"the matrix has {count} {kind}"
        )
    real = (int, float, np.integer, np.floating)
    return Axis(str(label), known, all(isinstance(n, real) for n in listed))


def axis_data(
    axis: Axis, count: int, side: int, length: int, *, is_x: bool
) -> AxisData:
    """Where the names of rows or columns stand.

    Args:
        axis: The rows or columns.
        count: How many there are.
        side: The pixels that each takes in the picture.
        length: The pixels of the picture along the axis.
        is_x: Whether they are the columns.
    """
    names = axis.names
    longest = max(map(len, names or ()), default=0) * LETTER
    least = 0.75 * side  # a phone makes it smaller
    upright = is_x and longest > least and not axis.even
    if names is not None:
        wide = is_x and not upright
        room = (longest + 8) / least if wide and axis.even else LINE / side
        shown = [*range(0, count, max(1, ceil(room)))]
    elif axis.label:
        room = ROOM_FOR_NUMBER if is_x else LINE * 2
        most = max(1, count * side // room)
        ticks = linear_ticks(0, count - 1, min(6, most))
        shown = [int(tick) for tick in ticks if tick == int(tick)]
    else:
        shown = []
    written = [(at, names[at] if names else str(at)) for at in shown]
    widest = max((len(name) * LETTER for _, name in written), default=0)
    line = 18 if is_x and not upright else ceil(widest) + 8
    return {
        "label": axis.label,
        "ticks": [
            (round((at + 0.5) * side / length, 4), name) for at, name in written
        ],
        "room": line if shown else 0,
        "upright": upright,
    }


def framed(image: str, axes: Mapping[str, Any]) -> str:
    """The HTML of a picture with its axes around it."""
    x, y = axes["x"], axes["y"]
    rows = "".join(
        f'<text x="100%" y="{at:.2%}" dx="-5" dy="4" text-anchor="end">'
        f"{escape(name)}</text>"
        for at, name in y["ticks"]
    )
    look = 'y="13" text-anchor="middle"'
    if x["upright"]:
        look = 'y="5" writing-mode="vertical-rl" dominant-baseline="central"'
    columns = "".join(
        f'<text x="{at:.2%}" {look}>{escape(name)}</text>'
        for at, name in x["ticks"]
    )
    return (
        '<div class="cell-axes">'
        f'<span class="cell-axes-y" aria-hidden="true">{escape(y["label"])}'
        '</span><svg class="cell-axes-rows" aria-hidden="true" '
        f'width="{y["room"]}">{rows}</svg>{image}'
        '<svg class="cell-axes-columns" aria-hidden="true" '
        f'height="{x["room"]}">{columns}</svg>'
        f'<span class="cell-axes-x" aria-hidden="true">{escape(x["label"])}'
        "</span></div>"
    )


def _short(name: object) -> str:
    if isinstance(name, float | np.floating):
        return number(float(name))
    text = " ".join(str(name).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
