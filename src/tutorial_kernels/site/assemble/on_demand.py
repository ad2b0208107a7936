"""The packages that a page loads only when a cell imports them."""

from collections.abc import Mapping
from dataclasses import dataclass

# For compilers and type checkers, and the tests of the packages themselves.
_GENERAL_DROPS = ("*.pyi", "*.h", "*.c", "*.pxd", "*.pyx", "*.a", "*/tests/*")
_MORE_DROPS: Mapping[str, tuple[str, ...]] = {
    "matplotlib": (
        # What draws in windows, for printers, or shows how it is done. The
        # fonts that stay are the sans serif ones and those of formulas.
        "matplotlib/backends/_tkagg*",
        "matplotlib/backends/backend_[gmnqtw][btx]*",
        "matplotlib/backends/backend_macosx*",
        "matplotlib/backends/backend_nbagg*",
        "matplotlib/backends/backend_p[dgs]*",
        "matplotlib/backends/qt_*",
        "matplotlib/backends/web_backend/*",
        "matplotlib/mpl-data/fonts/afm/*",
        "matplotlib/mpl-data/fonts/pdfcorefonts/*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
        "matplotlib/mpl-data/fonts/ttf/STIX*",
        "matplotlib/mpl-data/images/*",
        "matplotlib/mpl-data/plot_directive/*",
        "matplotlib/mpl-data/sample_data/*",
        "matplotlib/sphinxext/*",
        "matplotlib/testing/*",
        "mpl_toolkits/*/tests/*",
    ),
    "numpy": (
        "*.build",
        "*.cfg",
        "*.ini",
        "*.md",
        "*.pc",
        "*.rst",
        "*.template",
        "numpy/_pyinstaller/*",
        "numpy/conftest.py",
        "numpy/f2py/*",
        "numpy/random/_examples/*",
    ),
    "python-dateutil": ("dateutil/zoneinfo/*.tar.gz",),
}


@dataclass(frozen=True)
class OnDemand:
    """A package of Pyodide's distribution that some cells import.

    Attributes:
        name: Its name in the lock.
        imports: The names by which a cell imports it.
        left_out: What it depends on and a page does not need.
    """

    name: str
    imports: tuple[str, ...]
    left_out: tuple[str, ...] = ()


# fonttools puts fonts into PDF files; pytz is there for dates of pandas.
ON_DEMAND = (
    OnDemand(
        "matplotlib",
        ("matplotlib", "mpl_toolkits", "pylab", "PIL"),
        ("fonttools", "pytz"),
    ),
)


def drops(package: str) -> tuple[str, ...]:
    """Returns the patterns of what no page needs of a package."""
    return _GENERAL_DROPS + _MORE_DROPS.get(package, ())
