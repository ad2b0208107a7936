"""The fences exercise, quiz and predict: what they render, what stops them."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from pymdownx.superfences import SuperFencesException

from tutorial_kernels.site.exercise import render_exercise
from tutorial_kernels.site.exercise_package import read_exercise
from tutorial_kernels.site.reader import read_page

EXERCISES = Path(__file__).resolve().parents[2] / "docs/exercises/architecture"

CELL = "``` {.cell #one seconds=2}\nprint(1)\n```\n"
QUESTION = (
    "Is it *so*?\n\n- [x] yes\n  : Because \\(a < b\\).\n- [ ] no\n  : Not.\n"
)
NUMBER = (
    "How many?\n\n- [x] 7\n  : Seven.\n- [ ] 6\n  : One too few.\n"
    "- [ ] otherwise\n  : Count again.\n"
)


def fence(header, body):
    return f"``` {{{header}}}\n{body}\n```\n"


def test_a_quiz_reads_without_scripts(convert):
    text = convert(fence(".quiz #so", QUESTION))
    assert (
        '<section class="question quiz" id="so" data-question="choice"' in text
    )
    assert "<p>Is it <em>so</em>?</p>" in text
    options = re.findall(r'<li class="option">(\w+)</li>', text)
    assert sorted(options) == ["no", "yes"]
    assert options == re.findall(r'data-value="(\w+)"', text)
    assert "<details" in text
    assert text.count('class="answer-why"') == 2
    assert 'data-value="yes" data-right=""' in text
    assert "katex" in text  # formulas of the explanation are rendered


def test_the_place_of_an_answer_says_nothing_of_it(convert):
    """Authors write the right answer first; the page must not show that."""
    first = 0
    for k in range(40):
        text = convert(fence(f".quiz #so-{k}", QUESTION))
        first += re.findall(r'data-value="(\w+)"', text)[0] == "yes"
    assert 10 < first < 30


def test_a_number_has_no_options_to_see(convert):
    text = convert(fence(".quiz .number #many tolerance=0.5", NUMBER))
    assert 'data-question="number" data-tolerance="0.5"' in text
    assert 'class="options"' not in text
    assert "any other number" in text


def test_a_guess_knows_its_cell(convert):
    text = convert(fence(".predict #guess", QUESTION) + CELL)
    assert 'class="question predict"' in text
    assert 'data-for="one"' in text


@pytest.mark.parametrize(
    ("header", "body", "reason"),
    [
        (".quiz", QUESTION, "a quiz needs an id: {.quiz #its-name}"),
        (".quiz #Big", QUESTION, "must be words of a-z"),
        (".quiz #a .letter", QUESTION, "a quiz may be .number"),
        (".quiz #a colour=red", QUESTION, "unknown option 'colour' of a quiz"),
        (
            ".quiz #a tolerance=1",
            QUESTION,
            "tolerance belongs to a quiz .number",
        ),
        (".quiz .number #a tolerance=-1", NUMBER, "0 or above, got '-1'"),
        (
            ".quiz #a",
            "- [x] yes\n  : b\n- [ ] no\n  : c",
            "question is missing",
        ),
        (".quiz #a", "What?", "exactly one option must be right [x], got 0"),
        (".quiz #a", QUESTION.replace("[ ]", "[x]"), "right [x], got 2"),
        (".quiz #a", QUESTION.replace("[x]", "[X]"), "marked [x] or [ ]"),
        (
            ".quiz #a",
            QUESTION.replace("  : Not.", ""),
            "'no' has no explanation",
        ),
        (".quiz #a", QUESTION + "  : Twice.\n", "'no' has two explanations"),
        (".quiz #a", QUESTION.replace("no", "yes"), "two options are the same"),
        (
            ".quiz #a",
            QUESTION + "- maybe\n",
            "an option is written '- [ ] text'",
        ),
        (".quiz #a", "What?\n\n- [x] yes\n  : b\n", "two options or more"),
        (".quiz #a", NUMBER, "is an option of a .number only"),
        (".quiz .number #a", QUESTION, "option 'yes' must be a number"),
        (
            ".quiz .number #a",
            "How?\n\n- [x] 7\n  : b\n",
            "needs an option '- [ ] otherwise'",
        ),
        (".predict #a", QUESTION, "a predict fence stands before a cell"),
        (".exercise #a", "architecture/gru-step", "has no id and no classes"),
        (".exercise", "gru-step", "holds one path such as"),
        (".exercise", "../secret/gru-step", "holds one path such as"),
    ],
)
def test_a_malformed_fence_stops_the_build(convert, header, body, reason):
    with pytest.raises(SuperFencesException) as caught:
        convert(f"Text\n\n{fence(header, body)}")
    assert reason in str(caught.value)
    assert re.search(r"line 3|unknown option", str(caught.value))


def test_names_are_unique_in_a_page(convert):
    with pytest.raises(SuperFencesException, match="two fences have the id"):
        convert(
            fence(".quiz #a", QUESTION) + "\n" + fence(".quiz #a", QUESTION)
        )
    with pytest.raises(SuperFencesException, match="a heading of this page"):
        convert("# So\n\n" + fence(".quiz #so", QUESTION))


def test_an_exercise_is_complete_in_its_html():
    exercise = read_exercise(EXERCISES / "gru-step")
    text = render_exercise(exercise)
    for part in ("exercise-task", "exercise-cell", "exercise-solution"):
        assert part in text
    assert text.count('<details class="exercise-hint">') == 3
    assert read_page(text) == []  # its code is no cell of the page
    orders = re.search(r'data-exercise="(.*?)"', text)
    assert orders is not None
    read = json.loads(html.unescape(orders[1]))
    assert read["check"] == exercise.code.check
    assert set(read["wrong"]) == set(exercise.code.wrong)
    assert "<script" not in text


def test_the_lines_of_a_parsons_problem():
    exercise = read_exercise(EXERCISES / "unroll-rnn")
    places = [piece.place for piece in exercise.pieces]
    assert sorted(p for p in places if p is not None) == list(range(6))
    assert places.count(None) == 2
    assert [p for p in places if p is not None] != list(range(6))
    assert exercise.given == "import numpy as np"
    assert "parsons-static" in render_exercise(exercise)


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "exercises/architecture/unroll-rnn"
    shutil.copytree(EXERCISES / "unroll-rnn", folder)
    return folder


def rewrite(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("exercise.yml", "title:", "titel:", "has no 'title'"),
        ("exercise.yml", "kind:", "more: 1\nkind:", "an unknown key 'more'"),
        ("exercise.yml", "parsons", "puzzle", "unknown key 'distractors'"),
        ("exercise.yml", "seconds: 10", "seconds: 900", "at most 60"),
        ("exercise.yml", "title:", "title: [", "cannot be read"),
        ("exercise.yml", "why:", "reason:", "each distractor has 'line'"),
        ("solution.py", "states = []", "states = [", "solution.py, line"),
        ("solution.py", "def rnn", "async def rnn", "needs a def"),
        ("solution.py", "states = []", "# a\n    states = []", "one statement"),
        ("wrong_old_state.py", '"""', "", "wrong_old_state.py, line"),
    ],
)
def test_a_malformed_package_names_what_is_wrong(
    package, name, old, new, reason
):
    rewrite(package, name, old, new)
    with pytest.raises(ValueError, match="exercises/architecture/unroll-rnn"):
        read_exercise(package)
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_exercise(package)


def test_a_package_needs_all_its_files(package):
    for path in sorted(package.glob("wrong_*"))[:2]:
        path.unlink()
    with pytest.raises(ValueError, match=r"at least 3 files wrong_\*.py"):
        read_exercise(package)
    (package / "check.py").unlink()
    with pytest.raises(ValueError, match=r"has no check.py"):
        read_exercise(package)


def test_a_strict_build_stops_at_a_missing_exercise(small_site):
    page = small_site.page(
        "chapters/a.md", "# A\n\n" + fence(".exercise", "architecture/none")
    )
    small_site.page("index.md", "# Home\n")
    done = small_site.build()
    assert done.returncode != 0
    reason = "there is no folder exercises/architecture/none"
    assert f"{page}:3: {reason}" in done.stderr
