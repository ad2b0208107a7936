"""Comparisons for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from tutorial_kernels.parity.comparison import Comparison


def print_table(comparison: Comparison) -> None:
    """Print every tensor with its differences, in the terminal's colors."""
    from rich.console import Console
    from rich.table import Table

    largest = comparison.largest
    table = Table(
        title=(
            f"{comparison.model} beside PyTorch, {comparison.dtype}, "
            f"{comparison.optimizer}"
        ),
        caption=f"largest: {largest.relative:.1e}, {largest.name}",
    )
    table.add_column("tensor")
    table.add_column("largest difference", justify="right")
    table.add_column("relative", justify="right")
    for difference in comparison.differences:
        table.add_row(
            difference.name,
            f"{difference.absolute:.1e}",
            f"{difference.relative:.1e}",
        )
    Console().print(table)


def as_json(comparisons: Mapping[str, Sequence[Comparison]]) -> str:
    """Everything that was compared, losses included, under each name."""
    return json.dumps(
        {
            name: [asdict(one) for one in all_]
            for name, all_ in comparisons.items()
        },
        indent=2,
    )


def as_markdown(comparisons: Iterable[Comparison]) -> str:
    """One row a network: the largest relative differences of each kind.

    Rounded up to powers of ten, because the last bits of a sum depend on the
    processor.
    """
    lines = [
        "| Network | Forward and loss | Gradients | One step "
        "| Losses | Weights after |",
        "|---|---|---|---|---|---|",
    ]
    for comparison in comparisons:
        cells = [
            _power(_largest(comparison, kind))
            for kind in (_FORWARD, _GRADIENTS, _STEP, _LOSSES, _WEIGHTS)
        ]
        row = " | ".join([f"`{comparison.model}`", *cells])
        lines.append(f"| {row} |")
    return "\n".join(lines) + "\n"


_FORWARD = "forward"
_GRADIENTS = "gradients"
_STEP = "step"
_LOSSES = "losses"
_WEIGHTS = "weights"


def _kind(name: str) -> str:
    if name.startswith("gradient of "):
        return _GRADIENTS
    if name.startswith("losses of "):
        return _LOSSES
    if name.endswith(" after 1 step"):
        return _STEP
    return _WEIGHTS if name.endswith(" steps") else _FORWARD


def _largest(comparison: Comparison, kind: str) -> float | None:
    found = [
        difference.relative
        for difference in comparison.differences
        if _kind(difference.name) == kind
    ]
    return max(found, default=None)


def _power(value: float | None) -> str:
    """`1e-15` for anything above 1e-16 and up to 1e-15."""
    if value is None:
        return "not compared"
    if value == 0:
        return "0"
    exponent = -30
    while 10.0**exponent < value:
        exponent += 1
    return f"below 1e{exponent}"
