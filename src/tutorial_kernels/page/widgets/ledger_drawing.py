"""The still of a ledger: its table as a picture."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutorial_kernels.page.widgets.ledger import Ledger

WIDTH, ROW = 640.0, 30.0
ENDS = (250.0, 350.0, 465.0, 575.0, 636.0)  # where the columns end
BAR = 160.0
HEADS = ("Output", "Parameters", "Multiply-adds", "Output bytes", "Steps")


def still_of(ledger: Ledger) -> str:
    """An SVG of the table, a bar below each layer's name."""
    totals = ledger["totals"]
    whole = max(totals["parameters"], 1)
    parts = [_line(0, "Layer", HEADS, "ledger-head")]
    for number, row in enumerate(ledger["rows"], 1):
        numbers = [row[column] for column in totals]
        cells = (row["shape"], *(f"{n:,}" for n in numbers))
        share = row["parameters"] / whole
        parts.append(_line(number, row["name"], cells, kind=row["kind"]))
        parts.append(_bar(number, share))
    last = len(ledger["rows"]) + 1
    sums = ("", *(f"{n:,}" for n in totals.values()))
    parts.append(_line(last, "Total", sums, "ledger-head"))
    height = (last + 1) * ROW
    return (
        f'<svg class="ledger-still" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'width="{WIDTH:g}" xmlns="http://www.w3.org/2000/svg" '
        f'data-search-exclude="">{"".join(parts)}</svg>'
    )


def _line(
    number: int,
    name: str,
    cells: tuple[str, ...],
    look: str = "",
    kind: str = "",
) -> str:
    y = number * ROW + 18
    after = f' <tspan class="ledger-kind">{escape(kind)}</tspan>'
    texts = [
        f'<text class="{look}" x="2" y="{y:g}">{escape(name)}'
        f"{after if kind else ''}</text>"
    ]
    texts += [
        f'<text class="ledger-cell {look}" x="{x:g}" y="{y:g}">'
        f"{escape(cell)}</text>"
        for x, cell in zip(ENDS, cells, strict=True)
        if cell
    ]
    return "".join(texts)


def _bar(number: int, share: float) -> str:
    y = number * ROW + 23
    return (
        f'<rect class="ledger-track" x="2" y="{y:g}" width="{BAR:g}" '
        f'height="3"/><rect class="ledger-share" x="2" y="{y:g}" '
        f'width="{BAR * share:.1f}" height="3"/>'
    )
