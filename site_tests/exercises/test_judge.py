"""What is said about an answer, and that it is said of the right thing."""

from __future__ import annotations

import numpy as np
import pytest

from tutorial_kernels.page.exercises import (
    CheckFailedError,
    ExerciseCode,
    difference,
    expect_close,
    expect_gradient,
    expect_raises,
    expect_same,
    expect_that,
    judge,
)
from tutorial_kernels.page.exercises.blanks import first_blank
from tutorial_kernels.page.exercises.expect import call_text
from tutorial_kernels.site.cell_runs import OutputRecorder

UNSEEN = """
def unseen(rng):
    for size in range(1, 5):
        yield (rng.normal(size=size),)
"""
DOUBLE = ExerciseCode(
    "double",
    "double",
    UNSEEN,
    "def double(x):\n    return 2 * x\n",
    {
        "square": '"""You square."""\ndef double(x):\n    return x * x\n',
        "in_place": '"""In\n  place."""\ndef double(x):\n    x *= 2\n    return x\n',
        "raises": '"""It raises."""\ndef double(x):\n    return x[7]\n',
    },
)


def verdict_on(source, exercise=DOUBLE, seed=0):
    sink = OutputRecorder()
    verdict, result = judge(exercise, source, seed, sink)
    text = "".join(o["text"] for o in sink.outputs if o["kind"] == "text")
    return verdict, result, text


def test_a_right_answer_counts_its_checks():
    verdict, result, _ = verdict_on("def double(x):\n    return x + x\n")
    assert verdict.status == "passed"
    assert verdict.comparisons == 4
    assert result.status == "ok"


@pytest.mark.parametrize(
    ("body", "mistake", "hint"),
    [
        ("return x ** 2", "square", "You square."),
        ("x += x\n    return x", "in_place", "In place."),
        ("return x[7] + 1", "raises", "It raises."),
        ("return 3 * x", "", ""),
    ],
)
def test_a_known_mistake_is_named_however_it_is_written(body, mistake, hint):
    verdict, _, _ = verdict_on(f"def double(x):\n    {body}\n")
    assert verdict.status == "failed"
    assert (verdict.mistake, verdict.hint) == (mistake, hint)


PARTS = ExerciseCode(
    "parts",
    "parts",
    "def unseen(rng):\n    yield from ((1, 1), (3, 2), (4, 0))\n",
    "def parts(a, b):\n    return 2 * a, a - b\n",
    {
        "no_double": '"""Twice."""\n'
        "def parts(a, b):\n    return a, NotImplemented\n",
        "no_minus": '"""Minus."""\ndef parts(a, b):\n'
        "    return (2 * a, a) if b else NotImplemented\n",
        "shown_by_no_input": '"""Not shown."""\ndef parts(a, b):\n'
        "    return (2 * a, NotImplemented) if b else NotImplemented\n",
        "later": '"""Later."""\ndef parts(a, b):\n'
        "    return NotImplemented if b else (7, NotImplemented)\n",
    },
)


@pytest.mark.parametrize(
    ("result", "mistake"),
    [
        ("a, a - b", "no_double"),
        ("a, 0", "no_double"),  # the second part is not written yet
        ("2 * a, a", "no_minus"),
        ("2 * a, a if b else 1", "no_minus"),
        ("(2 * a, a) if b > 1 else (2 * a, 0)", ""),
        ("(2 * a, a) if b else None", "no_minus"),
        ("2 * a, b - a", ""),
        ("a + 1, a", ""),
        ("a", ""),
        ("(7, 7)", ""),  # the first input that fails says nothing of it
        ("(2 * a, a - b) if b else (7, 7)", "later"),
    ],
)
def test_a_mistake_in_one_part_is_named_whatever_the_others_are(
    result, mistake
):
    source = f"def parts(a, b):\n    return {result}\n"
    verdict, _, _ = verdict_on(source, PARTS)
    assert (verdict.status, verdict.mistake) == ("failed", mistake)


def test_the_seed_draws_the_inputs():
    one, other, again = (
        verdict_on("def double(x):\n    return x\n", seed=seed)[0].got
        for seed in (1, 2, 1)
    )
    assert one == again != other


def test_what_the_answer_prints_is_shown_once():
    _, _, text = verdict_on(
        "print('at first')\n"
        "def double(x):\n    print('size', x.size)\n    return 2 * x\n"
    )
    assert text == "at first\nsize 4\n"
    _, _, text = verdict_on(
        "def double(x):\n    print('size', x.size)\n"
        "    return x if x.size == 3 else 2 * x\n"
    )
    assert text == "size 3\n"  # of the call that failed


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("double = 3", "`double` is no function but an int."),
        ("doubel = abs", "Your code defines no function `double`"),
        ("def double(x):\n    2 * x", "is there a `return`"),
        ("def double(x):\n    return ...", "blank `...` in line 2"),
        ("def double(x):\n    raise SystemExit", "stops with SystemExit"),
        ("def double(x):\n    return [2 * v for v in x]", "gives a list"),
        ("def double(x):\n    return 2 * x[:, None]", "gives shape (1, 1)"),
        ("def double(x):\n    return (2 * x).astype('f4')", "dtype float32"),
        ("def double(x):\n    return x * float('nan')", "gives nan at [0]"),
    ],
)
def test_every_failure_is_one_sentence(source, words):
    verdict, _, _ = verdict_on(source)
    assert verdict.status == "failed"
    assert words in verdict.sentence
    assert verdict.sentence.rstrip(")")[-1] in ".?"
    assert "Error:" not in verdict.sentence


def test_code_that_does_not_run_is_an_error_with_its_line():
    verdict, result, _ = verdict_on("x = 1\nx.missing\n")
    assert (verdict.status, verdict.line) == ("error", 2)
    assert result.error is not None
    assert result.error.type == "AttributeError"


def test_stop_gets_through_a_check():
    with pytest.raises(KeyboardInterrupt):
        verdict_on("def double(x):\n    raise KeyboardInterrupt\n")


def test_the_answer_sees_nothing_of_the_check():
    verdict, _, _ = verdict_on(
        "def double(x):\n    assert 'unseen' not in globals()\n    return 2 * x\n"
    )
    assert verdict.status == "passed"


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (1, 2, "gives 1, where 2 is expected"),
        (2.0, 2, "gives the float 2, where the whole number 2"),
        ([1], (1,), "gives a list, where a tuple is expected"),
        ((1, 2), (1,), "gives 2 values, where 1 are expected"),
        ((1, 3), (1, 2), "gives 3 at [1], where 2 is expected"),
        ((1, [3]), (1, [2]), "gives 3 at [1][0], where 2 is expected"),
        ({"a": (1,)}, {"a": (2,)}, "gives 1 at ['a'][0], where 2"),
        ((0, np.zeros(2)), (0, np.ones(2)), "gives 0 at [1][0], where 1"),
        (np.zeros(2), (1, 2), "gives an array, where a tuple is expected"),
        (np.float64(0.5), np.zeros(2), "gives the number 0.5, where an array"),
        ({"a": 1}, {"b": 1}, "gives the keys ['a'], where ['b']"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "gives shape (2, 3), where"),
        (np.zeros(2, "f4"), np.zeros(2), "gives dtype float32, where float64"),
        (np.array([1.0, 2]), np.array([1.0, 3]), "gives 2 at [1], where 3"),
        (np.array([1, 2]), np.array([1, 3]), "gives 2 at [1], where 3"),
        (True, 1, "gives a bool, where a number is expected"),
        ("b", "a", "gives 'b', where 'a' is expected"),
    ],
)
def test_a_difference_has_its_numbers(got, expected, words):
    found = difference(got, expected)
    assert found is not None
    assert words in found.sentence


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, np.int64(1)),
        (np.float64(0.1) * 3, 0.3),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
        (np.array([np.inf, 1.0]), np.array([np.inf, 1.0])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.ones(3, "f4") * np.float32(1 + 1e-5), np.ones(3, "f4")),
        ({"a": [1, (2.0,)]}, {"a": [1, (2.0,)]}),
    ],
)
def test_what_agrees_has_no_difference(got, expected):
    assert difference(got, expected) is None


def test_a_call_shows_a_large_argument_by_its_shape():
    def read(*given):
        """Only its name is shown."""

    large = np.zeros((2, 4))
    assert call_text(read, (large, (large, 1))) == (
        "read(an array of shape (2, 4), (an array of shape (2, 4), 1))"
    )
    assert call_text(read, ([(large, k) for k in range(4)],)) == (
        "read(a list of 4 tuples)"
    )
    layers = [("linear", 4, 8), ("conv2d", 3, 16, 5)]
    assert call_text(read, (layers,)) == f"read({layers})"
    assert call_text(read, ([1, 2], np.zeros(2))) == "read([1, 2], [0., 0.])"


def test_a_small_number_beside_a_large_one_is_not_lost():
    assert difference(np.array([1.0, 1e-3]), np.array([1.0, 2e-3]))
    assert difference(np.array([1e-9]), np.array([2e-9]))


def test_gradients_are_compared_with_nudges():
    def forward(x):
        return np.tanh(x), np.tanh(x)

    x = np.linspace(-1, 1, 5)
    expect_gradient(forward, lambda g, out: g * (1 - out**2), x)
    with pytest.raises(CheckFailedError, match="the gradient of x is wrong"):
        expect_gradient(forward, lambda g, out: g * (1 - out), x)
    with pytest.raises(CheckFailedError, match="cannot be compared"):
        expect_gradient(forward, lambda g, out: g @ np.ones((9, 9)), x)


def test_the_other_expectations():
    expect_close(1.0, 1.0, "the sum")
    with pytest.raises(CheckFailedError, match="The sum gives 2, where 1"):
        expect_close(2.0, 1.0, "the sum")
    with pytest.raises(CheckFailedError, match="No good"):
        expect_that(False, "No good")
    expect_raises(ZeroDivisionError, lambda a: 1 / a, 0)
    with pytest.raises(CheckFailedError, match="should refuse with ValueError"):
        expect_raises(ValueError, lambda a: a, 0)
    with pytest.raises(CheckFailedError, match="changes its argument 1"):
        expect_same(lambda a: a.pop(), lambda a: a[-1], [1, 2])


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a = 1\nb = ...\n", 2),
        ("def f():\n    ...\n", 2),
        ("b = f(..., 1)", 1),
        ("b = 1 + ...", 1),
        ("b = x[..., 0]", None),
        ("def f(a: tuple[int, ...]): return a", None),
        ("b = (", None),
        ("b = '...'  # ...", None),
    ],
)
def test_blanks(source, line):
    assert first_blank(source) == line
