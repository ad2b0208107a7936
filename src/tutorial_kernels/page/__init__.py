"""What a cell calls to show its work: ``track``, ``plot``, ``show``, figures.

The same calls work in a page of the course, in a notebook and in a terminal.
"""

from tutorial_kernels.page.chosen import chosen_file
from tutorial_kernels.page.plot import plot
from tutorial_kernels.page.show import show
from tutorial_kernels.page.sink import current_sink
from tutorial_kernels.page.track import track
from tutorial_kernels.page.widgets import (
    Controls,
    Draw,
    GradientBars,
    GraphStep,
    Latent,
    Ledger,
    Matrix,
    ShapeMatcher,
    Signal,
    Surface,
    controls,
)

__all__ = [
    "Controls",
    "Draw",
    "GradientBars",
    "GraphStep",
    "Latent",
    "Ledger",
    "Matrix",
    "ShapeMatcher",
    "Signal",
    "Surface",
    "chosen_file",
    "controls",
    "current_sink",
    "plot",
    "show",
    "track",
]
