"""Tracebacks show the reader's own lines and name our function that raised."""

import textwrap

import numpy as np
import pytest


def error_of(session, source, cell="fit"):
    return session.run(source, cell).error


def dedent(text):
    return textwrap.dedent(text).strip("\n")


def test_the_readers_line_and_the_function_that_raised(session):
    error = error_of(
        session,
        "from tutorial_kernels.page import plot\n\ndef draw():\n    plot(1, loss='a')\n\ndraw()",
    )
    assert error.traceback == dedent(
        """
        Traceback (most recent call last):
          cell fit, line 6
            draw()
            ~~~~^^
          cell fit, line 4, in draw
            plot(1, loss='a')
            ~~~~^^^^^^^^^^^^^
          inside tutorial_kernels.page.plot.plot
        TypeError: plot: loss must be a number or a 1-D array, got str
        """
    )
    assert (error.line, error.cell, error.type) == (4, "fit", "TypeError")


def test_other_libraries_are_named_by_the_function_called(session):
    error = error_of(
        session, "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))"
    )
    assert "inside numpy.linalg" in error.traceback
    assert "site-packages" not in error.traceback
    assert error.type == "LinAlgError"
    assert error.line == 2


def test_library_frames_between_the_readers_own(session):
    session.namespace["np"] = np
    error = error_of(
        session,
        "np.apply_along_axis(lambda row: 1 / 0, 0, np.ones((2, 2)))",
    )
    lines = error.traceback.splitlines()
    inside = [
        i for i, line in enumerate(lines) if line.startswith("  inside numpy.")
    ]
    assert len(inside) == 1
    assert "in <lambda>" in lines[inside[0] + 1]


def test_line_is_the_one_in_the_cell_that_ran(session):
    session.run("def f():\n\n\n    1 / 0", "earlier")
    error = error_of(session, "\nf()", "later")
    assert error.line == 2
    assert "cell earlier, line 4, in f" in error.traceback
    assert "cell later, line 2" in error.traceback


def test_syntax_errors_have_line_and_caret(session):
    error = error_of(session, "x = 1\ny = (2 +\nz = 3")
    assert error.type == "SyntaxError"
    assert error.line == 2
    assert "cell fit, line 2\n    y = (2 +\n        ^" in error.traceback
    error = error_of(session, "if True:\nprint(1)")
    assert (error.type, error.line) == ("IndentationError", 2)
    assert "    print(1)\n    ^^^^^" in error.traceback


def test_syntax_errors_found_late_have_their_line_too(session):
    error = error_of(session, "x = 1\nbreak")
    assert error.line == 2
    assert "    break\n    ^^^^^" in error.traceback


def test_a_syntax_error_in_a_string_points_at_the_call(session):
    error = error_of(session, "\neval('1 +')")
    assert error.line == 2
    assert "cell fit, line 2" in error.traceback


def test_chained_causes_are_trimmed_likewise(session):
    error = error_of(
        session,
        "import numpy as np\ntry:\n    np.linalg.inv(np.zeros((2, 2)))\n"
        "except Exception as e:\n    raise ValueError('outer') from e",
    )
    first, second = error.traceback.split(
        "\n\nThe exception above was the direct cause of this one:\n\n"
    )
    assert "cell fit, line 3" in first
    assert "inside numpy.linalg" in first
    assert "site-packages" not in error.traceback
    assert second.endswith("ValueError: outer")
    assert error.line == 5


def test_exceptions_while_handling(session):
    error = error_of(
        session, "try:\n    1 / 0\nexcept ZeroDivisionError:\n    missing"
    )
    assert (
        "This exception came while the one above was being handled:"
        in error.traceback
    )
    error = error_of(
        session,
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise OSError from None",
    )
    assert "ZeroDivisionError" not in error.traceback


def test_long_chains_are_cut(session):
    error = error_of(
        session,
        "e = ValueError(0)\nfor i in range(1, 500):\n    new = ValueError(i)\n"
        "    new.__cause__ = e\n    e = new\nraise e",
    )
    assert error.traceback.startswith("(earlier exceptions left out)")
    assert error.traceback.endswith("ValueError: 499")
    assert error.traceback.count("direct cause") < 15


def test_groups_show_their_members(session):
    error = error_of(
        session,
        "raise ExceptionGroup('two', [ValueError('v'), ExceptionGroup('in', [OSError('o')])])",
    )
    assert "ExceptionGroup: two (2 sub-exceptions)" in error.traceback
    assert "  1 of 2:\n    ValueError: v" in error.traceback
    assert "      1 of 1:\n        OSError: o" in error.traceback
    error = error_of(
        session,
        "raise ExceptionGroup('many', [ValueError(i) for i in range(50)])",
    )
    assert "... and 40 more" in error.traceback


def test_deep_groups_are_cut(session):
    error = error_of(
        session,
        "e = ValueError()\nfor i in range(200): e = ExceptionGroup('g', [e])\nraise e",
    )
    assert error.type == "ExceptionGroup"
    assert len(error.traceback) < 5_000


def test_recursion_is_folded(session):
    error = error_of(session, "def f(n):\n    return f(n + 1)\nf(0)")
    assert error.traceback.count("in f") == 3
    assert "more times)" in error.traceback


def test_mutual_recursion_is_cut(session):
    error = error_of(session, "def f(): g()\ndef g(): f()\nf()")
    assert "frames left out" in error.traceback
    assert len(error.traceback.splitlines()) < 400


def test_a_very_deep_recursion_is_shown_fast(session):
    source = "import sys\nsys.setrecursionlimit(20_000)\ndef f(n): return f(n + 1)\nf(0)"
    result = session.run(source, "deep")
    assert result.error.type == "RecursionError"
    assert result.error.line in (3, 4)
    assert result.seconds < 20


def test_long_messages_and_lines_are_cut(session):
    error = error_of(session, "raise ValueError('x' * 1_000_000)")
    assert len(error.message) < 11_000
    assert "(990000 more characters)" in error.message
    assert len(error.traceback) < 22_000
    error = error_of(session, "1 / 0 " + "#" * 50_000)
    assert len(error.traceback) < 1_500


def test_suggestions_and_notes_are_kept(session):
    assert "Did you mean: 'print'?" in error_of(session, "prin(1)").traceback
    error = error_of(
        session, "e = ValueError('v')\ne.add_note('look here')\nraise e"
    )
    assert error.traceback.endswith("ValueError: v\nlook here")


def test_the_module_of_a_foreign_exception_is_named(session):
    error = error_of(session, "import json\njson.loads('{')")
    assert error.traceback.splitlines()[-1].startswith(
        "json.decoder.JSONDecodeError: "
    )


def test_repr_errors_point_at_the_last_expression(session):
    error = error_of(
        session,
        "import fractions\nclass C:\n    __repr__ = fractions.Fraction\n\nC()",
    )
    assert error.line == 5


def test_a_stop_says_where(session, recorder):
    recorder.stop_at = 3
    result = session.run(
        "from tutorial_kernels.page import track\nn = 0\nfor i in track(range(9)):\n    n += 1",
        "loop",
    )
    assert result.status == "stopped"
    assert result.error.line == 3
    assert session.namespace["n"] == 2


@pytest.mark.parametrize("name", ["a", "simple-nn", "9-lives"])
def test_the_name_of_the_cell_is_in_every_header(session, name):
    assert f"cell {name}, line 1" in error_of(session, "1/0", name).traceback


def test_a_check_inside_a_pair_goes_by_the_name_of_the_pair(session):
    error = error_of(
        session,
        "import numpy as np\n"
        "from tutorial_kernels.kernels import cross_entropy_forward\n"
        "cross_entropy_forward(np.zeros((8, 10)), np.array([7]))",
    )
    assert "cross_entropy_forward\nValueError" in error.traceback
    assert "._" not in error.traceback
