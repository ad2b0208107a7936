"""The still picture, the words and the small copy of a plot."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorial_kernels.page.drawing import linear_ticks, log_ticks, number
from tutorial_kernels.page.figure import golden, summary, svg, thinned


def plot_of(*series, title="", log=False, x_label="step", y_label=""):
    named = [
        {"name": f"s{i}", "x": list(x), "y": list(y)}
        for i, (x, y) in enumerate(series)
    ]
    return {
        "title": title,
        "x_label": x_label,
        "y_label": y_label,
        "log": log,
        "series": named,
    }


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(finite, finite), max_size=30), st.booleans())
def test_every_plot_of_finite_numbers_can_be_drawn(points, log):
    if log:
        points = [(x, abs(y)) for x, y in points if y != 0]
    plot = plot_of(([x for x, _ in points], [y for _, y in points]), log=log)
    root = ElementTree.fromstring(svg(plot))
    for node in root.iter():
        for value in re.findall(r"-?\d+\.\d+|nan|inf", node.get("d", "")):
            assert -5 <= float(value) <= 645
    assert summary(plot)


def test_svg_is_themed_by_the_page_alone():
    text = svg(
        plot_of(
            ([0, 1], [1, 2]), ([0, 1], [2, 1]), title="A & B <i>", y_label="y"
        )
    )
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 640 260"
    assert root.get("role") == "img"
    assert root.get("aria-label").startswith(
        "A & B <i>: s0 from 1 (step 0) to 2 (step 1); s1"
    )
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|style=|<style", text)
    used = {node.get(key) for node in root.iter() for key in ("fill", "stroke")}
    assert used <= {None, "currentColor", "none"}


def test_color_is_not_the_only_difference():
    series = [([0, 1], [i, i + 1]) for i in range(4)]
    root = ElementTree.fromstring(svg(plot_of(*series)))
    lines = [n for n in root.iter() if "plot-line" in (n.get("class") or "")]
    assert len(lines) == 8  # four curves and their entries in the legend
    assert {n.get("class").split()[1] for n in lines} == {
        f"series-{i}" for i in range(4)
    }
    assert len({n.get("stroke-dasharray") for n in lines}) == 4


def test_a_single_point_and_no_points():
    assert "<circle" in svg(plot_of(([3], [4])))
    assert "circle" not in svg(plot_of(([], [])))
    assert "circle" not in svg(plot_of())


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 200, [0, 50, 100, 150, 200]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
        (0.12, 0.61, [0.2, 0.3, 0.4, 0.5, 0.6]),
    ],
)
def test_ticks_are_round(low, high, ticks):
    assert linear_ticks(low, high) == pytest.approx(ticks)


def test_ticks_of_a_logarithm():
    assert log_ticks(1e-4, 1) == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1, 1])
    assert log_ticks(1.5, 60) == pytest.approx([2, 5, 10, 20, 50])
    assert 3 <= len(log_ticks(1e-30, 1e30)) <= 7
    assert len(log_ticks(1.01, 1.05)) >= 3


drawable = st.floats(-1e300, 1e300)


@settings(deadline=None)
@given(drawable, drawable)
def test_ticks_lie_within_the_axis(first, second):
    low, high = sorted((first, second))
    ticks = linear_ticks(low, high)
    slack = 1e-6 * max(abs(low), abs(high), 1e-300)
    assert len(ticks) <= 12
    assert all(
        low - slack <= tick <= high + slack
        for tick in ticks
        if math.isfinite(tick)
    )


def test_steps_have_whole_ticks():
    def names(xs):
        root = ElementTree.fromstring(svg(plot_of((xs, [10 + x for x in xs]))))
        ticks = [n for n in root.iter() if n.get("class") == "plot-tick"]
        return [n.text for n in ticks if float(n.get("y")) > 230]

    assert names(range(3)) == ["0", "1", "2"]
    assert names([0, 0.5, 2]) == ["0", "0.5", "1", "1.5", "2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1000, "1,000"), (0.25, "0.25"), (-3, "−3"), (0.1 + 0.2, "0.3"),
        (1e6, "10⁶"), (2e-6, "2×10⁻⁶"), (1e-4, "0.0001"), (-1.5e9, "−1.5×10⁹"),
    ],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_the_summary_says_ends_turns_and_what_is_missing():
    plot = plot_of(([0, 1, 2], [3, 9, 1]), title="Loss")
    plot["series"][0]["skipped"] = 2
    assert summary(plot) == (
        "Loss: s0 from 3 (step 0) to 1 (step 2), highest 9, "
        "2 values not finite and left out."
    )
    plot = plot_of(([0, 1], [3, 9]), ([], []), log=True)
    plot["series"][0]["skipped"] = 1
    assert summary(plot) == (
        "s0 from 3 (step 0) to 9 (step 1), 1 value not finite and positive and left out; "
        "s1 has nothing to draw. Logarithmic axis."
    )


@settings(deadline=None)
@given(st.lists(finite, min_size=1, max_size=700), st.integers(4, 100))
def test_thinning_keeps_ends_extremes_and_order(values, count):
    y = np.array(values)
    x = np.arange(y.size, dtype=float)
    thin_x, thin_y = thinned(x, y, count)
    assert thin_x.size <= max(count, 2)
    assert (thin_x[0], thin_x[-1]) == (x[0], x[-1])
    assert (thin_y.min(), thin_y.max()) == (y.min(), y.max())
    assert (np.diff(thin_x) > 0).all()
    assert (y[thin_x.astype(int)] == thin_y).all()


def test_the_golden_copy_is_small():
    x = np.arange(5000)
    small = golden(plot_of((x.tolist(), (np.sin(x) / 3).tolist())))
    series = small["series"][0]
    assert len(series["x"]) <= 60
    assert series["x"][-1] == 4999  # whole numbers keep all digits
    assert all(
        len(repr(abs(y)).lstrip("0.")) <= 4 or "e" in repr(y)
        for y in series["y"]
    )
