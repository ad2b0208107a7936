"""The same calls in a terminal and in Jupyter."""

import json
import re
import subprocess
import sys
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient

VIEW = "application/vnd.jupyter.widget-view+json"
CODE = """
from tutorial_kernels.page import track, plot, show
for step in track(range(30), label="training"):
    plot(step, loss=1 / (step + 1))
show([[1, 2], [3, 4]])
show("no image")
"""


def test_in_a_terminal_everything_is_plain_text():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("training [########################] 30/30 ")
    lines = done.stdout.splitlines()
    assert lines[0] == "loss 1 (step 0)."
    assert "[A gray image of 2 by 2 pixels]" in lines
    assert "'no image'" in lines
    assert lines[-1] == "loss from 1 (step 0) to 0.03333 (step 29)."


def test_a_terminal_needs_no_ipython():
    code = CODE + "import sys\nassert 'IPython' not in sys.modules"
    code += "\nassert 'tutorial_kernels.page.notebook' in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


REDRAWN = """
from tutorial_kernels.page import controls, plot, track
knobs = controls(a=(0, 9, 1))

@knobs.on_change
def draw(_=None):
    print("a is", knobs.a)
    plot([0, knobs.a], y=[0, 1])
    if knobs.a == 5: 1 / 0

plot(0, own=1.0)
draw()
knobs["a"] = 2
draw()
plot(1, own=1.0)
"""
RAISED = """
knobs = controls(a=(0, 9, 5))
draw = knobs.on_change(draw.__wrapped__)
try:
    draw()
except ZeroDivisionError:
    print("raised")
"""


@pytest.fixture(scope="module")
def executed():
    """A notebook that has run: the client, with the state of its widgets."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(code)
        for code in (CODE, CODE, REDRAWN, RAISED, "draw()")
    ]
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", allow_errors=True
    )
    client.execute()
    return client


def test_in_jupyter_plots_and_pictures_are_displayed(executed):
    for cell in executed.nb.cells[:2]:
        bundles = [out["data"] for out in cell.outputs if "data" in out]
        assert any(
            "30 of 30" in bundle.get("text/html", "") for bundle in bundles
        )
        (drawn,) = [b["image/svg+xml"] for b in bundles if "image/svg+xml" in b]
        assert "to 0.03333 (step 29)" in "".join(drawn)
        assert sum("image/png" in bundle for bundle in bundles) == 1
        assert "'no image'" in json.dumps([dict(out) for out in cell.outputs])


def test_in_jupyter_a_first_drawing_stands_below_its_controls(executed):
    first, second, third = (cell.outputs for cell in executed.nb.cells[2:])
    view, own = (output["data"] for output in first)
    assert VIEW in view
    assert "from 1 (step 0) to 1 (step 1)" in "".join(own["image/svg+xml"])
    assert [output.get("text") for output in second] == [None, "raised\n"]
    # In another cell the output is that cell's, and its exception too.
    assert third[0]["text"] == "a is 5\n"
    assert third[-1]["ename"] == "ZeroDivisionError"
    below = [
        "".join(output.get("text", "") for output in widget["outputs"])
        for widget in executed.widget_state.values()
        if "outputs" in widget
    ]
    assert below == ["a is 2\n", "a is 5\n"]


WITHOUT = """
import sys
sys.modules["anywidget"] = None  # as where it is not installed
from tutorial_kernels.page import Matrix
matrix = Matrix.product([[1, 2], [3, 4]], [[1, 0], [0, 1]], task="Look <here>.")
matrix["focus"] = [0, 0]
"""


def test_without_anywidget_a_still_stands_and_says_what_to_install():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(WITHOUT)]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    html = output["data"]["text/html"]
    assert "<strong>Look &lt;here&gt;.</strong>" in html
    assert html.count("pip install anywidget") == 1
    source = re.search(r'<img src="data:image/svg\+xml,([^"]+)"', html)[1]
    picture = ElementTree.fromstring(unquote(source))
    assert "background:#fff" in picture[0].text
    words = output["data"]["text/plain"]
    assert "Row 0, column 0: 1.00 × 1.00" in words  # as the cell has left it
    assert "pip install anywidget" in words
