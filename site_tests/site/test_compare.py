"""Golden and actual outputs agree but for rounding, or the reason is clear."""

import numpy as np
import pytest

from tutorial_kernels.page.png import encode_png
from tutorial_kernels.site.compare import compare_outputs, compare_text


def text(value):
    return {"kind": "text", "text": value}


@pytest.mark.parametrize(
    ("golden", "actual", "tolerance"),
    [
        ("", "", 1e-4),
        ("a 1.0 b", "a 1.00001 b", 1e-4),
        ("loss 0.1234", "loss 0.1235", 1e-6),  # one unit of the last digit
        ("loss -1.234e-05", "loss -1.235e-05", 1e-6),
        ("1,234,567.0", "1,234,568.0", 1e-4),
        ("[1 2 3]", "[1 2 3]", 1e-4),
        ("1e-9", "-3e-10", 1e-4),  # below the floor
        ("[ 0.1   -0.2]", "[ 0.1     -0.200001]", 1e-4),
        ("acc 80 %", "acc 81 %", 0.02),
        ("nan inf", "nan inf", 1e-4),
        ("x1 3x v1.2.3", "x1 3x v1.2.3", 1e-4),
    ],
)
def test_equal(golden, actual, tolerance):
    assert compare_text(golden, actual, tolerance) == ""


@pytest.mark.parametrize(
    ("golden", "actual", "reason"),
    [
        ("a", "b", "line 1: expected 'a', got 'b'"),
        (
            "a\nb 1",
            "a\nb 2",
            "line 2: expected 'b 1', got 'b 2': 1 and 2 differ",
        ),
        ("a\nb", "a", "expected 2 lines, got 1; the first one too few is 'b'"),
        ("a", "a\nb", "expected 1 lines, got 2; the first one too many is 'b'"),
        ("0.0", "0.1", "0.0 and 0.1 differ"),
        ("80.4 %", "80.6 %", "80.4 and 80.6 differ"),
        ("1.0", "nan", "expected '1.0', got 'nan'"),
        ("a  b", "a b", "expected 'a  b', got 'a b'"),
        ("[1,2,3]", "[1,2,4]", "3 and 4 differ"),
        ("[1,2,3]", "[12,3]", "expected '[1,2,3]', got '[12,3]'"),
        ("-1.5", "1.5", "-1.5 and 1.5 differ"),
        ("3 items", "3 items ", "expected '3 items', got '3 items '"),
        ("1e300", "1e308", "differ"),
        ("5", "5.", ""),
    ],
)
def test_different(golden, actual, reason):
    difference = compare_text(golden, actual, 1e-4)
    if reason:
        assert reason in difference
    else:
        assert difference == ""


MARKER = {"name": "k", "x": 2}


def plot(**changes):
    series = {"name": "a", "x": [0, 1, 2], "y": [1.0, 5.0, 2.0]}
    series |= {
        k: v for k, v in changes.items() if k in ("name", "x", "y", "skipped")
    }
    labels = {"title": "t", "x_label": "x", "y_label": "", "log": False}
    labels |= {k: v for k, v in changes.items() if k in (*labels, "markers")}
    return {"kind": "plot", "plot": {**labels, "series": [series]}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"y": [1.00001, 4.0, 2.0]}, ""),  # only the ends count
        ({"title": "u"}, "title: expected 't', got 'u'"),
        ({"log": True}, "log: expected False, got True"),
        ({"name": "b"}, "expected the series ['a'], got ['b']"),
        ({"x": [0, 1], "y": [1, 2]}, "series 'a': expected 3 points, got 2"),
        ({"y": [1.0, 5.0, 2.1]}, "series 'a': last y: expected 2.0, got 2.1"),
        ({"x": [1, 1, 2]}, "series 'a': first x: expected 0, got 1"),
        ({"skipped": 2}, "expected 0 points left out, got 2"),
        ({"markers": []}, ""),
        ({"markers": [MARKER]}, "expected the markers [], got ['k']"),
    ],
)
def test_plots(change, reason):
    difference = compare_outputs([plot()], [plot(**change)], 1e-4)
    assert reason in difference
    assert bool(reason) == bool(difference)


def test_markers_of_plots():
    moved = {**MARKER, "x": 3}
    golden, same = plot(markers=[MARKER]), plot(markers=[{**MARKER, "x": 2.0}])
    assert compare_outputs([golden], [same], 1e-4) == ""
    difference = compare_outputs([golden], [plot(markers=[moved])], 1e-4)
    assert difference == "output 1 (plot): marker 'k': expected it at 2, got 3"


def picture(pixels):
    return {"kind": "image", "png": encode_png(np.asarray(pixels, np.uint8))}


def test_pictures():
    golden = np.full((4, 6, 2), 100)
    close = golden.copy()
    close[1, 2, 0] += 2
    far = golden.copy()
    far[1, 2, 0] += 30
    assert compare_outputs([picture(golden)], [picture(close)], 1e-4) == ""
    assert compare_outputs([picture(golden)], [picture(far)], 0.2) == ""
    difference = compare_outputs([picture(golden)], [picture(far)], 1e-4)
    assert difference == (
        "output 1 (image): 1 pixels differ; the one at row 1, column 2 by 30 of 255"
    )
    difference = compare_outputs([picture(golden)], [picture(golden[:2])], 1e-4)
    assert (
        "expected a picture of 6 by 4 pixels with 2 channels, got 6 by 2"
        in difference
    )


def test_kinds_and_order():
    assert compare_outputs([], [], 1e-4) == ""
    difference = compare_outputs([text("a"), plot()], [plot(), text("a")], 1e-4)
    assert difference == "expected text + plot, got plot + text"
    difference = compare_outputs([], [text("surprise")], 1e-4)
    assert difference == "expected no output, got text; the text is 'surprise'"
