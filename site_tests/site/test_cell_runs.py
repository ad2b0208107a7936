"""A page runs in a Python of its own, which may die or hang."""

import pytest

from tutorial_kernels.site import cell_runs
from tutorial_kernels.site.cell_runs import CellToRun, PageRunError, run_page


def test_one_namespace_and_all_cells_even_after_an_error(tmp_path):
    (tmp_path / "docs/assets").mkdir(parents=True)
    runs = run_page(
        [
            CellToRun("a", "import os, sys\nx = 1\nos.getcwd()"),
            CellToRun("b", "print(x, file=sys.stderr)\n1 / 0"),
            CellToRun("c", "os.write(1, b'noise')\nraise KeyboardInterrupt"),
            CellToRun("d", "print(os.environ['TUTORIAL_KERNELS_ASSETS'])"),
        ],
        tmp_path,
    )
    assert [run.status for run in runs] == ["ok", "error", "stopped", "ok"]
    assert runs[0].outputs == [{"kind": "text", "text": f"'{tmp_path}'\n"}]
    assert runs[1].stderr == "1\n"
    assert runs[1].outputs == []
    assert runs[1].error.type == "ZeroDivisionError"
    assert runs[2].outputs == []
    assert runs[3].outputs[0]["text"] == f"{tmp_path}/docs/assets\n"


def test_a_plot_stays_where_it_first_appeared():
    source = (
        "from tutorial_kernels.page import plot\n"
        "for i in range(2):\n    plot(i, a=i)\n    print(i)"
    )
    (run,) = run_page([CellToRun("a", source)])
    assert [output["kind"] for output in run.outputs] == ["plot", "text"]
    assert run.outputs[0]["plot"]["series"][0]["y"] == [0, 1]


def test_a_page_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(cell_runs, "SECONDS_TO_START", 3.0)
    with pytest.raises(PageRunError, match="took more than 3 seconds"):
        run_page([CellToRun("a", "while True: pass", 0.01)])


def test_a_python_that_dies_says_how():
    with pytest.raises(PageRunError, match="Python ended with code"):
        run_page([CellToRun("a", "import os; os.abort()")])


def test_answers_are_what_input_gets():
    source = "print(int(input('One? ')) + int(input('Two? ')))\ninput('More? ')"
    (run,) = run_page([CellToRun("a", source, answers=("1", "2"))])
    assert run.outputs[0]["text"] == "One? 1\nTwo? 2\n3\n"
    assert run.error.type == "EOFError"
    assert "has none for 'More? '" in run.error.message
