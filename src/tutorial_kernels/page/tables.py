"""Matrices, dicts and lists of dicts as tables: HTML, and plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from tutorial_kernels.page.axes import NUMBERED, Axis

MOST_ROWS = 60
MOST_COLUMNS = 20
LONGEST_CELL = 80  # characters


@dataclass(frozen=True)
class Table:
    """A table as text, cut to what a reader takes in.

    Attributes:
        head: The names of the columns; the first is that of the row names.
        rows: Each row, its name first.
        left_out: What was cut, in words, or "".
    """

    head: list[str]
    rows: list[list[str]]
    left_out: str

    def html(self) -> str:
        """The table as HTML."""
        head = "".join(f'<th scope="col">{escape(c)}</th>' for c in self.head)
        rows = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        note = f"<p>{escape(self.left_out)}</p>" if self.left_out else ""
        return (
            f"<table><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>{note}"
        )

    def text(self) -> str:
        """The table with its columns aligned by spaces."""
        shown = aligned([self.head, *self.rows])
        return "\n".join([*shown, *filter(None, [self.left_out])])


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows as lines, each column below itself.

    Args:
        rows: Cells, as many in every row.
        left: How many of the first columns begin at the left; the others,
            which are numbers, end at the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def table_of(
    value: object, x: Axis = NUMBERED, y: Axis = NUMBERED
) -> Table | None:
    """The table that a value is, or None.

    A dict of equally long columns, a dict of single values, a list of dicts,
    or a matrix, whose columns ``x`` and rows ``y`` may have names.
    """
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.size:
        names = x.names or map(str, range(value.shape[1]))
        rows = zip(
            y.names or map(str, range(len(value))),
            map(list, value),
            strict=True,
        )
        corner = " \\ ".join(filter(None, (y.label, x.label)))
        return _cut([corner, *names], list(rows))
    if isinstance(value, Mapping) and value:
        return _of_mapping(value)
    if (
        isinstance(value, Sequence)
        and value
        and all(isinstance(row, Mapping) for row in value)
    ):
        columns = list(dict.fromkeys(str(key) for row in value for key in row))
        records = [{str(key): row[key] for key in row} for row in value]
        return _cut(
            ["", *columns],
            [
                (str(at), [record.get(column, "") for column in columns])
                for at, record in enumerate(records)
            ],
        )
    return None


def _of_mapping(value: Mapping[Any, Any]) -> Table:
    columns = list(value.values())
    if all(_is_column(column) for column in columns):
        lengths = {len(column) for column in columns}
        if len(lengths) == 1:
            rows = [
                (str(at), list(row))
                for at, row in enumerate(zip(*columns, strict=True))
            ]
            return _cut(["", *(str(key) for key in value)], rows)
    return _cut(
        ["", "value"], [(str(key), [item]) for key, item in value.items()]
    )


def _is_column(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, list | tuple)


def _cut(head: list[str], rows: list[tuple[str, list[Any]]]) -> Table:
    cut = []
    if len(rows) > MOST_ROWS:
        cut.append(f"{len(rows) - MOST_ROWS:,} more rows")
    if len(head) - 1 > MOST_COLUMNS:
        cut.append(f"{len(head) - 1 - MOST_COLUMNS:,} more columns")
    return Table(
        [_short(name) for name in head[: MOST_COLUMNS + 1]],
        [
            [_short(name), *(_cell(item) for item in items[:MOST_COLUMNS])]
            for name, items in rows[:MOST_ROWS]
        ],
        f"{' and '.join(cut)} are not shown." if cut else "",
    )


def _cell(value: object) -> str:
    """Four digits of a float, the text of anything else."""
    if isinstance(value, float | np.floating):
        return f"{float(value):.4g}"
    return _short(str(value))


def _short(text: str) -> str:
    text = " ".join(text.split())
    too_long = len(text) > LONGEST_CELL
    return f"{text[: LONGEST_CELL - 1]}…" if too_long else text
