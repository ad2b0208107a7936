"""Exercises in the page: checks, hints, Parsons problems."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from practice_page import PracticePage


@pytest.fixture
def practice(cells):
    driver = PracticePage(cells)
    driver.open()
    return driver


def test_a_right_answer_passes_and_counts(practice):
    words = practice.check("double", "def double(x):\n    return x + x\n")
    assert re.search(r"Passed\s+5 checks on inputs", words)
    assert practice.state("double") == "done"
    assert practice.page.locator("#double .exercise-badge").inner_text() == (
        "Passed"
    )
    assert "1 of 2 exercises" in practice.panel()
    assert practice.spoken().startswith("Passed: 5 checks")
    # A later failure takes nothing away.
    practice.check("double", "def double(x):\n    return x\n")
    assert "1 of 2 exercises" in practice.panel()


def test_a_wrong_answer_gets_the_hint_of_its_mistake(practice):
    words = practice.check("double", "def double(y):\n    return y**2\n")
    assert "You square; twice is 2 * x." in words
    assert "double gives" in words
    assert re.search(r"Called\s+double\(\[", words)
    assert re.search(r"Got\s+\[", words)
    assert re.search(r"Expected\s+\[", words)
    assert practice.spoken().startswith("Not yet. You square; twice is 2 * x.")
    words = practice.check(
        "double", "def double(x):\n    x += x\n    return x\n"
    )
    assert "You change the array of the caller." in words


def test_an_unknown_mistake_gets_the_numbers_alone(practice):
    words = practice.check("double", "def double(x):\n    return 3 * x\n")
    assert "You " not in words
    assert "is expected" in words


def test_a_missing_function_and_a_none_are_said(practice):
    assert "defines no function double" in practice.check("double", "a = 1\n")
    words = practice.check("double", "def double(x):\n    2 * x\n")
    assert "is there a return" in words


def test_code_that_raises_shows_where(practice):
    words = practice.check(
        "double",
        "def double(x):\n    print('seen', x.shape)\n    return x[99]\n",
    )
    assert "double stops with IndexError in line 3" in words
    assert "return x[99]" in words
    assert practice.page.locator("#double .cell-line-mark").is_visible()
    text = practice.page.locator("#double .cell-output").inner_text()
    assert text.strip() == "seen (1,)"
    words = practice.check("double", "def double(x:\n")
    assert "Your code stops with SyntaxError in line 1" in words
    assert practice.state("double") == "error"


def test_run_without_a_check_prints_only(practice):
    practice.write("double", "print('here', 'np' in globals())\n1 + 1")
    practice.page.click("#double [aria-label='Run without a check']")
    practice.wait("double", "done")
    text = practice.page.locator("#double .cell-output").inner_text()
    assert text.split("\n")[:2] == ["here False", "2"]
    assert not practice.page.locator("#double .verdict").is_visible()


def test_a_check_sees_nothing_of_the_page_and_leaves_nothing(practice):
    practice.cells.run("sum-of-three", "secret = 5\nprint('set')")
    code = "def double(x):\n    return 2 * x\nleft = 'secret' in globals()\nprint(left)\n"
    practice.check("double", code)
    text = practice.page.locator("#double .cell-output").inner_text()
    assert text.strip() == "False"
    assert practice.cells.run("sum-of-three", "print('left' in globals())") == (
        "False\n"
    )


def test_a_check_without_end_is_cut_and_python_lives_on(practice):
    practice.cells.run("sum-of-three", "kept = 7")
    words = practice.check("double", "def double(x):\n    while True: pass\n")
    assert "stopped after 3.0 s in line 2" in words
    assert "a loop that does not end" in practice.spoken()
    text = practice.cells.run("sum-of-three", "print(kept)")
    assert text == "7\n"


def test_a_check_can_be_stopped(practice):
    practice.write("double", "def double(x):\n    while True: pass\n")
    practice.page.click("#double .cell-main")
    practice.wait("double", "running")
    status = practice.page.locator("#double .cell-status")
    assert status.inner_text().startswith("Checking")
    practice.page.click("#double .cell-main")
    assert practice.wait("double", "stopped", "failed") == "stopped"
    assert not practice.page.locator("#double .verdict").is_visible()
    assert "attempts" not in practice.stored().get("exercise:double", {})


def test_hints_come_one_by_one_and_the_solution_last(practice):
    page = practice.page
    hints = page.locator("#double .exercise-hint")
    solution = page.locator("#double .exercise-solution")
    assert [h.is_visible() for h in hints.all()] == [True, False, False]
    solution.locator("summary").click()
    assert solution.get_attribute("open") is None
    assert (
        "3 hints are left"
        in page.locator("#double .exercise-confirm").inner_text()
    )
    page.get_by_role("button", name="Not yet").click()
    practice.check("double", "def double(x):\n    return 7 * x\n")
    page.click("#double .verdict-actions button")
    assert "First hint." in hints.nth(0).inner_text()
    assert [h.is_visible() for h in hints.all()] == [True, True, False]
    for at in (1, 2):
        expect(hints.nth(at)).to_be_visible()  # once the one before is open
        hints.nth(at).locator("summary").focus()
        page.keyboard.press("Enter")
        expect(hints.nth(at)).to_have_attribute("open", "")
    solution.locator("summary").click()
    expect(solution).to_have_attribute("open", "")
    expect(solution).to_contain_text("return 2 * x")
    kept = practice.stored()["exercise:double"]
    assert (kept["hints"], kept["solution"], kept["passed"]) == (3, True, False)


def test_the_solution_can_be_had_with_a_second_thought(practice):
    page = practice.page
    page.click("#double .exercise-solution summary")
    page.get_by_role("button", name="Show the solution").click()
    assert (
        page.locator("#double .exercise-solution").get_attribute("open") == ""
    )


def test_parsons_by_keyboard_needs_no_python(practice):
    keys = practice.page.keyboard
    for text, indents in [
        ("def count_down(n):", 0), ("numbers = []", 1), ("seen = 0", 0),
        ("for k in range(n, 0, -1):", 0), ("seen += 1", 1),
        ("numbers.append(k)", 0), ("return numbers, seen", -1),
    ]:  # fmt: skip
        practice.line(text).focus()
        keys.press("Enter")
        for _ in range(abs(indents)):
            keys.press("ArrowRight" if indents > 0 else "ArrowLeft")
    practice.line("numbers.append(k)").focus()
    keys.press("ArrowUp")
    assert practice.spoken() == "Line 5 of 7: numbers.append(k)"
    assert practice.program() == [
        "def count_down(n):",
        "    numbers = []",
        "    seen = 0",
        "    for k in range(n, 0, -1):",
        "        numbers.append(k)",
        "        seen += 1",
        "    return numbers, seen",
    ]
    keys.press("Control+Enter")
    assert "Every line is in its place" in practice.verdict("count-down")
    assert practice.state("count-down") == "done"
    asked = practice.page.evaluate(
        "performance.getEntriesByType('resource').filter("
        "e => e.name.includes('worker.js')).length"
    )
    focused = practice.page.locator(".parsons-line:focus").count()
    assert focused == 1
    assert asked <= 1
    practice.reload()
    assert len(practice.program()) == 7
    assert "1 of 2 exercises" in practice.panel()


RIGHT = (
    "def count_down(n):", "    numbers = []", "    seen = 0",
    "    for k in range(n, 0, -1):", "        numbers.append(k)",
    "        seen += 1", "    return numbers, seen",
)  # fmt: skip


def put(practice, lines):
    """Put lines into the program as the keyboard does."""
    for text in lines:
        practice.line(text.strip()).focus()
        practice.page.keyboard.press("Enter")
        now = len(practice.program()[-1]) - len(practice.program()[-1].lstrip())
        want = len(text) - len(text.lstrip())
        for _ in range(abs(want - now) // 4):
            practice.page.keyboard.press(
                "ArrowRight" if want > now else "ArrowLeft"
            )


def test_parsons_names_the_first_line_out_of_place(practice):
    put(practice, [*RIGHT[:4], "        numbers.append(0)"])
    practice.page.click("#count-down .cell-main")
    words = practice.verdict("count-down")
    assert "Line 5, numbers.append(0), does not belong to the program." in words
    assert "It keeps a zero." in words
    practice.line("numbers.append(0)").focus()
    practice.page.keyboard.press("Delete")
    practice.page.click("#count-down .cell-main")
    assert "3 lines are missing" in practice.verdict("count-down")
    practice.line("seen = 0").focus()
    practice.page.keyboard.press("ArrowRight")
    words = practice.check("count-down")
    assert "not at its indentation" in words
    assert "IndentationError" not in words


def test_parsons_says_where_a_line_is_missing(practice):
    put(practice, [*RIGHT[:2], *RIGHT[3:]])
    words = practice.check("count-down")
    assert "A line is missing before line 3, for k in range" in words
    assert "UnboundLocalError" not in words


def test_parsons_names_a_known_mistake_at_another_indentation(practice):
    put(practice, [*RIGHT[:6], "        return numbers, seen"])
    words = practice.check("count-down")
    assert "You return after the first number." in words
    assert "not at its indentation" in words


def test_parsons_runs_another_order(practice):
    """As good: passed. Not as good: what it does, and the line."""
    other = [
        RIGHT[0],
        RIGHT[2],
        RIGHT[1],
        RIGHT[3],
        RIGHT[5],
        RIGHT[4],
        RIGHT[6],
    ]
    put(practice, other)
    assert "Passed" in practice.check("count-down")
    practice.line("for k in range(n, 0, -1):").focus()
    for _ in range(2):
        practice.page.keyboard.press("ArrowUp")
    words = practice.check("count-down")
    assert "Line 2, for k in range(n, 0, -1):, is out of place." in words


def test_parsons_by_drag(practice):
    page = practice.page
    page.locator(".parsons").scroll_into_view_if_needed()

    def drag(text, x, y):
        box = practice.line(text).bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(x + 20, y + 8, steps=5)
        page.mouse.up()

    def program_box():
        return page.locator(".parsons-program").bounding_box()

    box = program_box()
    drag("numbers = []", box["x"] + 40, box["y"] + 20)
    assert practice.program() == ["    numbers = []"]
    box = practice.line("numbers = []").bounding_box()
    drag("def count_down(n):", program_box()["x"] + 5, box["y"] - 10)
    assert practice.program() == ["def count_down(n):", "    numbers = []"]
    pool = page.locator(".parsons-pool").bounding_box()
    drag("numbers = []", pool["x"] + 10, pool["y"] + 10)
    assert practice.program() == ["def count_down(n):"]


def test_everything_can_be_read_without_scripts(start_browser, host):
    context = start_browser(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{host.url}practice/")
    text = page.locator("#double").inner_text()
    for words in ("Double it", "Write double(x)", "return x", "Hint 3 of 3"):
        assert words in text
    page.click("#double .exercise-solution summary")
    assert "return 2 * x" in page.locator("#double").inner_text()
    page.click("#twice-two summary")
    answers = page.locator("#twice-two .answers").inner_text()
    assert "Right: four" in answers
    assert "One too many." in answers
    page.emulate_media(media="print")
    assert page.get_by_text("Second hint.").first.is_visible()
    context.close()
