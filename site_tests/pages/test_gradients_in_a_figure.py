"""The figure of the 2-2-1 network carries the numbers of its cell's output."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
LINE = re.compile(r"^ *(\d+)  .*? (-?\d\.\d{4}) +(-?\d\.\d{4})$", re.MULTILINE)
TEXT = re.compile(r'data-(value|gradient)="(\d+)">([^<]*)<')


def test_every_number_is_that_of_the_table() -> None:
    chapter = (DOCS / "chapters/backpropagation.md").read_text("utf-8")
    figure = (DOCS / "assets/figures/two_two_one.svg").read_text("utf-8")
    table = {
        (kind, line): float(number)
        for line, value, gradient in LINE.findall(chapter)
        for kind, number in (("value", value), ("gradient", gradient))
    }
    shown = TEXT.findall(figure)
    assert len(shown) == 2 * (9 + 6)  # parameters; inputs, units, the loss
    for kind, line, text in shown:
        expected = f"{table[kind, line]:.2f}".replace("-", "−")
        assert text == expected, (kind, line)
