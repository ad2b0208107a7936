"""Widgets: one state that Python and the reader share."""

from __future__ import annotations

from site_tests.browser.waiting import wait_until

COUNTER = """
from tutorial_kernels.page.widget import Widget

widget = Widget("words", {"count": 1}, task="Count.", shared=["count"])

@widget.on_change
def report(widget):
    print("the count is", widget["count"])
"""
REPORT = "#alone + .cell-output .widget-output .cell-text"


def test_a_change_of_the_reader_runs_the_callback_when_python_is_idle(alone):
    page = alone.page
    alone.run("alone", COUNTER)
    assert page.locator(".cell-widget .widget-task").inner_text() == "Count."
    for _ in range(2):  # the second report takes the place of the first
        page.locator(".cell-widget").get_by_role("button", name="Reset").click()
        page.locator(REPORT).wait_for()
    assert page.locator(REPORT).all_text_contents() == ["the count is 1\n"]
    wait_until(
        page,
        "() => document.querySelector('.cell-runtime').innerText.includes('ready')",
    )
