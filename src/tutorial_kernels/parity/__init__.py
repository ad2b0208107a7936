"""Parity: each network here and in PyTorch, compared number by number."""

from tutorial_kernels.parity.comparison import (
    Comparison,
    Difference,
    compare,
    compare_games,
    load_into_torch,
)
from tutorial_kernels.parity.problems import PROBLEMS, compare_twins
from tutorial_kernels.parity.report import as_json, as_markdown, print_table

__all__ = [
    "PROBLEMS",
    "Comparison",
    "Difference",
    "as_json",
    "as_markdown",
    "compare",
    "compare_games",
    "compare_twins",
    "load_into_torch",
    "print_table",
]
