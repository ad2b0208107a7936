"""What a cell imports, and what an import error says in a page."""

import pytest

from tutorial_kernels.page.imports import explain_missing, imports_of


def test_every_import_statement_counts_wherever_it_stands():
    source = (
        "import numpy as np, os.path\n"
        "from matplotlib import pyplot\n"
        "from . import near\n"
        "await something()\n"
        "def draw():\n"
        "    try:\n"
        "        import PIL.Image\n"
        "    except ImportError:\n"
        "        pass\n"
        "text = 'import pandas'\n"
    )
    assert imports_of(source) == ["PIL", "matplotlib", "numpy", "os"]


@pytest.mark.parametrize("source", ["import", "a\0b", "(" * 500, ""])
def test_code_that_cannot_be_read_imports_nothing(source):
    assert imports_of(source) == []


def raised(name):
    return ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_an_error_says_what_there_is_and_how_to_get_it():
    error = raised("no_such_package.part")
    explain_missing(error, ["matplotlib"])
    assert str(error) == (
        "No module named 'no_such_package': this page has Python's standard "
        "library, NumPy, matplotlib and tutorial_kernels, and fetches nothing "
        "from elsewhere"
    )
    error = raised("matplotlib.pyplot")
    explain_missing(error, ["matplotlib"])
    assert "write `import matplotlib`" in str(error)


@pytest.mark.parametrize(
    "error", [raised("numpy.nothing"), ImportError("x"), KeyError("a")]
)
def test_other_errors_are_left_alone(error):
    before = str(error)
    explain_missing(error, ["matplotlib"])
    assert str(error) == before
