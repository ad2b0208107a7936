"""The figures in a notebook: a kernel's comms, the modules of the package.

The front end here is a small one that speaks the protocol of widgets; which
JupyterLab it was tried in by hand stands in docs/about/authoring.md.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from notebook_page import NotebookPage
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until
from tutorial_kernels.page.notebook_widgets import MODULES
from tutorial_kernels.site.assemble.nodejs import run_node

VIEW = "application/vnd.jupyter.widget-view+json"
CONTROLS = """
from tutorial_kernels.page import controls
knobs = controls(
    task="Set it.", lr=(1e-3, 10, "log"), layout=["SGD", "Adam"],
    report=lambda: print("pressed at", knobs.lr),
)

@knobs.on_change
def answer(knobs):
    print("python has", knobs.lr, knobs.layout)
"""
GRAPH = """
from tutorial_kernels import Tensor, functional as F
from tutorial_kernels.page import GraphStep

def loss(v):
    named = {k: Tensor(n, requires_grad=True) for k, n in v.items()}
    return F.tanh(named["w"] * named["x"]), named

graph = GraphStep(loss, {"w": 0.5, "x": 2.0})
"""
OTHERS = """
import numpy as np
from tutorial_kernels import nn
from tutorial_kernels.page import (
    Draw, Latent, Ledger, Matrix, ShapeMatcher, Signal, Surface)
matrix = Matrix.convolution(np.eye(5), np.ones((3, 3)))
ledger = Ledger(nn.Sequential(nn.Linear(4, 8), nn.ReLU()), (1, 4))
latent = Latent(np.eye(2), [0, 1], lambda code: np.ones((1, 64)))
points = np.array([[0.0, 0.0], [1.0, 1.0]])
pad = Draw(lambda ink: [0.25, 0.75], names=["one", "two"])
surface = Surface(lambda xy: xy, points, np.array([0, 1]))
signal = Signal(np.eye(8), lambda values: [0.25, 0.75])
matcher = ShapeMatcher(lambda G, K: {"grad_Q": G @ K},
                       {"G": "TS", "K": "SD"}, {"T": 2, "S": 3, "D": 4})
"""


@pytest.fixture
def notebook(browser):
    page = browser.new_page()
    driver = NotebookPage(page)
    yield driver
    driver.close()
    page.close()
    assert driver.errors == []


def test_a_figure_in_a_notebook_speaks_with_its_kernel(notebook):
    (number,) = notebook.run(CONTROLS)
    (shown,) = notebook.outputs
    assert VIEW in shown["data"]
    assert shown["data"]["text/plain"] == "lr: 0.1, layout: SGD."
    figure = notebook.show(number)
    slider = figure.get_by_role("slider", name="lr")
    slider.press("End")
    notebook.deliver()
    assert notebook.printed() == "python has 10.0 SGD\n"
    notebook.run("print(knobs.lr)")
    assert notebook.printed() == "10.0\n"
    expect(figure).to_contain_text("lr: 10, layout: SGD.")
    figure.get_by_role("button", name="report").click()
    notebook.deliver()
    assert notebook.printed() == "pressed at 10.0\n"
    figure.get_by_role("button", name="Reset").click()
    notebook.deliver()
    assert notebook.printed() == "python has 0.1 SGD\n"  # once, for both
    # Python sets a value, and refuses one that cannot be.
    notebook.run("knobs.update(lr=1.0)")
    expect(figure.locator("output")).to_have_text("1")
    notebook.page.evaluate(
        "id => { const { values } = window.models[id];"
        " window.sent.push([id, {method: 'update',"
        " state: {state_lr: 99}, buffer_paths: []}]); }",
        number,
    )
    notebook.deliver()
    assert notebook.printed() == ""
    notebook.run("print(knobs.lr)")
    assert notebook.printed() == "1.0\n"

    (number,) = notebook.run(GRAPH)
    figure = notebook.show(number)
    figure.get_by_role("button", name="One step back").click()
    notebook.deliver()
    notebook.run("print(graph['step'], len(graph['steps']))")
    step, steps = notebook.printed().split()
    assert int(step) == int(steps) - 2
    figure.get_by_role("spinbutton", name="w").fill("0.25")
    notebook.deliver()
    expect(figure).to_contain_text("The loss is 0.4621")

    numbers = notebook.run(OTHERS)
    for number in numbers:
        figure = notebook.show(number)
        expect(figure.locator("svg, canvas, table").first).to_be_visible()
        assert "could not" not in figure.inner_text()
    assert len(numbers) == 7
    figure.locator("[data-piece='G']").click()
    figure.locator("[data-piece='K']").last.click()
    notebook.deliver()
    expect(figure).to_contain_text("1 of 1 right.")
    # Light or dark: what stands behind it tells.
    root = notebook.page.locator(".notebook-widget").first
    assert root.get_attribute("data-md-color-scheme") == "default"
    notebook.page.evaluate("document.body.style.background = '#111'")
    wait_until(
        notebook.page,
        "document.querySelector('.notebook-widget').dataset"
        ".mdColorScheme === 'slate'",
    )
    color = root.evaluate("e => getComputedStyle(e).color")
    assert color.startswith("rgba(255, 255, 255")
    # The last line of a cell may be a figure: it is shown once.
    notebook.run("knobs = controls(a=(0, 1))\nknobs")
    views = [VIEW in output["data"] for output in notebook.outputs]
    assert views == [True, False]
    notebook.run("knobs")
    assert [VIEW in output["data"] for output in notebook.outputs] == [True]


def test_the_modules_in_the_package_are_those_of_the_page(
    root, tmp_path, monkeypatch
):
    engine = root / "src/cell_engine"
    listed = (engine / "src/widgets/modules.ts").read_text()
    names = re.findall(r'"?([a-z-]+)"?: \(\) => import', listed)
    made = {f"{name}.js" for name in names} | {"styles.css"}
    assert {path.name for path in MODULES.iterdir()} == made
    monkeypatch.setenv("MODULES_OUT", str(tmp_path))
    run_node([str(engine / "build_modules.mjs")])
    for name in made:
        assert (tmp_path / name).read_text() == Path(
            MODULES, name
        ).read_text(), f"{name} is old: npm run modules in src/cell_engine"
