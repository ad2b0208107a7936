"""show() makes one picture of a grid of arrays, or prints their repr."""

import base64
import io

import numpy as np
import pytest

from tutorial_kernels.page import show
from tutorial_kernels.page.png import encode_png
from tutorial_kernels.page.sink import IMAGE_MIME, sink_in_use

Image = pytest.importorskip("PIL.Image")


def shown(recorder, value, *args, **options):
    recorder.calls.clear()
    with sink_in_use(recorder):
        show(value, *args, **options)
    ((data, display_id),) = recorder.of("display")
    assert display_id is None
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    words = data[IMAGE_MIME]
    assert data["text/plain"] == words["alt"]
    assert picture.size == (words["width"], words["height"])
    return np.asarray(picture), words


def test_one_image_is_enlarged_by_a_whole_factor(recorder):
    pixels, words = shown(recorder, np.array([[0.0, 1.0], [0.5, 0.25]]))
    gray = pixels[..., 0]
    factor = gray.shape[0] // 2
    assert gray.shape == (2 * factor, 2 * factor)
    assert gray[::factor, ::factor].tolist() == [[0, 255], [128, 64]]
    assert (
        gray == np.kron(gray[::factor, ::factor], np.ones((factor, factor)))
    ).all()
    assert (pixels[..., 1] == 255).all()
    assert words["alt"] == "A gray image of 2 by 2 pixels"


def test_a_grid_has_at_most_ten_columns_and_transparent_gaps(recorder):
    pixels, words = shown(
        recorder, np.random.default_rng(0).random((12, 28, 28))
    )
    assert words["columns"] == 10
    side = (words["width"] + 4) // 10 - 4
    assert side % 28 == 0
    assert words["height"] == 2 * side + 4
    assert (pixels[:, side : side + 4, 1] == 0).all()
    assert (
        pixels[side + 4 :, 2 * (side + 4) :, 1] == 0
    ).all()  # 8 empty places
    assert words["alt"] == "12 gray images of 28 by 28 pixels"


def test_labels(recorder):
    _, words = shown(recorder, np.ones((2, 1, 8, 8)), labels=("bag", 3))
    assert words["labels"] == ["bag", "3"]
    assert words["alt"] == "2 gray images of 8 by 8 pixels: bag, 3"
    with (
        sink_in_use(recorder),
        pytest.raises(ValueError, match="3 labels given for 2 images"),
    ):
        show(np.ones((2, 8, 8)), labels="abc")


def test_ranges(recorder):
    value = np.stack([np.eye(4), 2 * np.eye(4)])

    def brightest(**options):
        pixels, words = shown(recorder, value, **options)
        left = pixels[:, : (words["width"] - 4) // 2, 0]
        return left.max(), pixels[..., 0].max()

    assert brightest() == (128, 255)
    assert brightest(value_range="each") == (255, 255)
    assert brightest(value_range=(0, 4)) == (64, 128)
    for bad in ("own", (1, 1), (2, 1), 5, (0, 1, 2)):
        with sink_in_use(recorder), pytest.raises((ValueError, TypeError)):
            show(value, value_range=bad)


def test_channels_stand_side_by_side(recorder):
    _, words = shown(recorder, np.random.default_rng(0).random((2, 3, 8, 8)))
    assert words["columns"] == 3
    assert words["alt"].startswith("6 gray images")


@pytest.mark.parametrize(
    "dtype", [bool, np.uint8, np.int64, np.float16, np.float32]
)
def test_dtypes(recorder, dtype):
    pixels, _ = shown(recorder, np.eye(4).astype(dtype))
    assert sorted(set(pixels[..., 0].ravel().tolist())) == [0, 255]


def test_extremes(recorder):
    with np.errstate(all="raise"):
        pixels, words = shown(
            recorder, np.array([[np.nan, np.inf], [-1.7e308, 1.7e308]])
        )
        assert pixels[0, 0, 0] == 0
        assert pixels[-1, -1, 0] == 255
        assert words["alt"].endswith("2 values not finite and drawn black")
        shown(recorder, np.full((3, 3), np.nan))
        shown(recorder, np.zeros((3, 3)))


def test_a_strided_array_and_lists(recorder):
    array = np.arange(64.0).reshape(8, 8)
    one, _ = shown(recorder, array[::2, ::-2].T)
    two, _ = shown(recorder, np.array(array[::2, ::-2].T, order="C"))
    assert (one == two).all()
    three, _ = shown(recorder, array[::2, ::-2].T.tolist())
    assert (one == three).all()


def test_many_images_are_cut_and_say_so(recorder):
    _, words = shown(recorder, np.zeros((2000, 28, 28)), labels=range(2000))
    assert words["alt"].startswith(
        "2,000 gray images of 28 by 28 pixels, the first 100"
    )
    assert len(words["labels"]) == 100


@pytest.mark.parametrize(
    "value",
    [
        5, "text", None, np.float32(2), np.zeros(3), np.zeros((1, 5)), np.zeros((0, 3)),
        np.zeros((2, 2, 2, 2, 2)), np.array([["a", "b"]]), np.ones((2, 2)) * 1j,
        [[1], [2, 3]], {1}, np.zeros((2, 5000)),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_image_is_printed(recorder, value):
    with sink_in_use(recorder):
        show(value)
    assert recorder.calls == [("text", "stdout", f"{value!r}\n")]


def test_columns_are_checked(recorder):
    for bad in (0, 11, -1):
        with (
            sink_in_use(recorder),
            pytest.raises(ValueError, match="columns must be 1 to 10"),
        ):
            show(np.ones((2, 4, 4)), columns=bad)


@pytest.mark.parametrize(
    ("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")]
)
def test_png_against_a_real_decoder(channels, mode):
    pixels = np.random.default_rng(channels).integers(
        0, 256, (5, 7, channels), np.uint8
    )
    picture = Image.open(io.BytesIO(encode_png(pixels)))
    picture.load()
    assert picture.mode == mode
    assert (np.asarray(picture).reshape(pixels.shape) == pixels).all()


def test_png_of_a_plain_matrix_and_of_a_view():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 4), np.uint8)
    for array in (pixels, pixels.T, pixels[::2, ::-1]):
        picture = Image.open(io.BytesIO(encode_png(array)))
        assert (np.asarray(picture) == array).all()


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 2)),
        np.zeros((2, 2, 5), np.uint8),
        np.zeros((0, 2), np.uint8),
        np.zeros(3, np.uint8),
    ],
)
def test_png_refuses_other_arrays(pixels):
    with pytest.raises(ValueError, match="encode_png: pixels must be uint8"):
        encode_png(pixels)
