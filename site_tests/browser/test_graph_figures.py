"""GraphStep, Ledger, Matrix and Latent with a real Python behind them."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until
from tutorial_kernels import Tensor
from tutorial_kernels.kernels import conv2d_forward

NEURON = """\
import numpy as np
from tutorial_kernels import Tensor

def neuron(values):
    p = {n: Tensor(np.float64(v), requires_grad=True)
         for n, v in values.items()}
    y = p["w"] * Tensor(np.float64(1.5)) + p["b"]
    error = y - Tensor(np.float64(0.5))
    return error * error, p
"""
COMPUTED = f"""\
{NEURON}
from tutorial_kernels.models.cnn import SimpleCNN
from tutorial_kernels.page import GraphStep, Ledger

graph = GraphStep(neuron, {{"w": 0.75, "b": -0.5}}, name="graph")
sizes = Ledger(SimpleCNN(), (1, 1, 28, 28), name="sizes")
"""
ARRAYS = """\
import numpy as np
from tutorial_kernels.page import Latent, Matrix

rng = np.random.default_rng(0)
image = rng.normal(size=(7, 8))
kernel = [[1.0, 0.0, -1.0], [2.0, 0.5, -2.0], [1.0, 0.0, -1.0]]
patches = Matrix.convolution(image, kernel, 0.25, name="patches")

codes = rng.normal(size=(40, 2))
basis = rng.normal(size=(2, 16))
plane = Latent(codes, np.arange(40) % 4, lambda z: z @ basis,
               value_range=(-3, 3), name="plane")
"""
ROWS = "[...document.querySelectorAll('.widget-data tbody tr')]"
NUMBERS = f"() => {ROWS}.map((row) => [...row.cells].map((c) => c.textContent))"


def number(text: str) -> float:
    return float(text.replace("−", "-"))


ADDRESS_HAS = """(words) => {
  const [, body = ""] = location.hash.split("#widget.graph=");
  return atob(body.replace(/-/g, "+").replace(/_/g, "/")).includes(words);
}"""


def gradients(w: float, b: float) -> dict[str, float]:
    """What the tape of this side of the browser says."""
    names: dict = {}
    exec(NEURON, names)
    loss, leaves = names["neuron"]({"w": w, "b": b})
    loss.backward()
    return {name: leaf.grad.item() for name, leaf in leaves.items()}


def expect_gradients(page, w: float, b: float) -> None:
    """The table of the page shows these gradients, before long."""
    expected = {n: f"{g:.4f}" for n, g in gradients(w, b).items()}
    wait_until(
        page,
        f"(expected) => ({NUMBERS})().filter((row) => "
        "expected[row[1]] === row[3].replace('−', '-')).length === 2",
        arg=expected,
    )


def test_a_graph_is_stepped_and_its_numbers_are_changed(alone):
    page = alone.page
    page.emulate_media(reduced_motion="reduce")
    alone.run("alone", COMPUTED)
    graph = page.locator(".cell-widget").first
    story = graph.locator(".graph-story")
    slider = graph.get_by_role("slider")
    slider.wait_for()
    assert graph.get_by_role("button", name="Play").is_hidden()
    expect_gradients(page, 0.75, -0.5)

    slider.focus()
    page.keyboard.press("Home")
    expect(story).to_have_text("Only the leaves are known.")
    assert set(graph.locator(".graph-grad").all_text_contents()) == {""}
    page.keyboard.press("ArrowRight")
    expect(story).to_have_text(re.compile(r"w × input = 0\.7500 × 1\.5000 ="))
    expect(graph.locator("[role=status]")).to_have_text(re.compile("1.1250"))
    graph.get_by_role("button", name="One step on").click()
    expect(graph.locator(".step-place")).to_have_text("step 2 of 9, forward")

    field = graph.get_by_label("w", exact=True)
    field.fill("0.25")
    expect_gradients(page, 0.25, -0.5)
    wait_until(page, ADDRESS_HAS, arg="0.25")
    alone.open("other/" + page.evaluate("location.hash"))
    page.reload()  # the same link, to a page that has not run yet
    alone.run("alone", COMPUTED)
    expect(field).to_have_value("0.25")
    expect_gradients(page, 0.25, -0.5)
    graph.get_by_role("button", name="Reset").click()
    expect(field).to_have_value("0.75")
    expect_gradients(page, 0.75, -0.5)

    sizes = page.locator(".cell-widget").nth(1)
    expect(sizes.locator("tfoot")).to_contain_text("27,210")
    expect(sizes.locator("tbody tr")).to_have_count(5)
    height = sizes.get_by_label("size of axis 2")
    height.fill("31")
    expect(sizes.get_by_role("alert")).to_have_text(
        "linear: weight has 2704 input features, x has 2912"
    )
    assert "refused" in sizes.locator("tbody tr").last.inner_text()
    height.fill("29")
    expect(sizes.get_by_role("alert")).to_be_hidden()
    expect(sizes.locator("tfoot")).to_contain_text("128,128")
    press = sizes.get_by_role("button", name="Multiply-adds")
    press.press("Enter")
    expect(press).to_have_attribute("aria-pressed", "true")


def test_cells_open_their_dot_product_and_python_decodes(alone):
    page = alone.page
    alone.run("alone", ARRAYS)
    names: dict = {}
    exec(ARRAYS, names)  # the same arrays, on this side

    patches = page.locator(".cell-widget").first
    total = patches.locator(".matrix-total")
    cells = patches.locator("[role=application]")
    cells.focus()
    for key in ("Home", *["ArrowUp"] * 5, "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)

    def expect_sum(weight, row: int, column: int) -> None:
        x, w = names["image"][None, None], np.array(weight)[None, None]
        out = conv2d_forward(x, w, np.array([0.25]))[0][0, 0, row, column]
        expect(total).to_have_text(f"sum + 0.25 = {out:.2f}".replace("-", "−"))
        factors = patches.locator(".matrix-product").all_text_contents()
        assert abs(sum(map(number, factors)) + 0.25 - out) < 0.05

    expect_sum(names["kernel"], 1, 1)
    expect(patches.locator("[role=status]")).to_have_text(
        re.compile("Row 1, column 1: ")
    )
    box = cells.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.92, box["y"] + 4)
    expect_sum(names["kernel"], 0, 5)
    page.mouse.move(box["x"], box["y"] + 300)
    expect_sum(names["kernel"], 1, 1)
    patches.get_by_label("weight 1, 1").fill("9")
    changed = [[1.0, 0.0, -1.0], [2.0, 9.0, -2.0], [1.0, 0.0, -1.0]]
    expect_sum(changed, 1, 1)

    plane = page.locator(".cell-widget").nth(1)
    reading = plane.locator(".latent-reading")
    plane.locator(".latent-plane").focus()
    before = reading.inner_text()
    page.keyboard.press("Shift+ArrowRight")
    expect(reading).not_to_have_text(before)
    box = plane.locator(".latent-plane").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 120, steps=12)
    page.mouse.up()
    page.mouse.move(box["x"], box["y"] - 20)
    expect_picture(page, plane, names["basis"])


def expect_picture(page, plane, basis) -> None:
    """The canvas holds what the decoder gives for the code that is read."""
    for _ in range(100):
        if picture_differs(plane, basis) < 5:
            return
        page.wait_for_timeout(100)  # the last answer is on its way
    assert picture_differs(plane, basis) < 5


def picture_differs(plane, basis) -> float:
    words = plane.locator(".latent-reading").inner_text().replace("−", "-")
    x, y = map(float, re.search(r"\((.*), (.*)\)", words).groups())
    pixels = plane.locator("canvas").evaluate(
        "(c) => [...c.getContext('2d').getImageData(0, 0, 4, 4).data]"
    )
    decoded = (Tensor([[x, y]]).data @ basis + 3) / 6
    expected = 255 * np.clip(decoded, 0, 1).ravel()
    return float(np.abs(np.array(pixels)[::4] - expected).max())
