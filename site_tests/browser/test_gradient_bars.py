"""Bars of a gradient: read by key and pointer, redrawn while a cell trains."""

from __future__ import annotations

from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

RIVER = """
import itertools
import numpy as np
from tutorial_kernels.page import GradientBars, controls, track

knobs = controls(power=(-12, 3, -6), enough=False)

def sizes():
    odd = np.repeat([0, np.nan, np.inf, 1], [100, 50, 40, 11])
    return {"rnn": 10.0 ** np.linspace(knobs.power, 0, 201), "odd": odd}

def lines():
    return {"rnn": 10.0 ** np.linspace(knobs.power - 1, 0, 201)}

bars = GradientBars(sizes(), axis="step", name="bars",
                     labels=range(-1, 200), lines=lines(), line_name="gates")
for step in track(itertools.count()):
    bars.redraw(sizes(), lines=lines())
    if knobs.enough:
        break

@knobs.on_change
def follow(_):
    bars.redraw(sizes(), lines=lines())
"""


def test_bars_are_read_and_follow_a_cell_that_runs(alone):
    page = alone.page
    page.set_viewport_size({"width": 390, "height": 900})
    alone.write("alone", RIVER)
    alone.press("alone")
    figure = page.locator(".cell-widget").nth(1)
    bars = figure.get_by_role("slider", name="gradient by step")
    bars.wait_for()
    verdicts = figure.locator(".bars-verdict")
    reading = figure.locator(".bars-reading")

    # The loop runs all the while, and shows what the reader sets.
    expect(verdicts.first).to_have_text(" vanishes: 1.0e−6 of it arrives")
    power = page.get_by_role("slider", name="power")
    power.press("End")
    expect(verdicts.first).to_have_text(
        " explodes: 1,000 times its size arrives"
    )
    assert alone.state("alone") == "running"
    page.get_by_role("switch", name="enough").press("Space")
    alone.wait("alone", "done")
    power.press("Home")  # a callback alone redraws it now
    expect(verdicts.first).to_have_text(" vanishes: 1.0e−12 of it arrives")

    # By keyboard, every place in words, the line's among them.
    first = "step -1: rnn 1.0e−12; rnn, gates 1.0e−13; odd exactly 0"
    expect(reading).to_have_text(first)
    line = figure.locator(".bars-line")
    expect(line).to_have_count(1)
    last = line.get_attribute("d").split("L")[-1]
    assert last.endswith(" 0.0")  # 1 is the top of the axis
    bars.focus()
    for key in ("End", "ArrowLeft", "PageDown", "ArrowRight"):
        page.keyboard.press(key)
    words = "step 189: rnn 0.251; rnn, gates 0.224; odd 1.000"
    expect(bars).to_have_attribute("aria-valuetext", words)
    expect(reading).to_have_text(words)
    page.keyboard.press("PageDown")
    middle = "step 179: rnn 0.063; rnn, gates 0.050; odd infinite"
    expect(reading).to_have_text(middle)
    wait_until(page, "() => location.hash.includes('&widget.bars=')")

    # By pointer, for as long as it is there; a press stays.
    box = bars.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + 60)
    expect(reading).to_have_text(
        "step 199: rnn 1.000; rnn, gates 1.000; odd 1.000"
    )
    page.mouse.move(box["x"], box["y"] - 40)
    expect(reading).to_have_text(middle)
    bars.click(position={"x": 46 + 0.6 * (box["width"] - 58), "y": 60})
    page.mouse.move(box["x"], box["y"] - 40)
    expect(reading).to_contain_text("odd not a number")

    # What no bar can show has a sign, once for each run.
    assert figure.locator(".bars-mark").all_text_contents() == ["0", "×", "∞"]
    expect(figure.locator(".bars-legend")).to_have_text(
        "━ gates, 0 exactly 0, ∞ infinite, × not a number"
    )
    figure.get_by_text("All sizes").press("Enter")
    expect(figure.locator("tbody tr")).to_have_count(201)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    figure.get_by_role("button", name="Reset").click()
    expect(reading).to_have_text(first)
    page.set_viewport_size({"width": 1280, "height": 900})
