"""A plane of codes, and a decoder that Python runs."""

from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels import Tensor
from tutorial_kernels.models.autoencoder import Autoencoder
from tutorial_kernels.page.widgets import Latent

rng = np.random.default_rng(0)
CODES = rng.normal(size=(60, 2))
LABELS = np.arange(60) % 3


def decode(code):
    """A picture of four pixels that tells its code."""
    x, y = code[0]
    return np.array([[x, y], [0.0, 1.0]])


def test_it_decodes_where_the_reader_points():
    widget = Latent(CODES, LABELS, decode, value_range=(-1, 1))
    for callback in widget.receive({"at": [0.5, -0.25]}):
        callback(widget)
    assert widget["decoded"] == widget["at"] == [0.5, -0.25]
    assert widget["image"] == [[191, 96], [128, 255]]
    distances = np.linalg.norm(CODES - [0.5, -0.25], axis=1)
    assert widget["nearest"] == LABELS[distances.argmin()]
    assert widget["distance"] == pytest.approx(distances.min(), abs=1e-4)
    assert "(0.50, −0.25)" in widget.summary()


def test_a_model_of_the_course_decodes():
    model = Autoencoder()
    widget = Latent(CODES, LABELS, lambda code: model.decode(Tensor(code)))
    expected = model.decode(Tensor(np.array([widget["at"]], "f4"))).data
    pixels = np.rint(255 * np.clip(expected.reshape(8, 8), 0, 1))
    assert np.array_equal(widget["image"], pixels)


@pytest.mark.parametrize("at", [[float("nan"), 0], "ab", None, [1], [1, 2, 3]])
def test_a_link_with_another_code_is_set_back(at):
    widget = Latent(CODES, LABELS, decode)
    before = widget.model()
    assert widget.receive({"at": at}) == []
    assert widget.model() == before


def test_a_code_outside_comes_back_to_the_edge():
    widget = Latent(CODES, LABELS, decode)
    widget.receive({"at": [1e9, -1e9]})
    edge = [widget["high"][0], widget["low"][1]]
    assert widget["at"] == pytest.approx(edge, abs=1e-4)


def test_a_decoder_that_fails_is_told_and_answers_all_the_same():
    def fails(code):
        if code[0, 0] > 0.9:
            raise ValueError("too far")
        return decode(code)

    widget = Latent(CODES, LABELS, fails)
    (callback,) = widget.receive({"at": [1.0, 0.0]})
    with pytest.raises(ValueError, match="too far"):
        callback(widget)
    assert widget["decoded"] == [1.0, 0.0]  # the page may ask again


def test_many_codes_are_thinned_evenly():
    codes = rng.normal(size=(5000, 2))
    widget = Latent(codes, np.arange(5000) % 7, decode)
    assert len(widget["points"]) == len(widget["labels"]) == 1500
    assert set(widget["labels"]) == set(range(7))


def test_what_cannot_be_shown_gets_a_sentence():
    with pytest.raises(ValueError, match=r"codes must be of shape \(n, 2\)"):
        Latent(np.ones((4, 3)), [0] * 4, decode)
    with pytest.raises(ValueError, match="labels must be 60 whole numbers"):
        Latent(CODES, np.ones(60), decode)
    with pytest.raises(ValueError, match="2 names given for 3 classes"):
        Latent(CODES, LABELS, decode, names=["a", "b"])
    with pytest.raises(ValueError, match=r"one picture, got shape \(1, 7\)"):
        Latent(CODES, LABELS, lambda _: np.ones((1, 7)))
    with pytest.raises(ValueError, match="must be finite"):
        Latent(CODES * np.inf, LABELS, decode)


def test_the_still_has_every_code_and_signs_that_differ():
    widget = Latent(CODES, LABELS, decode, names=["cat", "cow", "dog"])
    root = ElementTree.fromstring(widget.still())
    texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert len(texts) == 61  # and the word above the picture
    assert set(texts[:60]) == {"0", "1", "2"}
