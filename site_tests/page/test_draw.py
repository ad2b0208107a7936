"""A pad to draw on: what Python gets of it, and what a page may put on it."""

from base64 import b64encode
from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels.page import Draw
from tutorial_kernels.page.sink import sink_in_use
from tutorial_kernels.page.widgets.draw import centered

rng = np.random.default_rng(0)


def encoded(ink):
    return b64encode(np.asarray(ink, np.uint8).tobytes()).decode()


def bright(image):
    """Two classes: the share of light, and of dark."""
    return [image.mean(), 1 - image.mean()]


def reach(widget, ink):
    """The reader draws, and Python hears of it."""
    for callback in widget.receive({"ink": encoded(ink)}):
        callback(widget)


def test_the_picture_is_float32_from_0_to_1():
    widget = Draw()
    assert (widget.image.shape, widget.image.dtype) == ((28, 28), np.float32)
    assert widget.image.max() == 0
    ink = rng.integers(0, 256, size=(28, 28))
    reach(widget, ink)
    assert np.array_equal(widget.image, (ink / 255).astype(np.float32))
    widget.image[:] = 7  # a copy
    assert widget.image.max() <= 1
    assert Draw(size=(8, 12)).image.shape == (8, 12)


def test_every_change_is_classified_and_told(recorder):
    heard = []
    with sink_in_use(recorder):
        widget = Draw(bright, names=["light", "dark"], size=4)
    widget.on_change(lambda pad: heard.append(pad.image.mean()))
    assert widget["shares"] == [0, 1]
    reach(widget, np.full((4, 4), 204))
    assert widget["shares"] == pytest.approx([0.8, 0.2])
    assert heard == pytest.approx([0.8])
    assert widget.summary() == (
        "4 by 4, ink in rows 0 to 3 and columns 0 to 3. Taken for light, 80%."
    )


def test_the_words_say_where_there_is_ink():
    widget = Draw()
    assert widget.summary() == "28 by 28, empty."
    ink = np.zeros((28, 28))
    ink[4, 7] = ink[22, 9] = 200
    reach(widget, ink)
    assert widget.summary() == (
        "28 by 28, ink in rows 4 to 22 and columns 7 to 9."
    )
    lines = widget.text().split("\n")
    assert (len(lines), lines[3], lines[4]) == (28, "", " " * 14 + "##")


def test_a_picture_of_the_course_is_edited():
    start = rng.uniform(size=(1, 1, 8, 8))
    widget = Draw(start=start)
    assert np.abs(widget.image - start[0, 0]).max() <= 0.5 / 255 + 1e-6
    assert widget.model()["initial"]["ink"] == widget["ink"]
    widget.redraw(np.ones((8, 8)))
    assert widget.image.min() == 1
    with pytest.raises(ValueError, match="is 8 by 8, got a picture of 9 by 8"):
        widget.redraw(np.ones((9, 8)))


def test_the_center_of_mass_comes_to_the_middle():
    ink = np.zeros((28, 28), np.uint8)
    ink[2:9, 1:4] = 100
    ink[5, 3] = 255
    moved = centered(ink)
    assert moved.sum() == ink.sum()
    weights = moved / moved.sum()
    middle = [(weights.sum(axis=1 - a) * np.arange(28)).sum() for a in (0, 1)]
    assert np.abs(np.array(middle) - 13.5).max() <= 0.5
    assert np.array_equal(centered(moved), moved)
    assert not centered(np.zeros((4, 4), np.uint8)).any()


def test_centering_moves_no_ink_out_of_the_picture():
    ink = np.zeros((9, 9), np.uint8)
    ink[0:8, 0] = 255  # heavy on the left
    ink[0, :] = 1
    moved = centered(ink)
    assert moved.sum() == ink.sum()
    assert np.flatnonzero(moved.any(axis=0)).size == 9
    widget = Draw(bright, start=ink / 255, center=True)
    assert np.array_equal(widget.image, (moved / 255).astype(np.float32))
    assert widget["seen"] == encoded(moved)
    assert widget["ink"] == encoded(ink)


@pytest.mark.parametrize(
    "value", [None, 3, "", "%%%", "QQ==", encoded(np.zeros(15)), "ä" * 24, []]
)
def test_a_link_with_another_picture_is_set_back(value):
    widget = Draw(bright, size=4)
    before = widget.model()
    assert widget.receive({"ink": value}) == []
    assert widget.receive({"shares": [1, 0], "height": 99}) == []
    assert widget.model() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 65}, "4 to 64 pixels, got 65 by 65"),
        ({"size": (3, 8)}, "4 to 64 pixels, got 3 by 8"),
        ({"start": np.ones((4, 4)) * 2}, "must be from 0 to 1"),
        ({"start": np.full((4, 4), np.nan)}, "must be from 0 to 1"),
        ({"start": np.ones((3, 4, 4))}, r"\(height, width\), got \(3, 4, 4\)"),
        ({"brush": 0}, "brush must be 0.5 to 8, got 0"),
        ({"classify": bright, "names": "abc"}, "3 names given for 2 classes"),
        ({"classify": lambda _: [2.5, -1]}, "logits become them by softmax"),
        ({"classify": lambda x: x}, r"2 to 20 probabilities, got .*\(28, 28\)"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        Draw(**options)


def test_the_still_shows_the_picture_and_the_answer():
    widget = Draw(bright, names=["<light>", "dark"], start=np.eye(6) / 2)
    still = widget.still()
    root = ElementTree.fromstring(still)
    texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["<light>", "8%", "dark", "92%"]
    assert still.count("M0 0h1v1h-1z") == 1
    ElementTree.fromstring(Draw().still())
