"""Where a callback's output stands, whoever calls it."""

import pytest

from tutorial_kernels.page.session import Session
from tutorial_kernels.page.widget import use_host
from tutorial_kernels.page.widget_host import NoHost
from tutorial_kernels.site.cell_runs import OutputRecorder, RecordingHost

PANEL = """\
from tutorial_kernels.page import controls, plot, track
print("above")
knobs = controls(a=(0, 9, 1))

@knobs.on_change
def draw(_=None):
    \"\"\"Draw it.\"\"\"
    print("a is", knobs.a)
    plot(knobs.a, y=1.0, title="drawn")

print("below")
"""
TWO = """\
other = controls(b=(0, 9, 1))
draw = other.on_change(draw)
draw()
print("end")
"""


@pytest.fixture
def shown():
    """What a cell shows, from top to bottom, in words."""
    recorder = OutputRecorder()
    session = Session(recorder)
    use_host(RecordingHost(session, recorder))

    def run(source, cell="a"):
        recorder.clear()
        run.result = session.run(source, cell)
        return [
            output.get("text") or output["plot"]["series"][0]["x"]
            for output in recorder.outputs
        ]

    yield run
    use_host(NoHost())


def test_a_cell_draws_first_below_the_control_and_once(shown):
    first = ["above\n", "a: 1.", "a is 1\n", [1], "below\n"]
    assert shown(PANEL + "draw()") == first
    again = ["above\n", "a: 5.", "a is 5\n", [5], "below\n"]
    assert shown(PANEL + "draw(); knobs['a'] = 5; draw()") == again
    assert shown(f"{PANEL}print(draw.__name__, draw.__doc__)")[-1] == (
        "below\ndraw Draw it.\n"
    )


def test_figures_of_the_cell_go_on_growing_around_a_call(shown):
    source = "plot(0, x=1.0)\ndraw()\nplot(1, x=1.0)\nprint('end')"
    assert shown(PANEL + source) == [
        "above\n", "a: 1.", "a is 1\n", [1], "below\n", [0, 1], "end\n",
    ]  # fmt: skip


def test_two_widgets_of_a_cell_share_one_drawing(shown):
    end = ["below\n", "b: 1.", "end\n"]
    assert shown(PANEL + TWO) == ["above\n", "a: 1.", "a is 1\n", [1], *end]


def test_a_drawing_inside_a_drawing_goes_to_its_own_place(shown):
    source = (
        "other = controls(b=(0, 9, 1))\n"
        "@other.on_change\n"
        "def outer(_=None):\n    print('b'); draw(); outer and print('c')\n"
        "outer()"
    )
    assert shown(PANEL + source) == [
        "above\n", "a: 1.", "a is 1\n", [1], "below\n", "b: 1.", "b\nc\n",
    ]  # fmt: skip


def test_a_figure_made_by_a_callback_has_a_name_that_lasts(shown):
    source = (
        "@knobs.on_change\n"
        "def more(_=None):\n"
        "    global inner\n"
        "    inner = controls(c=(0, 9, 3)), controls(d=(0, 9, 4))\n"
        "    inner[1].on_change(lambda _: print('innermost'))(None)\n"
        "more(); names = [i.name for i in inner]; more()\n"
        "print(names == [i.name for i in inner], *names)"
    )
    assert shown(PANEL + source) == [
        "above\n", "a: 1.", "c: 3.", "d: 4.", "innermost\n",
        "below\nTrue a-below a-below-2\n",
    ]  # fmt: skip


def test_an_exception_is_the_cells_and_names_its_lines(shown):
    source = PANEL.replace('"drawn")', '"drawn"); 1 / 0') + "draw()"
    assert shown(source) == ["above\n", "a: 1.", "a is 1\n", [1], "below\n"]
    error = shown.result.error
    assert (error.type, error.line) == ("ZeroDivisionError", 9)
    assert "inside" not in error.traceback
    assert error.traceback.count("cell a, line") == 2
    caught = PANEL.replace("print('a", "1 / 0 #") + (
        "try:\n    draw(1, 2)\nexcept TypeError:\n    print('caught')\n"
    )
    assert shown(caught)[-1] == "below\ncaught\n"


def test_another_cell_has_its_own_output(shown):
    shown(PANEL)
    assert shown("draw()", "b") == ["a is 1\n", [1]]
    # The last run's control is gone when its cell runs again.
    assert shown("draw(); print('end')") == ["a is 1\n", [1], "end\n"]


def test_progress_and_stop_stay_the_cells(recorder, session):
    class Below(NoHost):
        def place(self, widget):
            return session.aside(OutputRecorder())

    use_host(Below())
    try:
        session.run(
            PANEL + "def train(_=None):\n"
            "    for _ in track(range(3)): print('in')\n"
            "knobs.on_change(train)()",
            "a",
        )
    finally:
        use_host(NoHost())
    assert [step for step, *_ in recorder.of("progress")][-1] == 3
    assert recorder.printed() == "above\nbelow\n"
    assert recorder.checkpoints >= 3
