"""Surface with a real Python behind it: drawn by key, pointer and training."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from site_tests.browser.barriers import AXE
from site_tests.browser.test_whole_course import WATCH
from site_tests.browser.waiting import wait_until

LEARNS = """\
import time

import numpy as np
from tutorial_kernels.page import Surface, track

threshold = -0.5
own = np.array([[-0.5, 0.5], [0.5, 0.5], [0.5, -0.5]])

def predict(xy):
    right = (xy[:, 0] > threshold).astype(np.float32)
    return np.stack([1 - right, right], axis=1)

surface = Surface(predict, own, [0, 1, 1], names=["west", "east"],
                  bounds=((-1, 1), (-1, 1)), name="plane")
for step in track(range(40)):
    threshold += 0.9 / 40
    surface.redraw()
    time.sleep(0.05)

@surface.on_change
def report(surface):
    points = surface.points.astype(float).round(1).tolist()
    print(points, surface.labels.tolist())
"""
LANDSCAPE = """\
import numpy as np
from tutorial_kernels.page import Surface, controls

def walk():
    land.redraw(arrows=([[0.5, 0.5]], [[-0.5, -0.5]]), words="Down to 0.")

knobs = controls(walk=walk, name="knobs")
land = Surface(lambda xy: (xy ** 2).sum(axis=1), bounds=((-1, 1), (-1, 1)),
               names=["low", "high"], levels=(0.25, 0.5), drawing=False,
               x_label="w", y_label="v")
"""
BARRIERS = """
async () => (await axe.run(".cell-widget")).violations.map(({ id }) => id)
"""
OWN = [[-0.5, 0.5], [0.5, 0.5], [0.5, -0.5]]
COLORS = """
(canvas) => {
  const { width, height } = canvas;
  const row = canvas.getContext("2d").getImageData(0, height >> 1, width, 1);
  const at = (x) => [...row.data.slice(4 * x, 4 * x + 4)];
  return Array.from({ length: width }, (_, x) => at(x));
}
"""


def border(surface) -> float:
    """The share of the middle row that is blue rather than orange."""
    pixels = surface.locator("canvas").evaluate(COLORS)
    return sum(red < blue for red, _, blue, *_ in pixels) / len(pixels)


def test_a_surface_is_redrawn_and_drawn_upon(alone, root):
    page = alone.page
    page.evaluate(WATCH)
    alone.write("alone", LEARNS)
    alone.press("alone")
    surface = page.locator(".cell-widget")
    plane = surface.locator(".surface-plane")
    plane.wait_for()
    seen = set()
    while alone.state("alone") == "running":
        seen.add(round(border(surface), 2))
        page.wait_for_timeout(60)
    alone.wait("alone", "done")
    expect(surface.locator(".widget-summary")).to_have_text(
        "3 of 3 points lie on their own side."
    )
    share = border(surface)
    for _ in range(100):
        if abs(share - 0.7) < 0.03:
            break
        page.wait_for_timeout(100)  # the last frame is on its way
        share = border(surface)
    assert abs(share - 0.7) < 0.03
    assert len(seen) >= 3, seen  # it moved while the cell ran
    told = surface.locator(".widget-output .cell-text")
    spoken = surface.locator("[role=status]").first

    # The keyboard alone: no class, then a class, a point, and another gone.
    plane.focus()
    page.keyboard.press("Enter")
    expect(spoken).to_have_text("Choose a class first: 1 for west, 2 for east.")
    page.keyboard.press("1")
    expect(surface.get_by_role("radio", name="Draw west")).to_be_checked()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    expect(spoken).to_have_text("At (−0.40, 0.00): west, 100%.")
    page.keyboard.press("Enter")
    expect(spoken).to_have_text("Added west (−0.40, 0.00).")
    expect(told).to_have_text(f"{[*OWN, [-0.4, 0.0]]} [0, 1, 1, 0]\n")
    page.keyboard.press("Delete")
    expect(spoken).to_have_text("Removed west (−0.40, 0.00).")
    expect(told).to_have_text(f"{OWN} [0, 1, 1]\n")
    page.keyboard.press("Control+z")
    expect(told).to_have_text(f"{[*OWN, [-0.4, 0.0]]} [0, 1, 1, 0]\n")

    # The pointer: a stroke paints points of a class, the eraser takes them.
    surface.get_by_text("Draw east").click()
    box = plane.bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            box["x"] + box["width"] * (1 + x) / 2,
            box["y"] + box["height"] * (1 - y) / 2,
        )

    page.mouse.move(*at(-0.8, -0.8))
    page.mouse.down()
    page.mouse.move(*at(0.8, -0.8), steps=40)
    page.mouse.up()
    summary = surface.locator(".widget-summary")
    expect(summary).to_have_text(re.compile(r"You drew \d\d of them\."))
    count = int(re.search(r"drew (\d+)", summary.inner_text())[1])
    assert 20 < count < 60
    right = int(re.match(r"(\d+) of", summary.inner_text())[1])
    assert right < count + 3  # those in the west lie on the other side
    surface.get_by_text("Erase").click()
    page.mouse.move(*at(-0.8, -0.8))
    page.mouse.down()
    page.mouse.move(*at(0.8, -0.8), steps=40)
    page.mouse.up()
    expect(told).to_have_text(f"{[*OWN, [-0.4, 0.0]]} [0, 1, 1, 0]\n")
    surface.get_by_text("Move", exact=True).click()
    page.mouse.move(*at(0.5, -0.5))
    page.mouse.down()
    page.mouse.move(*at(0.5, -0.9), steps=5)
    page.mouse.up()
    expect(told).to_have_text(
        "[[-0.5, 0.5], [0.5, 0.5], [-0.4, 0.0], [0.5, -0.9]] [0, 1, 0, 1]\n"
    )

    # The table, and what axe says of all of it.
    surface.get_by_text("Points as a table").click()
    expect(surface.locator("tbody tr").first).to_have_text(
        "east0.50−0.90east, 100%"
    )
    page.evaluate((root / AXE).read_text())
    assert page.evaluate(BARRIERS) == []

    assert page.evaluate("window.violations") == []

    # A link holds what was drawn; Reset takes it back, and Undo the Reset.
    wait_until(page, "() => location.hash.startsWith('#widget.plane=')")
    alone.open("other/" + page.evaluate("location.hash"))
    page.reload()
    alone.run("alone", LEARNS)
    expect(summary).to_have_text(
        "4 of 4 points lie on their own side. You drew 2 of them."
    )
    surface.get_by_role("button", name="Reset").click()
    expect(summary).to_have_text("3 of 3 points lie on their own side.")
    surface.get_by_role("button", name="Undo").click()
    expect(summary).to_have_text(re.compile("^4 of 4 points"))
    surface.get_by_role("button", name="Remove all").click()
    expect(summary).to_have_text("There are no points yet.")

    # A plane to look at: a button draws on it and is told, no key does.
    alone.run("alone", LANDSCAPE)
    land = page.locator(".cell-widget").nth(1)
    spoken = land.locator("[role=status]").first
    page.get_by_role("button", name="walk").press("Enter")
    expect(spoken).to_have_text("Down to 0.")
    expect(land.locator(".widget-summary")).to_have_text(
        "w from −1 to 1, v from −1 to 1. Values from 0.00 to 1.92. Down to 0."
    )
    expect(land.locator(".surface-axes")).to_have_text("−0.500.5" * 2 + "wv")
    expect(land.locator(".surface-few")).to_have_attribute("d", re.compile("M"))
    expect(land.locator(".surface-key")).to_have_text("lowhigh")
    expect(land.locator("fieldset, details")).to_have_count(0)
    plane = land.locator(".surface-plane")
    plane.focus()
    for key in ("Enter", "1", "Delete", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expect(spoken).to_have_text("At w −0.20, v 0.00: 0.04.")
    expect(plane).to_have_attribute(
        "aria-label", "At w −0.20, v 0.00: 0.04. Arrow keys move the cross."
    )
    page.evaluate((root / AXE).read_text())
    assert page.evaluate(BARRIERS) == []
