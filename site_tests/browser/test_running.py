"""Run: alone, in turn, early, again; and what a cell prints."""

import re

import pytest

from site_tests.browser.waiting import wait_until


def test_a_cell_prints_and_shows_its_last_expression(cells):
    text = cells.run("numbers")
    assert text.startswith("rows: 3\narray([[ 0,")
    assert cells.state("numbers") == "done"
    assert re.fullmatch(r"Ran in [\d.]+ m?s", cells.status("numbers"))


def test_recorded_output_stays_until_the_first_run(cells):
    assert (
        cells.text("sum") == "total: 66\n" or cells.text("sum") == "total: 66"
    )
    assert "about" in cells.status("train")


def test_cells_above_run_first_and_the_cell_says_so(cells):
    cells.press("sum")
    assert "1 cell above runs first" in cells.status("sum") or (
        cells.state("sum") in {"running", "done"}
    )
    cells.wait("sum")
    assert cells.state("numbers") == "done"
    assert cells.text("sum") == "total: 66\n"


def test_early_runs_are_queued_in_order(cells):
    cells.press("numbers")
    cells.press("sum")
    assert cells.state("sum") in {"queued", "running", "done"}
    cells.wait("sum")
    assert cells.state("numbers") == "done"
    assert cells.text("sum") == "total: 66\n"


def test_a_queued_run_can_be_taken_back(cells):
    cells.press("numbers")
    if cells.state("numbers") == "queued":
        cells.press("numbers")
        assert cells.state("numbers") == "idle"
    cells.run("numbers")
    assert cells.state("numbers") == "done"


def test_text_streams_in_order_while_the_cell_runs(alone):
    alone.write(
        "alone",
        "import sys, time\n"
        "for i in range(6):\n"
        "    print('out', i)\n"
        "    print('err', i, file=sys.stderr)\n"
        "    time.sleep(0.3)\n",
    )
    alone.press("alone")
    wait_until(
        alone.page,
        "() => document.querySelector('.cell-output').textContent.includes('err 1')",
    )
    assert alone.state("alone") == "running"
    assert "err 5" not in alone.text("alone")
    alone.wait("alone")
    lines = alone.text("alone").split("\n")
    assert lines[:4] == ["out 0", "err 0", "out 1", "err 1"]
    assert alone.page.locator(".cell-stderr").count() == 6


def test_an_error_shows_what_and_where(cells):
    cells.run("error")
    trouble = cells.page.locator("#error + .cell-output .cell-trouble")
    head = trouble.locator(".cell-error-head").inner_text()
    assert head == "ZeroDivisionError: division by zero"
    trace = trouble.locator(".cell-error").inner_text()
    assert "divide(total, 0)" in trace
    assert "pyodide" not in trace
    mark = cells.page.locator("#error .cell-line-mark")
    line = cells.page.locator("#error code").bounding_box()
    assert mark.is_visible()
    # The mark lies on the second line, `return a / b`.
    offset = mark.bounding_box()["y"] - line["y"]
    height = mark.bounding_box()["height"]
    assert 1 <= round((offset - 12) / height) <= 1
    trouble.locator("button[aria-label='Copy the traceback']").click()
    copied = cells.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == trace.strip()
    # What was printed before the error stays.
    assert cells.text("error") == "before\n"


def test_cells_below_an_error_do_not_run_in_the_same_go(cells):
    cells.press("last")
    cells.wait("error", "error")
    wait_until(
        cells.page,
        "() => document.querySelector('#last .cell-status').textContent"
        ".includes('cell 4')",
    )
    assert cells.state("last") == "idle"
    # Having failed, the cell does not stand in the way a second time.
    cells.run("last")
    assert cells.text("last") == "the last cell, total is 66\n"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("import sys\nsys.exit('bye')", "SystemExit"),
        ("exit()", "SystemExit"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("x = (", "SyntaxError"),
        ("raise BaseException('odd')", "BaseException"),
        ("await nothing", "NameError"),
    ],
)
def test_the_page_survives(alone, code, kind):
    alone.run("alone", code)
    head = alone.page.locator(".cell-error-head").inner_text()
    assert head.startswith(kind)
    assert alone.run("alone", "print('alive')") == "alive\n"


def test_await_works_at_the_top_level(alone):
    code = "import asyncio\nawait asyncio.sleep(0.05)\nprint('woke')"
    assert alone.run("alone", code) == "woke\n"


def test_python_has_no_way_into_the_page(alone):
    code = "import js\nprint(sorted(n for n in dir(js) if n[0] != '_'))"
    text = alone.run("alone", code)
    assert "document" not in text
    assert "fetch" not in text


def test_printed_markup_stays_text(alone):
    code = "print('<img src=x onerror=\"document.title=1\"><b>bold</b>')"
    assert "<b>bold</b>" in alone.run("alone", code)
    assert alone.page.locator(".cell-output img, .cell-output b").count() == 0


# The lines that each frame adds; one is drawn in one go, as one record list.
COUNT_LINES = """() => {
  window.frames_drawn = [];
  new MutationObserver((records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    const texts = added.filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const lines = texts.map(({ data }) => data.split("\\n").length - 1);
    window.frames_drawn.push(lines.reduce((sum, count) => sum + count, 0));
  }).observe(document.querySelector("#alone + .cell-output"), {
    childList: true, subtree: true,
  });
}"""


def test_long_output_is_cut_and_more_is_shown_on_request(alone):
    alone.page.evaluate(COUNT_LINES)
    alone.run("alone", "for i in range(5000): print(i)")
    frames = alone.page.evaluate("window.frames_drawn")
    assert sum(frames) == 2000
    assert max(frames) <= 400  # what a browser lays out without a long task
    text = alone.text("alone")
    assert text.count("\n") == 2000
    notice = alone.page.locator(".cell-more")
    assert "Cut after 2,000 lines" in notice.inner_text()
    notice.get_by_role("button").click()
    assert alone.text("alone").count("\n") == 4000
    notice.get_by_role("button").click()
    assert alone.text("alone").count("\n") == 5000
    assert notice.count() == 0


def test_output_without_end_does_not_fill_the_page(alone):
    alone.run("alone", "print('x' * 3_000_000)")
    assert len(alone.text("alone")) == 100_000
    words = alone.page.locator(".cell-more").inner_text()
    assert "900,000 more characters are kept" in words
    assert "2,000,001 further characters were too many to keep" in words


def test_a_carriage_return_starts_the_line_anew(alone):
    code = "print('10 %', end='\\r')\nprint('20 %', end='\\r')\nprint('done')"
    assert alone.run("alone", code) == "done\n"


def test_run_all_above_leaves_the_cell_itself(cells):
    cells.page.click("#train [aria-label='Run all above']")
    cells.wait("sum")
    assert cells.state("numbers") == "done"
    assert cells.state("train") == "idle"


def test_restart_forgets_the_variables(cells):
    cells.run("sum")
    cells.page.get_by_role("button", name="Restart Python").click()
    cells.page.wait_for_selector(".cell-runtime[data-state=ready]")
    cells.write("numbers", "print('total' in globals())")
    assert cells.run("numbers") == "False\n"


def test_edited_cells_make_those_below_stale(cells):
    cells.run("sum")
    cells.write("numbers", "import numpy as np\nnumbers = np.ones(5)")
    assert "Edited" in cells.status("numbers")
    assert "a cell above has changed" in cells.status("sum")
    # Running the lower one runs the edited one first.
    cells.press("sum")
    wait_until(
        cells.page,
        "() => document.querySelector('#sum + .cell-output').textContent"
        ".includes('total: 5')",
    )
    cells.wait("sum", "done")
    assert "Ran in" in cells.status("sum")


def test_output_is_announced_once(alone):
    alone.run("alone", "print('hello there')")
    spoken = alone.page.locator("[role=status][aria-live=polite]")
    assert spoken.count() == 1
    assert "Cell 1 has run. hello there" in spoken.inner_text()
