"""Packages that a cell loads by an import: Matplotlib, and what is not there."""

import re
from urllib.parse import unquote

CURVES = """\
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 3, 40)
plt.plot(x, np.exp(-x), label="train")
plt.plot(x, np.exp(-x / 2), label="test")
plt.title("Loss")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
"""
PICTURES = "#{} + .cell-output .cell-figure img"
WHEEL = re.compile(r"matplotlib-.*\.whl")


def pictures(cells, name):
    return cells.page.locator(PICTURES.format(name))


def drawn(picture):
    """The SVG of a picture that the browser has drawn."""
    assert picture.evaluate("(image) => image.decode().then(() => true)")
    source = picture.get_attribute("src")
    assert source.startswith("data:image/svg+xml,")
    return unquote(source.partition(",")[2])


def test_a_cell_that_imports_matplotlib_draws_in_the_colors_of_the_site(cells):
    assert cells.run("numbers").startswith("rows: 3")
    assert not any(WHEEL.fullmatch(name) for name in cells.host.asked)
    cells.run("sum", CURVES + "print(plt.get_fignums())")
    assert cells.state("sum") == "done", cells.page.inner_text("main")
    assert cells.text("sum") == "[1]\n"
    assert sum(bool(WHEEL.fullmatch(name)) for name in cells.host.asked) == 1
    day, night = pictures(cells, "sum").all()
    assert day.get_attribute("alt") == (
        "A figure: Loss, loss over epoch, train, test"
    )
    assert "#0b5c96" in drawn(day)
    assert "#7cc0f0" in drawn(night)
    assert "#0b5c96" not in drawn(night)
    assert (day.is_visible(), night.is_visible()) == (True, False)
    cells.page.evaluate(
        "document.body.setAttribute('data-md-color-scheme', 'slate')"
    )
    assert (day.is_visible(), night.is_visible()) == (False, True)
    # The same Python needs nothing more, and each figure is shown once.
    code = (
        "fig, ax = plt.subplots()\n"
        "ax.imshow(np.eye(3), cmap='gray')\n"
        "plt.show()\n"
        "print(plt.get_fignums())\n"
        "fig = plt.figure()\n"
        "ax = fig.add_subplot(projection='3d')\n"
        "ax.plot([0, 1], [0, 1], [0, 1], 'k')\n"
        "fig"
    )
    assert cells.run("train", code) == "[]\n"
    assert pictures(cells, "train").count() == 2 + 1
    light = cells.page.locator("#train + .cell-output .cell-figure-light img")
    assert "#000000" in drawn(light)
    for _ in range(2):
        cells.run("train", "plt.plot([1])\n1 / 0")
    assert pictures(cells, "train").count() == 0
    assert cells.run("train", "plt.get_fignums()") == "[]\n"


def test_what_is_not_there_is_said_in_one_sentence(alone):
    code = (
        "try:\n    import pandas\nexcept ImportError:\n    print('caught')\n"
        "import importlib.util\n"
        "print(importlib.util.find_spec('torch'))\n"
        "import torch.nn"
    )
    assert alone.run("alone", code) == "caught\nNone\n"
    head = alone.page.locator("#alone + .cell-output .cell-error-head")
    assert head.inner_text() == (
        "ModuleNotFoundError: No module named 'torch': this page has Python's "
        "standard library, NumPy, matplotlib and tutorial_kernels, and fetches "
        "nothing from elsewhere"
    )
    code = "import importlib\nimportlib.import_module('matplotlib')"
    alone.run("alone", code)
    assert "write `import matplotlib`" in head.inner_text()
    for call in ("await pyfetch('../')", "open_url('../')"):
        alone.run(
            "alone", f"from pyodide.http import open_url, pyfetch\n{call}"
        )
        assert head.inner_text().endswith(
            "pyodide.http: the cells of this page ask for nothing over the network"
        )


def test_a_wheel_that_does_not_come_is_named(start_browser, host, make_cells):
    context = start_browser()  # the other one has the wheels in its cache
    cells = make_cells(context.new_page(), host)
    cells.open("other/")
    head = cells.page.locator("#alone + .cell-output .cell-error-head")
    code = "def draw():\n    import matplotlib\nprint('alive')"
    host.missing.append("kiwisolver")
    cells.run("alone", code)
    assert "matplotlib could not be loaded: kiwisolver" in head.inner_text()
    assert "is missing (404)" in head.inner_text()
    host.missing.clear()
    host.damaged["kiwisolver"] = b"PK, but not what was built"
    cells.run("alone", code)
    assert "is not what the site was built with" in head.inner_text()
    host.damaged.clear()
    # What the browser kept is damaged too, and asked for anew.
    assert cells.run("alone", code) == "alive\n"
    context.close()
