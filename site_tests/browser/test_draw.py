"""A pad and a signal: drawn by pointer and keyboard; Python answers meanwhile."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

PAD = """
import numpy as np
from tutorial_kernels.page import Draw

heard = []

def where(image):
    \"\"\"How much of the ink is in the left half, and how much in the right.\"\"\"
    heard.append(image)
    left, right = image[:, :14].sum() + 1e-9, image[:, 14:].sum() + 1e-9
    return np.array([left, right]) / (left + right)

pad = Draw(where, names=["left", "right"], name="pad")
"""
LOOK = """
print(len(heard), pad.image.dtype, pad.image.shape)
print(pad.image.round(3).tolist())
"""

SIGNAL = """
import numpy as np
from tutorial_kernels.page import Signal

def halves(values):
    sizes = np.abs(values).reshape(2, 4).sum(axis=1) + 1e-9
    return sizes / sizes.sum()

signal = Signal(
    [[1.0, 1, 1, 1, 0, 0, 0, 0], [0.0, 0, 1, 0, 0, 0, 0, 1]],
    lambda values: {"one": halves(values), "other": halves(values)[::-1]},
    labels=[0, 1], names=["left", "right"], limits=(-2, 2), name="signal")
print(signal["order"])
"""

INK_OF_THE_ADDRESS = """
(ink) => {
  const [name, kept] = location.hash.split(/=(.*)/);
  return name === "#widget.pad" && JSON.parse(
    atob(kept.replaceAll("-", "+").replaceAll("_", "/"))).ink === ink;
}
"""


def picture(page) -> np.ndarray:
    """What the canvas shows."""
    pixels = page.locator(".draw-canvas").evaluate(
        "(c) => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    return np.array(pixels).reshape(28, 28, 4)[..., 0]


def test_python_classifies_what_is_drawn(alone):
    page = alone.page
    alone.run("alone", PAD)
    figure = page.locator(".cell-widget")
    pad = figure.get_by_role("application")
    best = figure.locator(".draw-best .draw-name")
    summary = figure.locator(".widget-summary")
    expect(summary).to_contain_text("28 by 28, empty.")

    # By pointer: a stroke down the right half, antialiased.
    box = pad.bounding_box()
    side = box["width"] / 28
    page.mouse.move(box["x"] + 20.5 * side, box["y"] + 4.5 * side)
    page.mouse.down()
    page.mouse.move(box["x"] + 20.5 * side, box["y"] + 22.5 * side, steps=9)
    page.mouse.up()
    expect(best).to_have_text("right")
    expect(summary).to_have_text(
        re.compile(r"ink in rows 3 to 23 and columns 19 to 21\. .* right, 100%")
    )
    drawn = picture(page)
    assert drawn[10, 20] == 255
    assert 100 < drawn[10, 19] < 155  # half a pixel is covered
    assert drawn[10, 18] == 0

    # By keyboard: down, a line to the left, up; the pen is seen and told.
    pad.focus()
    status = figure.locator("[role=status]")
    page.keyboard.press("Shift+ArrowLeft")
    expect(status).to_have_text("Row 22, column 16.")
    page.keyboard.press("Space")
    expect(status).to_have_text("Pen down, row 22, column 16.")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Space")
    expect(status).to_have_text(re.compile("Taken for "))
    assert picture(page)[22, 2:15].min() == 255
    assert picture(page)[12, 5] == 0
    expect(summary).to_contain_text("columns 0 to 21.")

    # Undo takes one stroke back, Clear all of them, Undo brings them again.
    figure.get_by_role("button", name="Undo").click()
    expect(summary).to_contain_text("columns 19 to 21.")
    assert np.array_equal(picture(page), drawn)
    figure.get_by_role("button", name="Clear").click()
    expect(summary).to_contain_text("28 by 28, empty.")
    pad.press("Control+z")
    expect(summary).to_contain_text("columns 19 to 21.")

    # The eraser, and the pixels as a table.
    page.get_by_label("Brush").fill("6")
    pad.press("e")
    expect(figure.get_by_role("button", name="Eraser")).to_have_attribute(
        "aria-pressed", "true"
    )
    pad.click(position={"x": 20.5 * side, "y": 5.5 * side})
    expect(summary).to_contain_text("rows 8 to 23 and")
    figure.get_by_text("All pixels").press("Enter")
    cells = figure.locator("tbody tr").nth(12).locator("td")
    expect(cells.nth(20)).to_have_text("255")

    # What Python has is what the page shows; the address holds it, too.
    shown = picture(page)
    ink = base64.b64encode(shown.astype(np.uint8).tobytes()).decode()
    wait_until(page, INK_OF_THE_ADDRESS, arg=ink)
    alone.run("alone", f"{PAD}\n{LOOK}")
    lines = alone.text("alone").splitlines()
    assert lines[0].endswith("float32 (28, 28)")
    image = np.array(json.loads(lines[1]))
    assert np.abs(image - shown / 255).max() < 1e-3
    assert np.array_equal(picture(page), shown)
    figure.get_by_role("button", name="Reset").click()
    expect(summary).to_contain_text("28 by 28, empty.")

    # A finger draws on the pad, and scrolls beside it.
    page.set_viewport_size({"width": 390, "height": 500})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    pad.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
    before = page.evaluate("scrollY")
    draw_with_a_finger(page, pad.bounding_box())
    expect(summary).to_contain_text("ink in rows")
    assert page.evaluate("scrollY") == before
    style = "(e) => getComputedStyle(e).touchAction"
    assert pad.evaluate(style) == "none"
    assert figure.locator(".draw-body").evaluate(style) == "auto"
    page.set_viewport_size({"width": 1280, "height": 900})
    bend_a_signal(alone)


def bend_a_signal(alone) -> None:
    """Two networks follow a signal that is bent, shifted and shuffled."""
    page = alone.page
    order = json.loads(alone.run("alone", SIGNAL))
    figure = page.locator(".cell-widget")
    ground = figure.get_by_role("application")
    summary = figure.locator(".widget-summary")
    numbers = figure.locator(".answers-number")
    expect(summary).to_contain_text("begun as left. one left, 100%; other")
    expect(numbers).to_have_text(["100", "0", "0", "100"])
    expect(figure.locator(".answers-right")).to_have_text("left")

    # By pointer: a line from the first position to the last, all of it.
    box = ground.bounding_box()
    left, wide = box["x"] + 30, (box["width"] - 38) / 8
    zero = box["y"] + 95
    page.mouse.move(left + wide / 2, zero)
    page.mouse.down()
    page.mouse.move(left + 7.5 * wide, zero - 85)
    page.mouse.up()
    expect(summary).to_contain_text("from 0.00 to 2.00, begun as left.")
    expect(numbers).to_have_text(["21", "79", "79", "21"])
    figure.get_by_text("All values").press("Enter")
    cells = figure.locator(".widget-data td:last-child")
    line = [f"{2 * at / 7:.3f}" for at in range(8)]
    expect(cells).to_have_text(line)

    # By slider and switch: shifted, and in the other order, and back.
    slider = figure.get_by_role("slider", name="Shift", exact=True)
    slider.fill("3")
    expect(cells).to_have_text(line[5:] + line[:5])
    shuffle = figure.get_by_role("button", name="Shuffle")
    shuffle.click()
    mixed = [line[at] for at in order]
    expect(cells).to_have_text(mixed[5:] + mixed[:5])
    expect(summary).to_contain_text("begun as left, shuffled, shifted by 3.")
    slider.fill("-7")
    shuffle.click()
    expect(shuffle).to_have_attribute("aria-pressed", "false")
    expect(cells).to_have_text(line[7:] + line[:7])

    # By keyboard: a position and its value; Ctrl+Z takes it back.
    ground.focus()
    status = figure.locator("[role=status]")
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowDown")
    expect(status).to_have_text("Position 7: 1.31.")
    expect(status).to_have_text(re.compile("one .*%; other .*%"))
    page.keyboard.press("Control+z")
    expect(cells).to_have_text(line[7:] + line[:7])

    # Another example; the address keeps it, Reset goes back to the first.
    figure.get_by_label("Begin with").select_option("right")
    expect(summary).to_contain_text("begun as right. one left, 50%")
    wait_until(page, "location.hash.includes('widget.signal=')")
    alone.run("alone", SIGNAL)
    expect(summary).to_contain_text("begun as right. one left, 50%")
    figure.get_by_role("button", name="Reset").click()
    expect(summary).to_contain_text("begun as left. one left, 100%")
    figure.get_by_role("button", name="Undo").click()
    expect(summary).to_contain_text("begun as right.")

    # Reset right after a change: the change does not come in behind it.
    figure.evaluate(SHIFT_AND_RESET)
    expect(summary).to_contain_text("begun as left. one left, 100%")
    page.wait_for_timeout(200)
    expect(slider).to_have_value("0")
    expect(summary).to_contain_text("begun as left. one left, 100%")


SHIFT_AND_RESET = """(figure) => {
  const slider = figure.querySelector('input[type=range]');
  slider.value = '2';
  slider.dispatchEvent(new Event('input'));
  const buttons = [...figure.querySelectorAll('button')];
  buttons.find((button) => button.textContent.includes('Reset')).click();
}"""


def draw_with_a_finger(page, box) -> None:
    """Draws upward through the middle of a box."""
    tools = page.context.new_cdp_session(page)
    x = round(box["x"] + box["width"] / 2)
    y = round(box["y"] + box["height"] / 2)
    for kind, points in [
        ("touchStart", [{"x": x, "y": y}]),
        *[("touchMove", [{"x": x, "y": y - 9 * n}]) for n in range(1, 9)],
        ("touchEnd", []),
    ]:
        tools.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )
