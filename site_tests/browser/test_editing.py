"""The editor: it takes the code's place without a jump, and lets go again."""

import pytest


def test_the_editor_takes_the_place_of_the_code_without_a_jump(cells):
    box = "#train pre"
    before = cells.page.locator(box).bounding_box()
    cells.page.click("#train pre code", position={"x": 30, "y": 20})
    cells.page.wait_for_selector("#train .cm-content")
    after = cells.page.locator(box).bounding_box()
    assert abs(before["height"] - after["height"]) <= 1
    assert before["y"] == after["y"]
    assert before["width"] == after["width"]
    look = "getComputedStyle(document.querySelector('{}')).{}"
    for name in ("fontFamily", "fontSize", "lineHeight"):
        rich = cells.page.evaluate(look.format("#train .cm-line", name))
        still = cells.page.evaluate(look.format("#sum pre code", name))
        assert rich == still


def test_control_enter_runs_and_shift_enter_moves_on(cells):
    cells.page.click("#numbers pre code")
    cells.page.wait_for_selector("#numbers .cm-content:focus")
    cells.page.keyboard.press("Control+Enter")
    cells.wait("numbers", "done")
    assert cells.page.locator("#numbers .cm-content:focus").count() == 1
    cells.page.keyboard.press("Shift+Enter")
    cells.page.wait_for_selector("#sum .cm-content:focus")
    cells.page.keyboard.press("Shift+Enter")
    cells.wait("sum", "done")
    assert cells.text("sum") == "total: 66\n"


def test_tab_indents_and_escape_then_tab_leaves(alone):
    alone.write("alone", "if True:\n")
    alone.page.keyboard.press("Tab")
    alone.page.keyboard.insert_text("pass")
    assert alone.code("alone") == "if True:\n    pass"
    alone.page.keyboard.press("Escape")
    alone.page.keyboard.press("Tab")
    inside = "document.activeElement.closest('.cm-editor') !== null"
    assert not alone.page.evaluate(inside)


def test_the_keyboard_alone_reaches_code_and_run(alone):
    alone.page.locator("#alone .cell-main").focus()
    alone.page.keyboard.press("Enter")
    alone.wait("alone", "done")
    for _ in range(3):
        alone.page.keyboard.press("Tab")
        if alone.page.locator("#alone .cm-content:focus").count():
            break
        alone.page.wait_for_timeout(400)
    assert alone.page.locator("#alone .cm-content:focus").count() == 1


def test_reset_brings_the_original_back(alone):
    reset = alone.page.get_by_role("button", name="Reset cell")
    assert reset.count() == 0
    alone.write("alone", "print('mine')")
    assert alone.run("alone") == "mine\n"
    reset.click()
    assert alone.run("alone") == "alone: False\n"
    assert reset.count() == 0


def test_copy_gives_the_code_as_it_stands(alone):
    alone.write("alone", "print('mine')")
    alone.page.get_by_role("button", name="Copy the code").click()
    assert (
        alone.page.evaluate("navigator.clipboard.readText()")
        == "print('mine')\n"
    )


def test_selecting_code_does_not_open_the_editor(alone):
    alone.page.dblclick("#alone pre code span >> nth=0")
    alone.page.wait_for_timeout(300)
    selected = alone.page.evaluate("getSelection().toString()")
    if alone.page.locator("#alone .cm-content").count() == 0:
        assert selected != ""


@pytest.mark.parametrize("cause", ["touch", "missing chunk"])
def test_a_plain_text_area_steps_in(start_browser, make_cells, host, cause):
    touch = {"has_touch": True, "is_mobile": True} if cause == "touch" else {}
    context = start_browser(viewport={"width": 390, "height": 844}, **touch)
    if cause == "missing chunk":
        host.missing.append("codemirror")
    cells = make_cells(context.new_page(), host)
    cells.open("other/")
    before = cells.page.locator("#alone pre").bounding_box()
    cells.page.click("#alone pre code")
    area = cells.page.locator("#alone textarea")
    area.wait_for()
    after = cells.page.locator("#alone pre").bounding_box()
    assert abs(before["height"] - after["height"]) <= 1
    area.fill("x = 6\nprint(x * 7)")
    area.press("Control+Enter")
    cells.wait("alone", "done")
    assert cells.text("alone") == "42\n"
    context.close()


def test_buttons_are_large_enough_for_fingers(start_browser, make_cells, host):
    size = {"width": 390, "height": 844}
    context = start_browser(viewport=size, has_touch=True, is_mobile=True)
    cells = make_cells(context.new_page(), host)
    cells.open()
    for button in cells.page.locator(".cell-button:visible").all():
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    assert cells.page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
