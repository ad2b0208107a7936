"""Bars of sizes: what is drawn, what is said, and what no bar can show."""

from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels.page import GradientBars
from tutorial_kernels.page.sink import sink_in_use
from tutorial_kernels.page.widgets import bars_drawing

SVG = "{http://www.w3.org/2000/svg}"
NAN, INF = float("nan"), float("inf")


def texts(widget, look):
    root = ElementTree.fromstring(widget.still())
    return [
        "".join(text.itertext())
        for text in root.iter(f"{SVG}text")
        if look in text.get("class", "")
    ]


def test_a_size_is_read_at_every_place():
    widget = GradientBars({"a": [1e-4, 0.01, 1], "b": [0, INF, 2]})
    read = []
    for at in range(3):
        widget.receive({"at": at})
        read.append(widget.reading())
    assert read == [
        "layer 0: a 1.0e−4; b exactly 0",
        "layer 1: a 0.010; b infinite",
        "layer 2: a 1.000; b 2.000",
    ]
    assert widget.text().splitlines()[1].split() == [
        "0", "1.0e−4", "exactly", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "verdict"),
    [
        ([1e-12, 1e-6, 2], "vanishes: 5.0e−13 of it arrives"),
        ([0.02, 0.1, 1], "shrinks: 0.02 of it arrives"),
        ([0.0042, 0.1, 1], "shrinks: 4.2e−3 of it arrives"),
        ([0.5, 3, 1], "is roughly kept: 0.5 of it arrives"),
        ([5, 3, 1], "is roughly kept: 5 times its size arrives"),
        ([40, 7, 1], "grows: 40 times its size arrives"),
        ([7.3e4, 70, 1], "explodes: 7.3e4 times its size arrives"),
        ([INF, 70, 1], "explodes: infinite from 0 on"),
        ([0, 0, 1], "vanishes: exactly 0 from 1 on"),
        ([1, 1, 0], "vanishes: none enters from 2 on"),
        ([0, NAN, 1], "breaks: not a number from 1 on"),
        ([1e-320, 1, 1e300], "vanishes: 1e−620 of it arrives"),
        ([1e300, 1, 1e-320], "explodes: 1e620 times its size arrives"),
    ],
)
def test_the_verdict_is_that_of_the_way_back(sizes, verdict):
    assert GradientBars(sizes)["verdicts"] == [verdict]
    turned = GradientBars(sizes[::-1], enters="first", labels=[2, 1, 0])
    assert turned["verdicts"] == [verdict]
    assert turned["at"] == 2


def test_the_bounds_of_the_words_belong_to_the_milder_one():
    assert GradientBars([1.0])["verdicts"] == [""]
    for part, word in [(1e-3, "shrinks"), (0.1, "is roughly kept"),
                       (10.0, "grows"), (1e3, "explodes")]:  # fmt: skip
        (verdict,) = GradientBars([part, 1])["verdicts"]
        assert verdict.startswith(f"{word}:")
    assert GradientBars([1, 2], verdict=False)["verdicts"] == [""]


def test_nothing_is_dropped_silently():
    widget = GradientBars(
        [1e-9, 0, 0, 0.1, 1e9, INF, NAN, 1], limits=(1e-6, 1e3)
    )
    assert texts(widget, "bars-mark") == ["▾", "0", "▴", "∞", "×"]
    (legend,) = (t for t in texts(widget, "bars-label") if "▾" in t)
    assert legend == (
        "0 exactly 0, ▾ below the axis, ▴ above the axis, ∞ infinite, "
        "× not a number"
    )
    words = widget.summary()
    assert words.endswith(
        " 2 sizes are exactly 0. 1 size is infinite. 1 size is not a number."
    )
    assert "axis" not in " ".join(texts(GradientBars([1, 2]), "bars-label"))


def test_the_axis_holds_every_size_and_the_baseline():
    widget = GradientBars([3e-7, 0.2, 4e3, 0, INF])
    assert (widget["low"], widget["high"]) == (-7, 4)
    one = GradientBars([1.0])
    assert (one["low"], one["high"]) == (-2, 0)
    assert GradientBars([0.0, NAN], baseline=None)["low"] == -2
    small = GradientBars([5e-324], baseline=None)
    assert small["low"] < -323.3 < small["high"]
    ElementTree.fromstring(small.still())


def test_bars_are_as_high_as_their_logarithm():
    widget = GradientBars([1e-4, 1e-3, 1e-2, 1e-1, 1.0], limits=(1e-4, 1))
    root = ElementTree.fromstring(widget.still())
    (path,) = (
        p for p in root.iter(f"{SVG}path") if "bars-fill" in p.get("class")
    )
    heights = [float(bar.split("v-")[1].split("h")[0])
               for bar in path.get("d").split("M")[1:]]  # fmt: skip
    assert np.allclose(heights, [2, 21, 42, 63, 84])


def test_two_hundred_steps_have_labels_that_do_not_touch():
    widget = GradientBars(np.geomspace(1e-9, 1, 201), axis="step")
    places = texts(widget, "bars-place")
    assert places[:3] == ["0", "10", "20"]
    assert places[-1] == "step; the gradient enters at 200"


def test_it_is_redrawn_with_other_places(recorder):
    with sink_in_use(recorder):
        widget = GradientBars({"rnn": np.ones(61)}, axis="step")
    widget.receive({"at": 60})
    widget.redraw({"lstm": np.full(11, 0.5), "gru": np.ones(11)})
    assert widget["names"] == ["lstm", "gru"]
    assert (widget["at"], widget["labels"][-1]) == (10, "10")
    named = GradientBars([1, 2], labels=["fc1", "fc2"])
    named.redraw([3, 4])
    assert named["labels"] == ["fc1", "fc2"]
    sizes = np.ones(2)
    named.redraw(sizes)
    sizes[:] = 7  # the loop goes on
    assert named["sizes"].tolist() == [[1, 1]]


def test_a_line_lies_over_the_bars_of_its_series():
    widget = GradientBars(
        {"rnn": [1e-4, 1e-2, 1, 1], "lstm": [0.1, 0.5, 1, 1]},
        lines={"lstm": [1e-3, 0, 0.1, 1]}, line_name="product of the gates",
        limits=(1e-4, 1), axis="step",
    )  # fmt: skip
    root = ElementTree.fromstring(widget.still())
    ground, line = (
        path for path in root.iter(f"{SVG}path")
        if path.get("class").startswith("bars-line")
    )  # fmt: skip
    wide = (bars_drawing.WIDTH - bars_drawing.LEFT - bars_drawing.RIGHT) / 4
    first, *rest = line.get("d").split("M")[1:]
    assert first == f"{wide / 2:.1f} 63.0"  # interrupted: 0 has no place
    assert rest == [f"{2.5 * wide:.1f} 21.0L{3.5 * wide:.1f} 0.0"]
    assert ground.get("d") == line.get("d")
    (legend,) = (t for t in texts(widget, "bars-label") if "━" in t)
    assert legend == "━ product of the gates"

    assert widget.reading() == (
        "step 0: rnn 1.0e−4; lstm 0.100; lstm, product of the gates 0.001"
    )
    assert "lstm, product of the gates" in widget.text().splitlines()[0]
    assert widget.summary().endswith(
        " At 0 the product of the gates is 0.001 in lstm."
    )
    widget.redraw({"rnn": np.ones(9)})
    assert "bars-line" not in widget.still()
    assert "product" not in widget.summary()


def test_the_axis_holds_the_lines():
    widget = GradientBars({"a": [0.5, 1]}, lines={"a": [1e-9, 1]})
    assert (widget["low"], widget["high"]) == (-9, 0)


@pytest.mark.parametrize("at", [-1, 3, 1.0, "1", None, [1], True, NAN])
def test_a_link_with_another_place_is_set_back(at):
    widget = GradientBars([1, 2, 3])
    before = str(widget.model())
    assert widget.receive({"at": at}) == []
    assert widget.receive({"sizes": [9, 9, 9]}) == []
    assert str(widget.model()) == before


@pytest.mark.parametrize(
    ("given", "options", "error", "message"),
    [
        ([1, -2], {}, ValueError, "a size of gradient is negative: -2"),
        ({"a": [1, 2], "b": [1]}, {}, ValueError, "of one length, got 2, 1"),
        (np.ones((2, 2)), {}, ValueError, r"shape \(n,\), .*got \(2, 2\)"),
        ([], {}, ValueError, r"got \(0,\)"),
        (np.ones(1001), {}, ValueError, r"at most 1,000, got \(1001,\)"),
        ("loss", {}, TypeError, "sizes of gradient must be numbers, got str"),
        ({}, {}, ValueError, "give 1 to 6 series, got 0"),
        ([1, 2], {"labels": ["a"]}, ValueError, "1 labels given for 2 places"),
        ([1], {"limits": (0, 1)}, ValueError, "with 0 < low < high"),
        ([1], {"baseline": 0}, ValueError, "baseline must be above 0, got 0"),
        ([1], {"lines": {"b": [1]}}, ValueError, "there is no series 'b'"),
        (
            {"a": [1]},
            {"lines": {"a": [1, 2]}},
            ValueError,
            "the line of a has 2 sizes, its series 1",
        ),
        ([1], {"enters": "top"}, ValueError, "'first' or 'last', got 'top'"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(given, options, error, message):
    with pytest.raises(error, match=message):
        GradientBars(given, **options)


def test_the_page_draws_with_the_same_signs_and_measures(root):
    picture = (root / "src/cell_engine/src/widgets/bars_picture.ts").read_text()
    for kind, (sign, words) in bars_drawing.MARKS.items():
        assert f'["{kind}", "{sign}", "{words}"]' in picture
    for name in ("LEFT", "RIGHT", "HEAD", "ROW", "FOOT", "NUMBERED"):
        assert f"const {name} = {getattr(bars_drawing, name):g};" in picture
    assert f'const LINE = "{bars_drawing.LINE}";' in picture
    looks = ", ".join(f'"{look}"' for look in bars_drawing.LINE_LOOKS)
    assert f"const LINE_LOOKS = [{looks}];" in picture
    for name in ("STEPS", "TICK_STEPS"):
        steps = list(getattr(bars_drawing, name))
        assert f"const {name} = {steps};" in picture
