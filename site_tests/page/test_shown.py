"""show() beyond gray images: heat maps, color, tables, what objects draw."""

import base64
import json

import numpy as np
import pytest

from tutorial_kernels.page import show
from tutorial_kernels.page.sink import IMAGE_MIME, sink_in_use
from tutorial_kernels.page.track import pace_words
from tutorial_kernels.site.png_reader import decode_png


def shown(recorder, *values, **options):
    with sink_in_use(recorder):
        show(*values, **options)
    (bundle, _), *rest = recorder.of("display")
    assert not rest
    return bundle


def test_a_heat_map_has_its_values_and_a_bar(recorder):
    values = np.array([[-2.0, 0.5, np.nan], [0.0, 1.0, 0.123456789]])
    bundle = shown(recorder, values, heat=True)
    heat = bundle[IMAGE_MIME]["heat"]
    assert heat["values"] == [[-2.0, 0.5, None], [0.0, 1.0, 0.12346]]
    pixels = decode_png(base64.b64decode(bundle["image/png"]))
    side = heat["side"]
    assert pixels.shape == (2 * side, 3 * side + 24, 4)
    assert bundle["text/plain"] == (
        "A heat map of 2 rows and 3 columns, from −2 to 1, "
        "1 values not finite and left out"
    )
    # Around zero both signs are equally far: zero is gray.
    assert pixels[side, 0].tolist() == [236, 236, 236, 255]
    assert pixels[0, 2 * side, 3] == 0
    assert bundle[IMAGE_MIME]["labels"] == ["−2 (bottom of the bar) to 2 (top)"]


def test_a_heat_map_keeps_to_the_range_it_is_given(recorder):
    tops = []
    for values in (np.ones((2, 2)), np.array([[0.0, 1.0], [0.5, 7.0]])):
        recorder.calls.clear()
        bundle = shown(recorder, values, heat=True, value_range=(0, 1))
        data = bundle[IMAGE_MIME]
        assert data["labels"] == ["0 (bottom of the bar) to 1 (top)"]
        pixels = decode_png(base64.b64decode(bundle["image/png"]))
        tops.append(pixels[0, -1].tolist())
        assert pixels[0, data["heat"]["side"]].tolist() == tops[0]
    assert data["heat"]["values"] == [[0.0, 1.0], [0.5, 7.0]]
    assert pixels[-1, -1].tolist() == pixels[0, 0].tolist() != tops[0]
    assert pixels[-1, data["heat"]["side"]].tolist() == tops[0]
    assert tops[0] == tops[1]
    recorder.calls.clear()
    both = shown(recorder, values, heat=True, value_range=(-1, 3))
    labels = both[IMAGE_MIME]["labels"]
    assert labels == ["−3 (bottom of the bar) to 3 (top)"]
    with pytest.raises(ValueError, match=r"pair of numbers .*got \(1, 0\)"):
        shown(recorder, values, heat=True, value_range=(1, 0))


def test_rows_and_columns_have_names(recorder):
    counts = np.array([[50, 2, 0], [4, 40, 1]])
    names = {
        "x_label": "predicted", "x_names": ["cat", "dog", "a <bird>"],
        "y_label": "true", "y_names": np.array(["cat", "dog"]),
    }  # fmt: skip
    bundle = shown(recorder, counts, heat=True, **names)
    assert bundle["text/plain"] == (
        "A heat map of 2 rows (true) and 3 columns (predicted), from 0 to 50; "
        "rows: cat, dog; columns: cat, dog, a <bird>"
    )
    data = bundle[IMAGE_MIME]
    json.dumps(data)
    assert data["heat"]["y"] == {
        "label": "true",
        "names": ("cat", "dog"),
        "even": False,
    }
    x, y = data["axes"]["x"], data["axes"]["y"]
    assert y["ticks"] == [(0.25, "cat"), (0.75, "dog")]
    assert x["ticks"][0] == (round(20 / (3 * 40 + 24), 4), "cat")
    # The longest name has no room beside the next: all stand upright.
    assert (x["upright"], y["upright"]) == (True, False)
    recorder.calls.clear()
    table = shown(recorder, counts.tolist(), table=True, **names)["text/plain"]
    assert table.splitlines()[0] == "true \\ predicted  cat  dog  a <bird>"
    assert table.splitlines()[1].split() == ["cat", "50", "2", "0"]


def test_numbers_stand_in_for_names_and_many_names_are_thinned(recorder):
    field = np.zeros((100, 90))
    bundle = shown(
        recorder, field, heat=True, x_label="hour", y_names=range(100)
    )
    axes = bundle[IMAGE_MIME]["axes"]
    assert [name for _, name in axes["x"]["ticks"]] == [
        "0",
        "20",
        "40",
        "60",
        "80",
    ]
    assert axes["y"]["ticks"][1][1] == "4"  # 13 pixels a name, 4 a row
    assert bundle["text/plain"].endswith("8, 9, 10, …, 99")
    recorder.calls.clear()
    powers = shown(
        recorder, np.zeros((2, 29)), heat=True, x_names=np.arange(-10, 4.5, 0.5)
    )
    x = powers[IMAGE_MIME]["axes"]["x"]
    # Numbers do not stand upright: some are left out.
    assert (x["upright"], x["room"]) == (False, 18)
    assert [name for _, name in x["ticks"]] == [
        "−10", "−8", "−6", "−4", "−2", "0", "2", "4"
    ]  # fmt: skip
    recorder.calls.clear()
    assert "axes" not in shown(recorder, field, heat=True)[IMAGE_MIME]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x_names": "ab", "heat": True}, "x_names has 2 names, the matrix has 3 c"),
        ({"y_names": "abc", "table": True}, "y_names has 3 names, .* has 2 rows"),
        ({"y_label": "a"}, "need heat=True or table=True"),
    ],
)  # fmt: skip
def test_names_that_do_not_fit_are_refused(recorder, options, message):
    with pytest.raises(ValueError, match=message):
        shown(recorder, np.ones((2, 3)), **options)
    with pytest.raises(
        ValueError, match=r"only a matrix has names .*\(2, 2, 2\)"
    ):
        shown(recorder, np.ones((2, 2, 2)), heat=True, x_label="a")


@pytest.mark.parametrize(
    "values", [np.ones(3), np.ones((101, 100)), np.ones((0, 2))]
)
def test_what_is_no_heat_map_is_refused(recorder, values):
    with pytest.raises(
        ValueError, match="a heat map needs a matrix of 1 to 10,000"
    ):
        shown(recorder, values, heat=True)


@pytest.mark.parametrize(
    "array", [np.full((2, 4), 3.0), np.full((2, 2), 1e308)]
)
def test_equal_and_huge_values_have_one_color(recorder, array):
    pixels = decode_png(
        base64.b64decode(shown(recorder, array, heat=True)["image/png"])
    )
    side = 40
    assert (pixels[:, : side * array.shape[1]] == pixels[0, 0]).all()


def test_color_images_channels_first_or_last(recorder):
    image = np.zeros((4, 6, 3), np.float32)
    image[..., 0] = 1.0
    last = shown(recorder, image, rgb=True)
    recorder.calls.clear()
    first = shown(recorder, image.transpose(2, 0, 1)[np.newaxis], rgb=True)
    assert last == first
    assert last["text/plain"] == "A color image of 4 by 6 pixels"
    pixels = decode_png(base64.b64decode(last["image/png"]))
    assert (pixels == [255, 0, 0, 255]).all()
    with pytest.raises(ValueError, match=r"images of 3 channels.*\(4, 6, 2\)"):
        shown(recorder, image[..., :2], rgb=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"lr": 0.1, "steps": 200}, "       value\nlr       0.1\nsteps    200"),
        ({"a": [1, 2], "b": [0.5, 1 / 3]}, "   a       b\n0  1     0.5\n1  2  0.3333"),
        ([{"x": 1}, {"y": "<b>"}], "   x    y\n0  1\n1     <b>"),
    ],
)  # fmt: skip
def test_dicts_and_records_are_tables(recorder, value, text):
    bundle = shown(recorder, value)
    assert bundle["text/plain"] == text
    assert "<b>" not in bundle["text/html"]


def test_a_matrix_is_a_table_when_asked_and_cut(recorder):
    bundle = shown(recorder, np.arange(70 * 30).reshape(70, 30), table=True)
    lines = bundle["text/plain"].split("\n")
    assert len(lines) == 1 + 60 + 1
    assert lines[-1] == "10 more rows and 10 more columns are not shown."
    with pytest.raises(ValueError, match="table needs a matrix, a dict"):
        shown(recorder, np.ones(3), table=True)


def test_objects_show_what_they_draw(recorder):
    class Drawn:
        def _repr_html_(self):
            return "<b>x</b>"

        def _repr_latex_(self):
            return "$x$"

        def __repr__(self):
            return "plain"

    assert shown(recorder, Drawn()) == {
        "text/html": "<b>x</b>",
        "text/latex": "$x$",
        "text/plain": "plain",
    }


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ((0, 10, 0.0), ""),
        ((5, 10, 0.1), "50 steps/s, 0 s left"),
        ((4, None, 2.0), "2.0 steps/s"),
        ((2, 10, 8.0), "4.0 s a step, 32 s left"),
        ((10, 10, 2.0), "5.0 steps/s"),
    ],
)
def test_pace_and_remaining_time(progress, words):
    assert pace_words(*progress) == words
