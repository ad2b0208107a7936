"""Widgets: one state that Python and the reader share."""

from __future__ import annotations

from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

COUNTER = """
from tutorial_kernels.page import controls, plot, track
from tutorial_kernels.page.widget import Widget

widget = Widget("words", {"count": 1}, task="Count.", shared=["count"])

@widget.on_change
def report(widget):
    print("the count is", widget["count"])
    plot(widget["count"], y=1.0)

print("between")
for step in track(range(3)):
    report(widget)
"""
SHARED = """
from tutorial_kernels.page import controls

first, second = controls(a=(0, 9, 1)), controls(b=(0, 9, 2))

@second.on_change
@first.on_change
def divide(_=None):
    global made
    made = controls(c=(0, 9, 5))
    print("dividing", first.a)
    print("by", second.b, "gives", first.a / second.b)

divide()
second["b"] = 0
divide()
"""
REPORT = "#alone + .cell-output .widget-output .cell-text"


def test_a_change_of_the_reader_runs_the_callback_when_python_is_idle(alone):
    page = alone.page
    alone.run("alone", COUNTER)
    assert page.locator(".cell-widget .widget-task").inner_text() == "Count."
    printed = ["the count is 1\n", "between\n"]
    # The cell's own call draws where the next one will, and once.
    for _ in range(3):
        texts = page.locator("#alone + .cell-output .cell-text")
        expect(texts).to_have_text(printed)
        assert page.locator(REPORT).all_text_contents() == printed[:1]
        assert page.locator(".cell-plot").count() == 1
        assert page.locator(".cell-widget .cell-plot").count() == 1
        page.locator(".cell-widget").get_by_role("button", name="Reset").click()
        page.locator(REPORT).wait_for()
    wait_until(
        page,
        "() => document.querySelector('.cell-runtime').innerText.includes('ready')",
    )
    # Two controls share a place; an exception stands where the call does.
    alone.run("alone", SHARED)
    assert alone.state("alone") == "error"
    first, second = page.locator(".cell-output > .cell-widget").all()
    below = first.locator("> .widget-output")
    expect(below.locator("> .cell-text")).to_have_text("dividing 1\n")
    assert page.locator("#alone + .cell-output > .cell-trouble").count() == 1
    trace = page.locator(".cell-error").inner_text()
    assert (trace.count("cell alone, line"), "inside" in trace) == (2, False)
    # A figure that the callback makes is as good as any, and keeps its values.
    made = below.get_by_role("slider", name="c")
    expect(made).to_have_attribute("aria-valuetext", "5")
    made.press("End")
    second.get_by_role("slider").press("End")
    words = "dividing 1\nby 9 gives 0.1111111111111111\n"
    expect(below.locator("> .cell-text")).to_have_text(words)
    expect(made).to_have_attribute("aria-valuetext", "9")
    assert second.locator(".widget-output").is_hidden()
    assert page.locator(".cell-trouble").count() == 1
