"""Cells run like in a notebook, and nothing they do ends the session."""

import asyncio
import dataclasses
import io
import json
import signal
import sys
import threading
import time
import warnings

import pytest

from tutorial_kernels.page.session import CellResult, Session


def run_ok(session, source, cell="a"):
    result = session.run(source, cell)
    assert result.status == "ok", result.error and result.error.traceback
    assert result.error is None
    return result


def test_variables_stay_from_cell_to_cell(session, recorder):
    run_ok(session, "x = 40", "one")
    run_ok(session, "print(x + 2)", "two")
    assert recorder.printed() == "42\n"
    assert session.namespace["x"] == 40


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("1 + 1", "2\n"),
        ("None", ""),
        ("x = 3", ""),
        ("'a\\nb'", "'a\\nb'\n"),
        ("for i in range(2): i", ""),
        ("print('a'); 'b'", "a\n'b'\n"),
        ("", ""),
        ("# only a comment", ""),
        ('"""a docstring"""', "'a docstring'\n"),
        ("from __future__ import annotations\n1", "1\n"),
        ("(yes := 5)", "5\n"),
    ],
)
def test_the_last_expression_is_shown(session, recorder, source, printed):
    run_ok(session, source)
    assert recorder.printed() == printed


def test_top_level_await_in_body_and_last_expression(session, recorder):
    run_ok(
        session,
        "import asyncio\n"
        "async def f(n):\n    await asyncio.sleep(0)\n    return n\n"
        "a = await f(1)\n"
        "task = asyncio.ensure_future(f(2))\n"
        "a + await task",
    )
    assert recorder.printed() == "3\n"


def test_the_given_runner_runs_coroutines(recorder):
    seen = []

    def run(coroutine):
        seen.append(coroutine)
        return asyncio.run(coroutine)

    session = Session(recorder, run)
    run_ok(session, "1")
    assert seen == []
    run_ok(session, "import asyncio\nawait asyncio.sleep(0)")
    assert len(seen) == 1


def test_open_tasks_do_not_break_the_next_run(session, recorder):
    run_ok(
        session,
        "import asyncio\n"
        "t = asyncio.create_task(asyncio.sleep(100))\nawait asyncio.sleep(0)",
    )
    run_ok(session, "import asyncio\nawait asyncio.sleep(0)\n'next'")
    assert recorder.printed() == "'next'\n"


@pytest.mark.parametrize(
    ("source", "status", "kind", "message"),
    [
        ("1 / 0", "error", "ZeroDivisionError", "division by zero"),
        ("raise SystemExit(3)", "error", "SystemExit", "3"),
        ("import sys; sys.exit()", "error", "SystemExit", ""),
        ("exit()", "error", "SystemExit", ""),
        ("raise KeyboardInterrupt", "stopped", "KeyboardInterrupt", ""),
        ("raise GeneratorExit('g')", "error", "GeneratorExit", "g"),
        ("raise BaseException('b')", "error", "BaseException", "b"),
        ("import asyncio\nraise asyncio.CancelledError", "error", "CancelledError", ""),
        ("x = = 1", "error", "SyntaxError", "invalid syntax"),
        ("return 1", "error", "SyntaxError", "'return' outside function"),
        ("'\0'", "error", "SyntaxError", "source code string cannot contain null bytes"),
        ("def f(): f()\nf()", "error", "RecursionError", "maximum recursion depth exceeded"),
        ("await 1", "error", "TypeError", None),
        ("input('? ')", "error", "RuntimeError", "input: nobody is here to answer '? '"),
        ("import sys\nsys.stdin.readline()", "error", "RuntimeError", None),
        ("class E(Exception):\n def __str__(self): raise OSError\nraise E", "error", "E",
         "(its __str__ raised OSError)"),
        ("class C:\n def __repr__(self): raise OSError('r')\nC()", "error", "OSError", "r"),
        ("class C:\n def __repr__(self): return 3\nC()", "error", "TypeError", None),
        ("class C:\n def __getattribute__(self, n): raise OSError(n)\nC()", "error", "OSError", None),
        ("class M(type):\n def __getattr__(s, n): raise OSError('m')\n"
         "class C(metaclass=M): pass\nC()", "error", "OSError", "m"),
        ("raise ExceptionGroup('g', [ValueError(1), KeyboardInterrupt()])", "error",
         "TypeError", None),
        ("raise BaseExceptionGroup('g', [KeyboardInterrupt()])", "stopped",
         "BaseExceptionGroup", None),
        ("e = ValueError(1)\ne.__cause__ = e\nraise e", "error", "ValueError", "1"),
        ("e = ValueError('x')\ne.__notes__ = 5\nraise e", "error", "ValueError", "x"),
        ("raise 5", "error", "TypeError", None),
        ("raise ValueError('\\ud800')", "error", "ValueError", "\ud800"),
        ("class E(Exception):\n def __str__(self): raise SystemExit\nraise E", "error", "E",
         None),
        ("import sys\nsys.setrecursionlimit(60)\ndef f(): f()\nf()", "error",
         "RecursionError", None),
        ("(" * 500, "error", "SyntaxError", None),
        ("x" + " + x" * 50_000, "error", None, None),
    ],
)  # fmt: skip
def test_whatever_is_raised_gives_a_result(
    session, source, status, kind, message
):
    result = session.run(source, "bad")
    assert isinstance(result, CellResult)
    assert result.status == status
    assert result.error.cell == "bad"
    assert result.error.traceback.strip()
    if kind is not None:
        assert result.error.type == kind
    if message is not None:
        assert result.error.message == message
    json.dumps(dataclasses.asdict(result))
    run_ok(session, "print('alive')", "next")


def test_a_result_counts_its_seconds(session):
    result = run_ok(session, "import time; time.sleep(0.05)")
    assert 0.05 <= result.seconds < 10


@pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(),
    reason="needs signals",
)
def test_a_stop_keeps_the_variables(session):
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    result = session.run("n = 0\nwhile True:\n    n += 1\n", "loop")
    timer.join()
    assert result.status == "stopped"
    assert result.error.line in (2, 3)
    run_ok(session, "assert n > 0")
    assert session.running is False


def test_running_is_true_only_during_the_readers_code(session):
    session.namespace["session"] = session
    run_ok(session, "assert session.running")
    assert session.running is False
    session.run("1 / 0", "b")
    assert session.running is False


def test_everything_swapped_is_put_back(session):
    before = (
        sys.stdin, sys.stdout, sys.stderr, input, warnings.showwarning,
        sys.modules["__main__"], sys.getrecursionlimit(), sys.gettrace(),
    )  # fmt: skip
    session.run(
        "import sys, warnings, builtins, io\n"
        "sys.stdout = io.StringIO(); sys.stderr = None; sys.stdin = None\n"
        "sys.setrecursionlimit(5000)\n"
        "warnings.showwarning = None\nbuiltins.input = 5\n"
        "sys.settrace(lambda *a: None)\n"
        "sys.modules.pop('__main__', None)\n"
        "1 / 0",
        "vandal",
    )
    after = (
        sys.stdin, sys.stdout, sys.stderr, input, warnings.showwarning,
        sys.modules["__main__"], sys.getrecursionlimit(), sys.gettrace(),
    )  # fmt: skip
    assert after == before


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.stdout = None",
        "import sys; del sys.stdout",
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "import sys, io; sys.stdout = io.StringIO(); print('gone')",
        "globals().clear()",
        "del __name__",
        "__builtins__ = None",
        "import linecache; linecache.clearcache()",
        "import sys; sys.stdout.buffer.close()",
    ],
)
def test_vandalism_does_not_reach_the_next_cell(session, recorder, source):
    session.run(source, "vandal")
    recorder.calls.clear()
    run_ok(session, "class A: pass\nprint(A.__module__, len([1]))")
    assert recorder.printed() == "__main__ 1\n"


def test_reset_forgets_variables_and_repairs_builtins(session, recorder):
    run_ok(session, "import builtins\nx = 1\nbuiltins.sorted = None")
    session.reset()
    assert "x" not in session.namespace
    run_ok(session, "print(sorted([2, 1]), __name__, 'x' in globals())")
    assert recorder.printed() == "[1, 2] __main__ False\n"


def test_classes_of_cells_pickle_and_resolve_their_annotations(session):
    run_ok(
        session,
        "from __future__ import annotations\n"
        "import pickle, dataclasses, typing\n"
        "@dataclasses.dataclass\nclass P:\n    x: Late\nLate = int\n"
        "assert pickle.loads(pickle.dumps(P(3))) == P(3)\n"
        "assert typing.get_type_hints(P) == {'x': int}",
    )


def test_getsource_works(session, recorder):
    run_ok(session, "def f():\n    return 1  # one\n", "first")
    run_ok(
        session, "import inspect; print(inspect.getsource(f), end='')", "second"
    )
    assert recorder.printed() == "def f():\n    return 1  # one\n"


def test_a_value_that_draws_itself_is_displayed(session, recorder):
    run_ok(
        session,
        "class A:\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/html': '<b>', 'image/png': b'p', 'bad': {1}}, {}\n"
        "A()",
    )
    run_ok(
        session,
        "class B:\n    def _repr_png_(self): return b'p'\nprint(1)\nB()",
    )
    run_ok(session, "B")
    assert recorder.of("display")[0][0] == {
        "text/html": "<b>",
        "image/png": "cA==",
    }
    assert recorder.of("display")[1][0]["image/png"] == "cA=="
    assert [call[0] for call in recorder.calls] == [
        "display",
        "text",
        "display",
        "text",
    ]


def test_warnings_show_once_with_the_cell(session, recorder):
    source = (
        "import warnings, numpy as np\n"
        "for i in range(3):\n    warnings.warn('careful')\n"
        "with np.errstate(all='warn'):\n    np.log(np.zeros(1))\n"
    )
    for _ in range(2):  # a second run shows them again
        recorder.calls.clear()
        run_ok(session, source, "w")
        assert recorder.printed("stderr") == (
            "cell w, line 3: UserWarning: careful\n"
            "cell w, line 5: RuntimeWarning: divide by zero encountered in log\n"
        )


def test_a_warning_inside_a_library_names_the_readers_line(session, recorder):
    session.namespace["warns"] = lambda: warnings.warn("inner", stacklevel=1)
    for cell in ("one", "two"):
        run_ok(session, "\nwarns()", cell)
    assert recorder.printed("stderr") == (
        "cell one, line 2: UserWarning: inner\ncell two, line 2: UserWarning: inner\n"
    )


def test_a_filter_of_the_reader_stays(session, recorder):
    run_ok(session, "import warnings\nwarnings.simplefilter('ignore')")
    run_ok(session, "warnings.warn('quiet')")
    run_ok(session, "warnings.simplefilter('default')")
    assert recorder.printed("stderr") == ""


def test_a_handler_made_in_one_cell_writes_in_the_next(session, recorder):
    run_ok(
        session,
        "import sys; keep = sys.stdout; write = sys.stdout.buffer.write",
    )
    run_ok(
        session,
        "print('x', file=keep); write('ä'.encode()[:1]); n = write('ä'.encode()[1:])",
    )
    assert recorder.printed() == "x\nä"


def test_redirecting_stdout_works(session, recorder):
    run_ok(
        session,
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as f:\n"
        "    print('in')\nprint(repr(f.getvalue()))",
    )
    assert recorder.printed() == "'in\\n'\n"


def test_a_sink_that_fails_is_an_error_of_the_cell():
    class Broken:
        def text(self, stream, text):
            raise OSError("no page")

    result = Session(Broken()).run("print('x')", "a")
    assert result.status == "error"
    assert result.error.type == "OSError"
    assert not isinstance(sys.stdout, io.StringIO)


def test_a_late_stop_is_still_a_stop(recorder):
    class LateStop(type(recorder)):
        def text(self, stream, text):
            raise KeyboardInterrupt

    result = Session(LateStop()).run("print('x', end='')", "a")
    assert result.status == "stopped"
    assert time.perf_counter() > result.seconds
