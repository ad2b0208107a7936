"""The backend that Matplotlib draws with in a page; it imports this itself."""

from typing import Any

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tutorial_kernels.page.matplotlib_figures import (
    bundle_of_figure,
    show_open_figures,
)
from tutorial_kernels.page.sink import current_sink


class FigureManager(FigureManagerBase):
    """Shows a figure in the output of the cell that runs."""

    def show(self) -> None:
        """Show this figure and close it."""
        current_sink().display(bundle_of_figure(self.canvas.figure), None)

    @classmethod
    def pyplot_show(cls, *args: Any, **options: Any) -> None:
        """What ``plt.show()`` does: show all figures and close them."""
        show_open_figures()


class FigureCanvas(FigureCanvasAgg):
    """Draws with Agg where a cell asks for pixels, and else with SVG."""

    manager_class = FigureManager
