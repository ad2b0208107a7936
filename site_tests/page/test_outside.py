"""The same calls in a terminal and in Jupyter."""

import json
import re
import subprocess
import sys
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
from nbclient import NotebookClient

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


def test_in_jupyter_plots_and_pictures_are_displayed():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(CODE),
        nbformat.v4.new_code_cell(CODE),
    ]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    for cell in notebook.cells:
        bundles = [out["data"] for out in cell.outputs if "data" in out]
        assert any(
            "30 of 30" in bundle.get("text/html", "") for bundle in bundles
        )
        (drawn,) = [b["image/svg+xml"] for b in bundles if "image/svg+xml" in b]
        assert "to 0.03333 (step 29)" in "".join(drawn)
        assert sum("image/png" in bundle for bundle in bundles) == 1
        assert "'no image'" in json.dumps([dict(out) for out in cell.outputs])


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
