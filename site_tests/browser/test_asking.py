"""`input()`: a field in the output, and the answers a replay remembers."""

from playwright.sync_api import expect

ASK = (
    "name = input('What is your <b>name</b>? ')\n"
    "age = int(input())\nprint(f'{name} is {age}')"
)


def test_a_field_asks_and_the_answer_stays(alone):
    alone.write("alone", ASK)
    alone.page.keyboard.press("Control+Enter")
    field = alone.page.get_by_label("What is your <b>name</b>?")
    expect(field).to_be_focused()
    assert alone.state("alone") == "running"
    expect(alone.page.locator("#alone .cell-status")).to_have_text(
        "Waiting for your answer"
    )
    spoken = alone.page.locator(".cell-spoken")
    expect(spoken).to_contain_text("asks: What is your <b>name</b>?")
    field.fill("<img src=x onerror=alert(1)>")
    field.press("Enter")
    unnamed = alone.page.get_by_label("The cell waits for a line of text")
    expect(unnamed).to_be_focused()
    unnamed.fill("36")
    alone.page.get_by_role("button", name="Enter", exact=True).click()
    alone.wait("alone", "done")
    assert alone.text("alone") == (
        "What is your <b>name</b>? <img src=x onerror=alert(1)>\n36\n"
        "<img src=x onerror=alert(1)> is 36\n"
    )
    assert alone.page.locator(".cell-output img").count() == 0
    # The reader was writing code when the question came, and is again.
    expect(alone.page.locator("#alone .cm-content")).to_be_focused()


def test_stop_takes_the_question_back(alone):
    for code in (
        "kept = 1\ninput('Never? ')",
        "import asyncio\nkept = 1\nasync def ask(): input('Never? ')\n"
        "await asyncio.sleep(0)\nawait ask()",
    ):
        alone.write("alone", code)
        alone.press("alone")
        field = alone.page.get_by_label("Never?")
        field.wait_for()
        alone.stop("alone")
        assert "variables kept" in alone.status("alone")
        expect(field).to_have_count(0)
        assert alone.run("alone", "print(kept)") == "1\n"


def test_a_forced_stop_gives_the_same_answers_again(cells):
    cells.write("numbers", "word = input('Word? ')")
    cells.press("numbers")
    cells.answer("numbers", "again")
    cells.wait("numbers", "done")
    cells.write(
        "sum",
        # A loop of C, in which Python is not asked.
        "from collections import deque\nfrom itertools import repeat\n"
        "deque(repeat(0), maxlen=0)\n",
    )
    cells.press("sum")
    cells.wait("sum", "running")
    cells.page.wait_for_timeout(300)
    cells.press("sum")
    cells.page.get_by_role("button", name="Force stop").click()
    cells.wait("sum", "stopped")
    cells.wait("numbers", "queued", "running", "done")
    cells.wait("numbers", "done")
    assert cells.text("numbers") == "Word? again\n"
    assert cells.run("sum", "print(word)") == "again\n"
    # A run of the reader's own asks again.
    cells.press("numbers")
    cells.answer("numbers", "new")
    cells.wait("numbers", "done")
    assert cells.text("numbers") == "Word? new\n"


def test_without_stack_switching_a_sentence_says_so(
    start_browser, host, make_cells
):
    context = start_browser()
    page = context.new_page()
    cells = make_cells(page, host)
    # The worker's own scope: its script is what must not find it.
    page.route(
        "**/worker.js*",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body="delete WebAssembly.Suspending;\n" + route.fetch().text(),
        ),
    )
    cells.open("other/")
    cells.write("alone", "input('Name? ')")
    cells.press("alone")
    cells.wait("alone", "error")
    error = page.locator("#alone + .cell-output .cell-error-head")
    expect(error).to_contain_text("this browser cannot wait inside a cell")
    context.close()
