"""The engine in Firefox, as Debian ships it: what the course cannot do without.

All tests share one page and its Python, and the last opens a second one.
"""

from __future__ import annotations

import pytest
from firefox import find_firefox, launch
from playwright.sync_api import expect
from practice_page import PracticePage

from site_tests.browser.test_controls import TRAIN
from site_tests.browser.test_policy import PAYLOAD, WATCH
from site_tests.browser.test_stopping import GENEROUS_SECONDS, LOOPS

STOPPED = (
    "bare",
    "small matrices",
    "large matrices, tracked",
    "sleep",
    "await",
    "awaits",
    "loop in a coroutine",
)
CELL = "numbers"
OUTPUT = f"#{CELL} + .cell-output"


@pytest.fixture(scope="module")
def cells(playwright, _small_host, make_cells, tmp_path_factory):
    firefox = find_firefox()
    if firefox is None:
        pytest.skip("needs Firefox on the PATH: apt-get install firefox-esr")
    _small_host.reset()
    browser = launch(playwright, firefox, tmp_path_factory.mktemp("firefox"))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    driver = make_cells(page, _small_host)
    driver.open()
    yield driver
    browser.close()


@pytest.fixture(autouse=True)
def nothing_wrong(cells):
    """Whatever a test does: no error, no other origin, no broken policy."""
    yield
    assert cells.errors == []
    assert cells.foreign == []
    assert cells.page.evaluate("window.violations") == []


def test_cells_run_and_show_what_they_print_and_plot(cells):
    assert cells.text("sum").strip() == "total: 66"  # from the page itself
    cells.press("train")
    cells.wait("train", "done")
    assert cells.text(CELL).startswith("rows: 3\narray([[ 0,")
    assert cells.text("sum") == "total: 66\n"
    assert cells.text("train") == "trained\n"
    expect(cells.page.locator("#train ~ .cell-output canvas")).to_be_visible()


def test_text_streams_while_the_cell_runs(cells):
    cells.write(
        CELL,
        "import sys, time\nprint('out')\nprint('err', file=sys.stderr)\n"
        "time.sleep(1)\nprint('late')",
    )
    cells.press(CELL)
    expect(cells.page.locator(f"{OUTPUT} .cell-stderr")).to_have_text("err\n")
    assert cells.state(CELL) == "running"
    cells.wait(CELL, "done")
    assert cells.text(CELL) == "out\nerr\nlate\n"


def test_an_error_shows_what_and_where(cells):
    cells.run(CELL, "def f(a):\n    return 1 / a\nf(0)")
    assert cells.state(CELL) == "error"
    trouble = cells.page.locator(f"{OUTPUT} .cell-trouble")
    head = trouble.locator(".cell-error-head").inner_text()
    assert head == "ZeroDivisionError: division by zero"
    assert "f(0)" in trouble.locator(".cell-error").inner_text()
    assert "pyodide" not in trouble.inner_text()
    expect(cells.page.locator(f"#{CELL} .cell-line-mark")).to_be_visible()
    expect(trouble.get_by_role("button", name="Line 2")).to_be_visible()


@pytest.mark.parametrize("loop", STOPPED)
def test_stop_keeps_the_variables(cells, loop):
    cells.write(CELL, f"kept = {loop!r}\n{LOOPS[loop]}")
    cells.press(CELL)
    cells.wait(CELL, "running")
    cells.page.wait_for_timeout(400)
    assert cells.stop(CELL) < GENEROUS_SECONDS
    assert cells.state(CELL) == "stopped", cells.status(CELL)
    assert "variables kept" in cells.status(CELL)
    assert cells.run(CELL, "print(kept)") == f"{loop}\n"


def test_input_asks_and_takes_the_answer(cells):
    cells.write(CELL, "print(int(input('How many? ')) + 1)")
    cells.press(CELL)
    field = cells.page.get_by_label("How many?")
    field.fill("41")
    field.press("Enter")
    cells.wait(CELL, "done")
    assert cells.text(CELL) == "How many? 41\n42\n"


def test_the_keyboard_alone_writes_runs_and_leaves(cells):
    page = cells.page
    page.click(f"#{CELL} .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.type("if True:\nprint(6 * 7)")  # the editor indents
    assert cells.code(CELL) == "if True:\n    print(6 * 7)"
    page.keyboard.press("Control+Enter")
    cells.wait(CELL, "running", "done")
    cells.wait(CELL, "done")
    assert cells.text(CELL) == "42\n"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('.cm-editor') !== null"
    assert not page.evaluate(inside)
    page.locator(f"#{CELL}").get_by_role("button", name="Reset cell").click()
    assert cells.code(CELL).startswith("import numpy as np")


def test_a_loop_reads_what_the_reader_sets(cells):
    cells.write(CELL, TRAIN)
    cells.press(CELL)
    cells.page.get_by_role("slider", name="lr").press("End")
    cells.page.get_by_role("switch", name="clip").press("Space")
    cells.page.get_by_label("optimizer").select_option("Adam")
    cells.wait(CELL, "done")
    assert cells.text(CELL).endswith("all three were set\n")


def test_what_is_shown_is_shown_and_never_run(cells):
    code = (
        "import numpy as np\nfrom tutorial_kernels.page import show\n"
        "class Html:\n    def __init__(self, html): self.html = html\n"
        "    def _repr_html_(self): return self.html\n"
        f"show(Html('<table><tr><td>1</td></tr></table>{PAYLOAD}'))\n"
        f"show(np.arange(8.0).reshape(2, 4), heat=True)\nprint({PAYLOAD!r})"
    )
    cells.run(CELL, code)
    assert cells.state(CELL) == "done"
    output = cells.page.locator(OUTPUT)
    expect(output.locator(".cell-html td")).to_have_text("1")
    expect(output.locator(".cell-heat img")).to_be_visible()
    assert cells.text(CELL) == f"{PAYLOAD}\n"
    assert output.locator("script, [onerror]").count() == 0
    assert cells.page.evaluate("window.pwned") is None


def test_an_exercise_is_checked(cells):
    practice = PracticePage(cells)
    practice.open()
    words = practice.check("double", "def double(x):\n    return x**2\n")
    assert "You square; twice is 2 * x." in words
    practice.check("double", "def double(x):\n    return x + x\n")
    assert practice.state("double") == "done"
    assert "1 of 2 exercises" in practice.panel()
