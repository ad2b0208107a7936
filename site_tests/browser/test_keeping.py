"""Questions, guesses, and what is kept on the reader's machine."""

from __future__ import annotations

import json

import pytest
from practice_page import PracticePage

from site_tests.browser.waiting import wait_until

EDIT = "def double(x):\n    return x  # mine\n"


@pytest.fixture
def practice(cells):
    driver = PracticePage(cells)
    driver.open()
    return driver


def choose(practice, name, words):
    practice.page.locator(f"#{name} .answer-label", has_text=words).click()
    practice.page.click(f"#{name} button[type=submit]")


def edit_double(practice):
    """An edit, and the moment when the browser keeps it."""
    practice.write("double", EDIT)
    wait_until(
        practice.page,
        "() => Object.entries(localStorage).some(([key, value]) =>"
        " key.endsWith('code:double') && value.includes('# mine'))",
    )


def test_a_quiz_explains_what_was_answered(practice):
    page = practice.page
    question = page.locator("#twice-two")
    assert "One too many" not in question.inner_text()
    choose(practice, "twice-two", "five")
    assert "One too many." in question.inner_text()
    assert "Three is two and one" not in question.inner_text()
    assert practice.spoken() == "Not right. One too many."
    assert not page.get_by_role("button", name="Show the answer").is_visible()
    choose(practice, "twice-two", "three")
    assert question.get_by_role("button", name="Show the answer").is_visible()
    choose(practice, "twice-two", "four")
    assert "Two and two." in question.inner_text()
    assert practice.spoken() == "Right. Two and two."
    assert "1 of 2 questions" in practice.panel()
    assert "1 of 2 questions" in page.locator("[data-progress-of]").inner_text()
    practice.reload()
    assert "Two and two." in question.inner_text()
    assert practice.stored()["quiz:twice-two"]["tried"] == [
        "five",
        "three",
        "four",
    ]
    question.get_by_role("button", name="Answer it again").click()
    assert "0 of 2 questions" in practice.panel()


def test_instant_navigation_keeps_the_pages_apart(cells):
    cells.page.get_by_role("link", name="Practice under test").first.click()
    cells.page.wait_for_selector("#twice-two .answer-form")
    practice = PracticePage(cells)
    choose(practice, "twice-two", "four")
    keys = cells.page.evaluate("Object.keys(localStorage)")
    assert [key for key in keys if key.endswith("practice/#quiz:twice-two")]
    assert practice.page.locator(".progress-panel").count() == 1
    cells.page.get_by_role("link", name="A page without cells").first.click()
    wait_until(
        cells.page, "() => document.querySelector('.progress-panel') === null"
    )


def test_a_quiz_works_by_keyboard_alone(practice):
    page = practice.page
    page.locator("#twice-two input").nth(1).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert practice.spoken() == "Right. Two and two."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.505", "Right. A half."),
        ("1/2", "Right. A half."),
        ("0,5", "Right. A half."),
        ("2", "Not right. That is twice one."),
        ("0.52", "Not right. One divided by two."),
        ("half", "This is no number."),
    ],
)
def test_a_number_has_a_tolerance(practice, text, words):
    practice.page.fill("#half input", text)
    practice.page.keyboard.press("Enter")
    assert practice.spoken() == words


def test_a_guess_stands_beside_the_result(practice):
    page = practice.page
    output = page.locator("#sum-of-three + .cell-output .cell-text")
    assert not output.is_visible()
    choose(practice, "guess-sum", "five")
    assert output.is_visible()
    result = page.locator(".predict-result")
    assert not result.is_visible()
    practice.cells.run("sum-of-three")
    assert "You guessed: five." in result.inner_text()
    assert "six" in result.inner_text()
    assert "Too little." in result.inner_text()
    assert "1 of 1 guess" in practice.panel()


def test_nobody_has_to_guess(practice):
    page = practice.page
    output = page.locator("#sum-of-three + .cell-output .cell-text")
    page.get_by_role("button", name="Show it").click()
    assert output.is_visible()
    practice.reload()
    assert not output.is_visible()
    assert practice.cells.run("sum-of-three") == "sum: 6\n"
    assert output.is_visible()
    assert not page.locator(".predict-result").is_visible()


def code_of(practice, name):
    return practice.page.locator(f"#{name} .exercise-cell pre").inner_text()


def test_edits_come_back(practice):
    practice.write("double", EDIT)
    practice.write("sum-of-three", "print('kept')")
    practice.reload()
    assert "# mine" in code_of(practice, "double")
    assert practice.cells.run("sum-of-three") == "kept\n"
    practice.page.click("#sum-of-three [aria-label='Reset cell']")
    practice.reload()
    assert "code:sum-of-three" not in practice.stored()
    assert practice.cells.run("sum-of-three") == "sum: 6\n"


def change_lesson(practice):
    """As if the edit had grown from another text of the lesson."""
    edit_double(practice)
    practice.page.evaluate(
        "() => { const key = Object.keys(localStorage)"
        ".find(k => k.endsWith('code:double'));"
        "const entry = JSON.parse(localStorage[key]); entry.base = 'old';"
        "localStorage[key] = JSON.stringify(entry); }"
    )
    practice.reload()
    return practice.page.locator("#double .draft-note")


def test_a_changed_lesson_asks_and_loses_nothing(practice):
    note = change_lesson(practice)
    assert "The lesson changed since your edit." in note.inner_text()
    assert "# mine" in code_of(practice, "double")
    note.get_by_role("button", name="Compare").click()
    lines = note.locator(".draft-comparison").inner_text()
    assert "− yours:     return x  # mine" in lines.replace("\n", " ") or (
        "return x  # mine" in lines
    )
    note.get_by_role("button", name="Keep mine").click()
    practice.reload()
    assert note.count() == 0
    assert "# mine" in code_of(practice, "double")


def test_a_changed_lesson_can_be_taken(practice):
    note = change_lesson(practice)
    note.get_by_role("button", name="Take the new").click()
    practice.reload()
    assert note.count() == 0
    assert "# mine" not in code_of(practice, "double")
    assert "code:double" not in practice.stored()


def test_two_tabs_do_not_write_over_each_other(practice, make_cells):
    other = PracticePage(
        make_cells(practice.page.context.new_page(), practice.cells.host)
    )
    other.open()
    for words in ("# first", "# mine"):  # what is typed comes bit by bit
        practice.write("double", EDIT.replace("# mine", words))
        wait_until(
            other.page,
            "(words) => document.querySelector('#double .exercise-cell pre')"
            ".textContent.includes(words)",
            arg=words,
        )
    choose(other, "twice-two", "four")
    wait_until(
        practice.page,
        "document.querySelector('.progress-panel').textContent"
        ".includes('1 of 2 questions')",
    )
    # Both edited: nobody's text goes without a word.
    other.write("double", "def double(x):\n    return 1  # theirs\n")
    note = practice.page.locator("#double .draft-note")
    note.wait_for()
    assert "another tab" in note.inner_text()
    assert "# mine" in code_of(practice, "double")
    note.get_by_role("button", name="Take the other").click()
    assert "# theirs" in code_of(practice, "double")
    other.page.close()


def load(practice, text):
    """Load a progress file; the panel once it has answered."""
    practice.page.evaluate(
        "() => { document.querySelector('.progress-words').textContent = '…' }"
    )
    practice.page.set_input_files(
        ".progress-panel input[type=file]",
        {
            "name": "p.json",
            "mimeType": "application/json",
            "buffer": text.encode(),
        },
    )
    wait_until(
        practice.page,
        "() => document.querySelector('.progress-words').textContent !== '…'"
        " || !document.querySelector('.progress-question').hidden",
    )
    return practice.panel()


def test_progress_goes_out_and_comes_back(practice):
    choose(practice, "twice-two", "four")
    edit_double(practice)
    with practice.page.expect_download() as download:
        practice.page.get_by_role("button", name="Save to a file").click()
    text = download.value.path().read_text()
    file = json.loads(text)
    assert set(file["pages"]["practice/"]) == {
        "page",
        "code:double",
        "quiz:twice-two",
    }
    practice.page.get_by_role("button", name="Forget this page").click()
    practice.page.get_by_role("button", name="Forget them").click()
    assert "0 of 2 questions" in practice.panel()
    assert "# mine" not in code_of(practice, "double")
    practice.page.reload()
    practice.page.wait_for_selector(".cell-bar", state="attached")
    assert "Loaded: " in load(practice, text)
    assert "1 of 2 questions" in practice.panel()
    assert "# mine" in code_of(practice, "double")
    assert "holds nothing new" in load(practice, text)


def file_with(**changes):
    quiz = {
        "kind": "quiz",
        "at": 1,
        "base": "b",
        "right": True,
        "tried": ["four"],
    }
    file = {
        "format": "tutorial-kernels progress",
        "version": 1,
        "pages": {"practice/": {"quiz:twice-two": quiz}},
    }
    return {**file, **changes}


def entry(name, value):
    return file_with(pages={"practice/": {name: value}})


HOSTILE = [
    "not json",
    "[]",
    json.dumps({"format": "other"}),
    json.dumps(file_with(version=2)),
    json.dumps(file_with(more=1)),
    json.dumps(file_with(pages=[])),
    json.dumps(file_with(pages={"../up/": {}})),
    json.dumps(file_with(pages={"https://x/": {}})),
    json.dumps(entry("quiz:<img src=x onerror=alert(1)>", {})),
    json.dumps(entry("__proto__", {"kind": "page"})),
    json.dumps(entry("quiz:a", None)),
    json.dumps(entry("quiz:a", {"kind": "code", "at": 1, "base": "", "text": ""})),
    json.dumps(entry("code:a", {"kind": "code", "at": 1, "base": ""})),
    json.dumps(entry("code:a", {"kind": "code", "at": -1, "base": "", "text": ""})),
    json.dumps(
        entry("code:a", {"kind": "code", "at": 1, "base": "", "text": ["x"]})
    ),
    json.dumps(
        entry("code:a", {"kind": "code", "at": 1, "base": "", "text": "", "x": 1})
    ),
    json.dumps(
        entry("code:a", {"kind": "code", "at": 1, "base": "", "text": "x" * 200_001})
    ),
    json.dumps(
        entry("exercise:a", {"kind": "exercise", "at": 1, "passed": "yes",
                             "attempts": 1, "hints": 0, "solution": False})
    ),
]  # fmt: skip


def test_a_hostile_file_is_refused_and_changes_nothing(practice):
    choose(practice, "twice-two", "five")
    before = practice.stored()
    for text in HOSTILE:
        words = load(practice, text)
        assert "Nothing was changed." in words, text[:80]
        assert practice.stored() == before
    assert practice.page.locator(".progress-panel img").count() == 0


def test_an_older_edit_is_replaced_only_when_told_to(practice):
    edit_double(practice)
    newer = {
        "kind": "code",
        "at": 8_000_000_000_000,
        "base": "b",
        "text": "def double(x):\n    return 9\n",
    }
    text = json.dumps(entry("code:double", newer))
    assert "1 edit of yours is older" in load(practice, text)
    practice.page.get_by_role("button", name="Cancel").click()
    assert "# mine" in practice.stored()["code:double"]["text"]
    load(practice, text)
    practice.page.get_by_role("button", name="Replace").click()
    assert "return 9" in practice.stored()["code:double"]["text"]


def test_everything_works_with_storage_disabled(practice):
    page = practice.page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    practice.open()
    assert "This browser keeps nothing" in practice.panel()
    choose(practice, "twice-two", "four")
    assert "1 of 2 questions" in practice.panel()
    assert "Passed" in practice.check(
        "double", "def double(x):\n    return 2 * x\n"
    )
    assert "1 of 2 exercises" in practice.panel()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    pages = json.loads(download.value.path().read_text())["pages"]
    assert pages["practice/"]["exercise:double"]["passed"] is True
    # The theme itself stumbles over it, twice.
    others = [error for error in practice.cells.errors if error != "denied"]
    practice.cells.errors[:] = others


def test_full_storage_loses_nothing_on_the_page(practice):
    practice.page.evaluate(
        "() => { Storage.prototype.setItem = () => "
        "{ throw new DOMException('full', 'QuotaExceededError'); } }"
    )
    choose(practice, "twice-two", "four")
    assert "1 of 2 questions" in practice.panel()
    text = json.dumps(entry("guess:guess-sum", {
        "kind": "guess", "at": 1, "base": "b", "guess": "six"}))  # fmt: skip
    assert "has no room" in load(practice, text)
