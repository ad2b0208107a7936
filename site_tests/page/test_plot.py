"""plot() collects points, sends them rarely, and never loses the last ones."""

import json
import re
import time

import numpy as np
import pytest

from tutorial_kernels.page import plot
from tutorial_kernels.page.drawing import MARKER_LINE
from tutorial_kernels.page.figure import golden, summary, svg
from tutorial_kernels.page.plot import LIVE_POINTS, finish_figures
from tutorial_kernels.page.sink import PLOT_MIME, sink_in_use
from tutorial_kernels.site.cell import read_plot, render_plot

MIME = PLOT_MIME


def figures(recorder):
    """The last state of each figure, in order of first appearance."""
    last = {}
    for data, display_id in recorder.of("display"):
        last[display_id] = data[MIME]
    return list(last.values())


def test_points_of_a_loop_become_one_figure(session, recorder):
    result = session.run(
        "from tutorial_kernels.page import plot\n"
        "for step in range(50):\n    plot(step, loss=1 / (step + 1), accuracy=step / 50)",
        "a",
    )
    assert result.status == "ok"
    (figure,) = figures(recorder)
    assert figure["title"] == ""
    assert figure["x_label"] == "step"
    assert figure["log"] is False
    loss, accuracy = figure["series"]
    assert (loss["name"], accuracy["name"]) == ("loss", "accuracy")
    assert loss["x"] == list(range(50))
    assert loss["y"] == [1 / (step + 1) for step in range(50)]
    assert len(recorder.of("display")) == 2  # the first point, and the whole


def test_at_most_ten_displays_a_second(session, recorder):
    result = session.run(
        "from tutorial_kernels.page import plot\nimport time\n"
        "for step in range(60):\n    plot(step, loss=step); time.sleep(0.01)",
        "a",
    )
    assert 5 <= len(recorder.of("display")) <= 2 + result.seconds / 0.1
    assert figures(recorder)[0]["series"][0]["x"][-1] == 59


def test_the_next_cell_starts_a_new_figure(session, recorder):
    source = "from tutorial_kernels.page import plot\nplot(1, a=2)"
    session.run(source, "one")
    session.run(source, "two")
    ids = [display_id for _, display_id in recorder.of("display")]
    assert len(set(ids)) == 2
    assert all(len(f["series"][0]["x"]) == 1 for f in figures(recorder))


def test_another_title_is_another_figure(session, recorder):
    session.run(
        "from tutorial_kernels.page import plot\nfor i in range(3):\n"
        "    plot(i, loss=i, title='Loss'); plot(i, acc=i, title='Accuracy', y_label='%')",
        "a",
    )
    first, second = figures(recorder)
    assert (first["title"], second["title"]) == ("Loss", "Accuracy")
    assert second["y_label"] == "%"
    assert len(second["series"][0]["y"]) == 3


def test_whole_curves_at_once(recorder):
    x = np.linspace(-2, 2, 9)
    with sink_in_use(recorder):
        plot(x, relu=np.maximum(x, 0), square=x**2, x_label="x")
    (figure,) = figures(recorder)
    assert figure["x_label"] == "x"
    assert figure["series"][1]["y"] == (x**2).tolist()


def test_a_failing_cell_still_shows_its_last_points(session, recorder):
    session.run(
        "from tutorial_kernels.page import plot\n"
        "for i in range(9):\n    plot(i, loss=i)\n    if i == 7: 1 / 0",
        "a",
    )
    assert figures(recorder)[0]["series"][0]["x"][-1] == 7


def test_what_cannot_be_drawn_is_counted(recorder):
    y = [1.0, np.nan, np.inf, -np.inf, 0.0, -1.0, 2.0]
    with sink_in_use(recorder):
        plot(range(7), a=y, title="linear")
        plot(range(7), a=y, title="log", log=True)
    linear, log = figures(recorder)
    assert linear["series"][0]["y"] == [1, 0, -1, 2]
    assert linear["series"][0]["skipped"] == 3
    assert log["series"][0]["x"] == [0, 6]
    assert log["series"][0]["skipped"] == 5
    json.dumps(recorder.of("display"), allow_nan=False)


def test_live_points_are_thinned_but_keep_spikes(recorder):
    y = np.zeros(100_000)
    y[54_321] = 7
    y[77_777] = -3
    with sink_in_use(recorder):
        plot(np.arange(y.size), a=y)
    series = figures(recorder)[0]["series"][0]
    assert len(series["y"]) <= LIVE_POINTS
    assert (max(series["y"]), min(series["y"])) == (7, -3)
    assert (series["x"][0], series["x"][-1]) == (0, 99_999)


def test_100_000_calls_are_cheap(session, recorder):
    start = time.perf_counter()
    session.run(
        "from tutorial_kernels.page import plot\n"
        "for i in range(100_000): plot(i, a=i)",
        "a",
    )
    assert time.perf_counter() - start < 10
    assert figures(recorder)[0]["series"][0]["y"][-1] == 99_999


class Tensor:
    """As ours: an array in ``data``."""

    def __init__(self, value):
        self.data = np.array(value)


@pytest.mark.parametrize(
    "value",
    [
        3,
        3.0,
        True,
        np.float32(3),
        np.array(3),
        np.array([3]),
        np.array([[3.0]]),
        Tensor(3.0),
    ],
)
def test_all_kinds_of_numbers(recorder, value):
    with sink_in_use(recorder):
        plot(value, a=value)
    series = figures(recorder)[0]["series"][0]
    assert series["x"] == series["y"] == [1.0 if value is True else 3.0]


def test_tensors_of_torch_leave_their_gradient_behind(recorder):
    torch = pytest.importorskip("torch")
    with sink_in_use(recorder):
        plot(0, loss=torch.tensor(2.5, requires_grad=True))
    assert figures(recorder)[0]["series"][0]["y"] == [2.5]


@pytest.mark.parametrize(
    ("arguments", "series", "error", "message"),
    [
        ((1,), {}, TypeError, "no series given"),
        (
            (1,),
            {"a": "x"},
            TypeError,
            "a must be a number or a 1-D array, got str",
        ),
        (
            (None,),
            {"a": 1},
            TypeError,
            "x must be a number or a 1-D array, got NoneType",
        ),
        (
            (1,),
            {"a": [[1], [2, 3]]},
            TypeError,
            "a must be a number or a 1-D array, got list",
        ),
        (
            (1,),
            {"a": 1j},
            TypeError,
            "a must be a number or a 1-D array, got complex",
        ),
        ((1,), {"a": [1, 2]}, ValueError, "a has 2 values, x has 1"),
        (
            (1,),
            {"a": np.ones((2, 2))},
            ValueError,
            r"got an array of shape \(2, 2\)",
        ),
    ],
)
def test_wrong_arguments_are_named(recorder, arguments, series, error, message):
    with sink_in_use(recorder), pytest.raises(error, match=message):
        plot(*arguments, **series)
    finish_figures(recorder)
    assert recorder.calls == []


def test_baselines_are_as_wide_as_the_curves(recorder):
    with sink_in_use(recorder):
        for step in range(2, 5):
            plot(step, loss=step, baselines={"chance": 2.5})
        finish_figures(recorder)
    data = recorder.of("display")[-1][0][PLOT_MIME]
    assert data["series"][1:] == [
        {"name": "chance", "x": [2.0, 4.0], "y": [2.5, 2.5], "baseline": True}
    ]
    assert "; chance at 2.5." in summary(data)
    assert svg(data).count("plot-baseline") == 2  # the line and its key
    assert read_plot(json.dumps(golden(data)))


def test_a_marker_stands_at_an_x_and_moves(recorder):
    with sink_in_use(recorder):
        for step in range(5):
            best = {"best": np.int64(min(step, 3)), "a <border>": 7.25}
            plot(step, loss=step, markers=best, x_label="epoch")
        finish_figures(recorder)
    data = recorder.of("display")[-1][0][PLOT_MIME]
    assert data["markers"] == [
        {"name": "best", "x": 3.0}, {"name": "a <border>", "x": 7.25}
    ]  # fmt: skip
    json.dumps(data)
    assert summary(data).endswith(
        "; best at epoch 3; a <border> at epoch 7.25."
    )
    picture = svg(data)
    assert picture.count('class="plot-marker"') == 2
    # The axis reaches the last marker: its line is where the grid ends.
    assert 'd="M626.0 ' in picture
    assert "a &lt;border&gt;</text>" in picture
    page = render_plot(read_plot(json.dumps(golden(data))))
    assert '<th scope="row">3, best</th><td>3</td>' in page
    assert '<th scope="row">7.25, a &lt;border&gt;</th><td></td>' in page


def test_names_of_near_markers_stand_above_each_other(recorder):
    with sink_in_use(recorder):
        plot(
            [0, 10],
            a=[1, 2],
            markers={"the first": 4, "the next": 4.2, "far": 9},
        )
    picture = svg(figures(recorder)[0])
    first, after, far = re.findall(
        r'plot-marker-name" x="[^"]*" y="([^"]*)"', picture
    )
    assert float(first) - float(after) == MARKER_LINE
    assert far == first


@pytest.mark.parametrize("kind", ["marker", "baseline"])
def test_a_line_is_a_number_with_a_name(recorder, kind):
    with sink_in_use(recorder):
        with pytest.raises(
            TypeError, match=f"{kind} a must be a number, got str"
        ):
            plot(1, loss=1, **{f"{kind}s": {"a": "3"}})
        with pytest.raises(
            TypeError, match=f"{kind}s must be a dict .*, got int"
        ):
            plot(1, loss=1, **{f"{kind}s": 3})
    finish_figures(recorder)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baselines": {"loss": 1.0}}, "loss is a baseline and a series"),
        ({"markers": {"loss": 1.0}}, "loss is a marker and a series"),
        ({"markers": {"a": np.inf}}, "marker a must be finite, got inf"),
        ({"baselines": {"a": float("nan")}}, "baseline a must be finite, got nan"),
        ({"baselines": {"a": 0}, "log": True}, "a must be finite and positive, got 0"),
    ],
)  # fmt: skip
def test_baselines_are_checked(recorder, options, message):
    with sink_in_use(recorder), pytest.raises(ValueError, match=message):
        plot(1, loss=1, **options)
