"""Figures of Matplotlib, drawn as in the page: by CPython's Matplotlib."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot

from tutorial_kernels import page
from tutorial_kernels.page import matplotlib_figures
from tutorial_kernels.page.matplotlib_figures import (
    DARK,
    DARK_GROUND,
    FIGURE_MIME,
    contrast,
    dark_colors,
)

RC = Path(page.__file__).with_name("matplotlibrc")


@pytest.fixture
def plt():
    """Pyplot with the page's settings."""
    with matplotlib.rc_context(fname=RC):
        pyplot.switch_backend(matplotlib.rcParams["backend"])
        yield pyplot
        pyplot.close("all")


def shown(recorder):
    return [data for data, _id in recorder.of("display")]


def test_a_figure_is_shown_once_and_closed(plt, session, recorder):
    code = "from matplotlib import pyplot as plt\n"
    for last in (
        "",
        "plt.show()",
        "fig",
        "from tutorial_kernels.page import show\nshow(fig)",
    ):
        result = session.run(f"{code}fig, ax = plt.subplots()\n{last}", "a")
        assert result.status == "ok", result.error
        assert plt.get_fignums() == []
    assert len(shown(recorder)) == 4
    assert all("<svg" in data["image/svg+xml"] for data in shown(recorder))


def test_the_figures_of_a_cell_that_fails_are_closed(plt, session, recorder):
    code = "from matplotlib import pyplot as plt\nplt.plot([1])\n1 / 0"
    assert session.run(code, "a").status == "error"
    assert plt.get_fignums() == []
    assert shown(recorder) == []


def test_equal_figures_are_equal_bytes(plt, session, recorder):
    code = "from matplotlib import pyplot as plt\nplt.plot([1, 2]);"
    for _ in range(2):
        session.run(code, "a")
    first, second = shown(recorder)
    assert first == second
    assert "<metadata>" not in first["image/svg+xml"]


def test_the_words_are_titles_axes_and_names(plt):
    fig, (left, right) = plt.subplots(1, 2)
    fig.suptitle("Two")
    left.set(title="Loss", xlabel="epoch", ylabel="nats")
    left.plot([1, 2], label="train")
    right.set(xlabel="rate")
    told = matplotlib_figures.describe_figure(fig)
    assert told == "A figure: Two; Loss, nats over epoch, train; rate"
    assert matplotlib_figures.describe_figure(plt.figure()) == (
        "A figure without words"
    )


def test_colors_change_in_the_dark_unless_one_would_be_lost(plt):
    def colors(**options):
        plt.plot([1, 2], **options)
        return matplotlib_figures.bundle_of_figure(plt.gcf())[FIGURE_MIME]

    assert "#0b5c96" in colors()["dark"]
    assert colors(color="tab:orange")["dark"] is not None
    assert colors(color="black") == {"dark": None}
    assert colors(color="navy") == {"dark": None}
    assert dark_colors("#0b5c96 #abc #0b5c9612") == {"#0b5c96": "#7cc0f0"}


def test_every_color_can_be_seen_by_day_and_by_night():
    lines = {"#d5d7da", "#3a3f4a"}  # of the grid
    for day, night in DARK.items():
        assert f"{day[1:]}" in RC.read_text()
        if day not in lines:
            assert contrast(day, "#ffffff") >= 4.5, day
            assert contrast(night, DARK_GROUND) >= 4.5, night


def test_too_many_marks_become_a_bitmap(plt, monkeypatch):
    monkeypatch.setattr(matplotlib_figures, "MOST_CHARACTERS", 20_000)
    plt.scatter(*np.random.default_rng(0).normal(size=(2, 1000)))
    bundle = matplotlib_figures.bundle_of_figure(plt.gcf())
    assert bundle["image/png"].startswith("iVBOR")
    assert bundle[FIGURE_MIME] == {"dark": None}
    assert "image/svg+xml" not in bundle
