"""controls(): set while a cell trains, by key and pointer, kept, pressed."""

from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

TRAIN = """
import itertools
from tutorial_kernels.page import controls, track

knobs = controls(
    lr=(1e-3, 10, "log"), clip=False, optimizer=["SGD", "Adam"],
    report=lambda: print("pressed at", knobs.lr),
)
for step in track(itertools.count()):
    if knobs.lr == 10 and knobs.clip and knobs.optimizer == "Adam":
        break
print("all three were set")
"""


def test_a_loop_reads_what_the_reader_sets(alone):
    alone.write("alone", TRAIN)
    alone.press("alone")
    page = alone.page
    slider = page.get_by_role("slider", name="lr")
    slider.wait_for()
    expect(slider).to_have_attribute("aria-valuetext", "0.1")
    slider.press("End")
    page.get_by_role("switch", name="clip").press("Space")
    page.get_by_label("optimizer").select_option("Adam")
    alone.wait("alone", "done")
    assert alone.text("alone").endswith("all three were set\n")
    page.get_by_role("button", name="report").click()
    expect(page.locator(".widget-output")).to_have_text("pressed at 10.0")
    # Paper has the values and nothing to press.
    page.emulate_media(media="print")
    expect(page.locator(".control output")).to_have_text("10")
    assert slider.is_hidden()
    assert page.locator(".cell-widget button:visible").count() == 0
    page.emulate_media(media="screen")
    # Set values outlive a run; Reset takes them back.
    alone.press("alone")
    alone.wait("alone", "done")
    page.get_by_role("button", name="Reset").last.click()
    wait_until(
        page,
        "() => document.querySelector('.control input').ariaValueText === '0.1'",
    )
    # Every press counts, also one in the frame that draws the press before.
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.2512")
    expect(slider).to_have_value("240")
