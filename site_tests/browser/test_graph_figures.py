"""GraphStep, Ledger, Matrix, Latent and ShapeMatcher with a real Python."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from site_tests.browser.barriers import AXE
from site_tests.browser.test_surface import BARRIERS
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
from tutorial_kernels import nn
from tutorial_kernels.page import GraphStep, Ledger, controls

graph = GraphStep(neuron, {{"w": 0.75, "b": -0.5}}, name="graph")
sizes = Ledger(SimpleCNN(), (1, 1, 28, 28), name="sizes")
panel = controls(other=lambda: sizes.redraw(nn.RNN(3, 2), (5, 1, 3)))
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
MATCHED = """\
import numpy as np
from tutorial_kernels.kernels import linear_backward
from tutorial_kernels.page import ShapeMatcher

def kernel(G, X, W):
    grads = linear_backward(G, (X, W, True))
    return dict(zip(("grad_X", "grad_W", "grad_b"), grads))

matcher = ShapeMatcher(
    kernel, {"G": ("B", "out"), "X": ("B", "in"), "W": ("out", "in")},
    {"B": 5, "in": 4, "out": 3}, name="pieces")
"""
ROWS = "[...document.querySelectorAll('.widget-data tbody tr')]"
NUMBERS = f"() => {ROWS}.map((row) => [...row.cells].map((c) => c.textContent))"


def number(text: str) -> float:
    return float(text.replace("−", "-"))


ADDRESS_HAS = """([name, words]) => {
  const kept = new URLSearchParams(location.hash.slice(1));
  const body = kept.get(`widget.${name}`) ?? "";
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
    wait_until(page, ADDRESS_HAS, arg=["graph", "0.25"])
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

    # Another model, whose input has fewer axes: Reset goes back to that.
    page.get_by_role("button", name="other").click()
    fields = sizes.get_by_role("spinbutton")
    expect(fields).to_have_count(3)
    foot = sizes.locator("tfoot td").last
    expect(foot).to_have_text("5")
    fields.first.fill("9")
    expect(foot).to_have_text("9")
    sizes.get_by_role("button", name="Reset").click()
    expect(foot).to_have_text("5")
    expect(fields.first).to_have_value("5")


def test_cells_open_codes_decode_and_pieces_match(alone, root):
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
    match_pieces(alone, (root / AXE).read_text())


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


def finger(page, start, *way) -> None:
    """Puts a finger down, moves it on its way, and lifts it."""
    tools = page.context.new_cdp_session(page)
    events = [("touchStart", start), *(("touchMove", at) for at in way)]
    for kind, (x, y) in events:
        tools.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": round(x), "y": round(y)}]},
        )
    tools.send(
        "Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}
    )


def middle(part) -> tuple[float, float]:
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def match_pieces(alone, axe: str) -> None:
    """Puts pieces where they fit: by mouse, finger and keyboard."""
    page = alone.page
    page.set_viewport_size({"width": 390, "height": 900})
    alone.run("alone", MATCHED)
    figure = page.locator(".cell-widget")

    def tile(name):
        return figure.locator(f".shapes-tile[data-piece='{name}']")

    def slot(name, at):
        return figure.get_by_label(f"{name}, ").nth(at)

    def expect_verdict(name, words):
        rule = figure.get_by_role("group", name=name)
        expect(rule.locator(".shapes-verdict")).to_have_text(words)

    tile("G").wait_for()
    figure.evaluate("(e) => e.scrollIntoView()")
    for button in figure.locator(".shapes button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    # By mouse, and from place to place by a finger, without a scroll.
    # A second press lets go of what the first one held.
    ghost = figure.locator(".drag-ghost")
    page.mouse.move(*middle(tile("G.T")))
    page.mouse.down()
    page.mouse.move(*middle(slot("grad_X", 0)))
    expect(ghost).to_have_count(1)
    tile("W").dispatch_event("pointerdown", {"button": 0})
    expect(ghost).to_have_count(0)
    page.mouse.up()
    expect(slot("grad_X", 0)).to_have_text("?")
    page.mouse.move(*middle(tile("G.T")))
    page.mouse.down()
    page.mouse.move(*middle(slot("grad_W", 1)), steps=4)
    expect(slot("grad_W", 1)).to_have_class(re.compile("shapes-over"))
    page.mouse.up()
    expect_verdict("grad_W", "G.T has 3 rows: before it, 3 columns fit.")
    before = page.evaluate("scrollY")
    x, y = middle(slot("grad_W", 1))
    left, top = middle(slot("grad_W", 0))
    finger(page, (x, y), (x, y - 20), (left, top + 9), (left, top))
    expect_verdict("grad_W", "G.T has 5 columns: behind it, 5 rows fit.")
    assert page.evaluate("scrollY") == before
    expect(ghost).to_have_count(0)

    # By a tap on a place and one on a piece.
    finger(page, middle(slot("grad_W", 1)))
    expect(slot("grad_W", 1)).to_have_class(re.compile("shapes-current"))
    finger(page, middle(tile("X.T")))
    expect_verdict(
        "grad_W",
        "✗ G.T @ X.T is not legal: the inner sizes differ, 5 and 4.",
    )
    expect(figure.locator(".shapes-link").nth(1)).to_have_text("≠")
    right = (
        "✓ {} has the shape {} and the kernel's numbers: the largest "
        "difference is 0."
    )

    # By keyboard alone.
    slot("grad_W", 1).focus()
    page.keyboard.press("ArrowUp")
    expect_verdict("grad_W", right.format("G.T @ X", "(3, 4)"))
    spoken = figure.locator("[role=status]")
    expect(spoken).to_have_text(right.format("G.T @ X", "(3, 4)")[2:])
    slot("grad_X", 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(slot("grad_X", 1)).to_be_focused()
    tile("W").press("Enter")
    expect_verdict("grad_X", right.format("G @ W", "(5, 4)"))
    slot("grad_b", 0).press("ArrowUp")
    page.keyboard.press("Delete")
    expect_verdict("grad_b", "grad_b needs (3,), the shape of b.")
    tile("W").press("Enter")
    tile("1").press("Enter")
    expect_verdict("grad_b", re.compile(r"^✗ W.sum\(axis=1\) has the shape"))
    page.evaluate(axe)
    assert page.evaluate(BARRIERS) == []
    slot("grad_b", 0).focus()
    tile("G").press("Enter")
    slot("grad_b", 1).press("ArrowUp")
    expect_verdict("grad_b", right.format("G.sum(axis=0)", "(3,)"))

    # All right: its numbers are those of this side of the browser.
    names: dict = {}
    exec(MATCHED, names)
    rows = figure.locator(".shapes-proof tbody tr")
    expect(rows).to_have_count(3)
    for row, gradient in zip(
        rows.all(), names["matcher"]._gradients.values(), strict=True
    ):
        _, ours, kernels, _ = row.locator("td").all_text_contents()
        assert ours == kernels
        assert abs(number(kernels) - gradient.flat[-1]) < 1e-9

    # Another size is in the address; Reset takes all of it back.
    figure.get_by_role("slider", name="size of B").press("ArrowLeft")
    expect(tile("X")).to_have_text("X(4, 4)")
    expect_verdict("grad_X", right.format("G @ W", "(4, 4)"))
    wait_until(page, ADDRESS_HAS, arg=["pieces", '"B":4'])
    figure.get_by_role("button", name="Reset").click()
    expect_verdict("grad_X", "grad_X needs (5, 4), the shape of X.")
    page.set_viewport_size({"width": 1280, "height": 900})
