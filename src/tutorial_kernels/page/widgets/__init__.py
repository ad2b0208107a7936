"""The figures that a cell's NumPy state drives, one class each."""

from tutorial_kernels.page.widgets.controls import Controls, controls
from tutorial_kernels.page.widgets.draw import Draw
from tutorial_kernels.page.widgets.gradient_bars import GradientBars
from tutorial_kernels.page.widgets.graph_step import GraphStep
from tutorial_kernels.page.widgets.latent import Latent
from tutorial_kernels.page.widgets.ledger import Ledger
from tutorial_kernels.page.widgets.matrix import Matrix
from tutorial_kernels.page.widgets.shape_matcher import ShapeMatcher
from tutorial_kernels.page.widgets.signal import Signal
from tutorial_kernels.page.widgets.surface import Surface

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
    "controls",
]
