"""A decision surface, its points, and who hears of what the reader draws."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from tutorial_kernels import Tensor, nn
from tutorial_kernels.page import widget as widgets
from tutorial_kernels.page.widget_host import NoHost
from tutorial_kernels.page.widgets import Surface
from tutorial_kernels.page.widgets.surface import MOST_DRAWN
from tutorial_kernels.page.widgets.surface_drawing import FEW_ARROWS, SIGNS
from tutorial_kernels.page.widgets.surface_field import (
    contour,
    margins,
    plane_of,
)

rng = np.random.default_rng(0)
POINTS = rng.normal(size=(40, 2))
LABELS = (POINTS[:, 0] > 0.1).astype(int)
SVG = "{http://www.w3.org/2000/svg}"


def right_half(xy):
    """Sure of class 1 on the right, of class 0 on the left."""
    p = 1 / (1 + np.exp(-4 * xy[:, 0]))
    return np.stack([1 - p, p], axis=1)


def places_of(surface):
    """The places of the grid, as ``predict`` got them."""
    rows, columns = surface["field"].shape[1:]
    (left, bottom), (right, top) = surface["low"], surface["high"]
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = top - (np.arange(rows) + 0.5) / rows * (top - bottom)
    return np.meshgrid(x, y)


def edit(surface, **state):
    """What the page sends when the reader has drawn."""
    for callback in surface.receive(state):
        callback(surface)


def test_the_field_is_what_is_predicted_row_by_row_from_the_top():
    surface = Surface(lambda xy: 3 * xy[:, 0] - xy[:, 1], POINTS)
    x, y = places_of(surface)
    np.testing.assert_allclose(surface["field"][0], 3 * x - y, atol=1e-5)
    assert 2_000 < x.size < 3_000


def test_logits_are_softened_and_probabilities_taken_as_they_are():
    logits = rng.normal(size=(2, 3))
    surface = Surface(lambda xy: xy @ logits.astype("f4"))
    x, y = places_of(surface)
    raw = np.exp(np.stack([x, y], axis=-1) @ logits)
    expected = np.moveaxis(raw / raw.sum(axis=-1, keepdims=True), -1, 0)
    np.testing.assert_allclose(surface["field"], expected, atol=1e-5)
    sure = Surface(right_half, POINTS, LABELS)["field"]
    x, _ = places_of(Surface(right_half, POINTS, LABELS))
    np.testing.assert_allclose(sure[1], 1 / (1 + np.exp(-4 * x)), atol=1e-5)


def test_whole_numbers_are_classes():
    surface = Surface(lambda xy: (xy[:, 0] > 0) + (xy[:, 1] > 0).astype(int),
                      POINTS, np.arange(40) % 3)  # fmt: skip
    x, y = places_of(surface)
    expected = (x > 0).astype(int) + (y > 0)
    assert np.array_equal(surface["field"].argmax(axis=0), expected)


def test_a_model_is_asked_without_a_tape():
    model = nn.Linear(2, 2)
    seen = []

    def predict(xy):
        out = model(Tensor(xy))
        seen.append((xy.dtype, out.requires_grad))
        return out

    Surface(predict, POINTS, LABELS)
    assert seen == [(np.float32, False)]


def test_the_words_count_who_lies_on_their_own_side():
    surface = Surface(right_half, POINTS, LABELS)
    right = ((POINTS[:, 0] > 0) == LABELS).sum()
    assert right < 40
    words = f"{right} of 40 points lie on their own side."
    assert surface.summary() == words
    edit(surface, drawn=[[1.0, 0.0, 1], [1.0, 0.1, 0]])
    words = f"{right + 1} of 42 points lie on their own side. You drew 2 of"
    assert surface.summary().startswith(words)
    edit(surface, drawn=[], removed=list(range(40)))
    assert surface.summary() == "There are no points yet."
    critic = Surface(lambda xy: xy[:, 0], value_range=(-2, 2))
    assert critic.summary().startswith("Values from −0.9")


def test_points_are_the_cells_and_the_readers():
    surface = Surface(right_half, POINTS, LABELS)
    heard = []
    surface.on_change(lambda s: heard.append(len(s.labels)))
    edit(surface, drawn=[[0.5, -0.25, 1]], removed=[0, 39])
    assert heard == [39]
    expected = np.concatenate([POINTS[1:-1], [[0.5, -0.25]]])
    np.testing.assert_allclose(surface.points, expected, atol=1e-6)
    assert surface.points.dtype == np.float32
    assert surface.labels.tolist() == [*LABELS[1:-1].tolist(), 1]
    edit(surface, drawn=[], removed=[])
    assert len(surface.points) == 40


def test_what_was_drawn_is_there_when_the_cell_runs_again(monkeypatch):
    class Remembering(NoHost):
        def kept(self, name):
            return {"drawn": [[0.5, 0.5, 1]], "removed": [3]}

    monkeypatch.setattr(widgets, "_host", Remembering())
    surface = Surface(right_half, POINTS, LABELS)
    assert surface.points[-1].tolist() == [0.5, 0.5]
    assert "You drew 1 of them" in surface.summary()
    assert " of 40 points" in surface.summary()
    assert surface.model()["initial"] == {"drawn": [], "removed": []}


@pytest.mark.parametrize(
    "state",
    [
        {"drawn": [[math.nan, 0, 0]]}, {"drawn": [[0, 0, 2]]},
        {"drawn": [[0, 0, -1]]}, {"drawn": [[0, 0]]}, {"drawn": 5},
        {"drawn": [[0, 0, 0.5]]}, {"drawn": [[0, 0, 0]] * 501},
        {"removed": [40]}, {"removed": [-1]}, {"removed": ["x"]},
        {"field": [[1]]}, {"names": ["a", "b"]},
    ],
)  # fmt: skip
def test_a_link_with_other_things_is_set_back(state):
    surface = Surface(right_half, POINTS, LABELS)
    before = surface.model()
    assert surface.receive(state) == []
    after = surface.model()
    assert np.array_equal(before.pop("field"), after.pop("field"))
    assert repr(after) == repr(before)


def test_a_point_outside_comes_to_the_edge():
    surface = Surface(right_half, POINTS, LABELS, bounds=((-2, 2), (-1, 1)))
    edit(surface, drawn=[[1e9, -1e9, 0]])
    assert surface["drawn"] == [[2.0, -1.0, 0]]


def test_a_loop_is_drawn_rarely_and_its_end_always(session):
    session.run(
        "import numpy as np\n"
        "from tutorial_kernels.page import Surface\n"
        "calls, shift = 0, 0\n"
        "def predict(xy):\n"
        "    global calls\n"
        "    calls += 1\n"
        "    return xy[:, 0] + shift\n"
        "s = Surface(predict)\n"
        "for shift in range(1, 4001):\n"
        "    s.redraw()\n",
        "a",
    )
    surface, calls = session.namespace["s"], session.namespace["calls"]
    assert calls < 200
    x, _ = places_of(surface)
    np.testing.assert_allclose(surface["field"][0], x + 4000, atol=1e-2)


def test_a_predict_that_fails_at_the_end_is_told_once(session):
    source = (
        "from tutorial_kernels.page import Surface\n"
        "good = True\n"
        "s = Surface(lambda xy: xy[:, 0] if good else 1 / 0)\n"
        "s.redraw(); good = False; s.redraw()"
    )
    result = session.run(source, "a")
    assert (result.status, result.error.type) == ("error", "ZeroDivisionError")
    assert session.run("1", "b").status == "ok"


def test_points_of_a_generator_take_the_place_of_others():
    surface = Surface(lambda xy: xy[:, 0], POINTS, name="game")
    edit(surface, removed=[1, 30])
    moved = POINTS[:20] + 1
    starts, steps = POINTS[:5], np.ones((5, 2))
    surface._due = 0.0
    surface.redraw(moved, np.zeros(20, int), arrows=(starts, steps))
    assert surface["removed"] == [1]
    kept = np.delete(moved, 1, axis=0)
    np.testing.assert_allclose(surface.points, kept, atol=1e-6)
    assert surface["arrows"].shape == (5, 4)
    assert 'class="surface-arrow surface-few" d="M' in surface.still()
    surface.redraw(arrows=(POINTS, POINTS))  # no path, but a field
    assert 'class="surface-arrow" d="M' in surface.still()


def bowl(xy):
    return (xy**2).sum(axis=1)


def test_a_landscape_has_lines_at_its_levels_and_words_of_its_own():
    start = np.array([[0.6, 0.0]])
    plain = Surface(bowl, bounds=((-1, 1), (-1, 1)), name="plain")
    land = Surface(bowl, bounds=((-1, 1), (-1, 1)), levels=(0.25, 0.64),
                   drawing=False, name="land")  # fmt: skip
    assert plain.summary().endswith("There are no points yet.")
    land.redraw(start, [0], arrows=(start, -start), words="Down to 0.")
    land.settle()
    assert land.summary() == "Values from 0.00 to 1.92. Down to 0."
    assert land["words"] == "Down to 0."
    line = re.search(r'class="surface-level" d="([^"]*)"', land.still())[1]
    ends = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", line), float)
    heights = bowl(ends / 280 - 1)
    near = np.abs(heights[:, None] - [0.25, 0.64])
    assert near.min(axis=1).max() < 0.01 > near.min(axis=0).max()
    assert 'class="surface-line"' in plain.still()


def test_the_edges_of_a_landscape_have_numbers():
    land = Surface(bowl, bounds=((-2, 3.2), (-1, 3.3)), levels=(1,),
                   x_label="w<11>", y_label="v")  # fmt: skip
    assert [name for _, name in land["axes"]["x"]] == ["−1", "0", "1", "2"]
    assert land["axes"]["y"][0] == [pytest.approx(1 / 4.3, abs=1e-4), "0"]
    assert land.summary().startswith("w<11> from −2 to 3.2, v from −1 to 3.3. ")
    still = land.still()
    # 0 stands at 2 of 5.2 from the left, and 1 of 4.3 from the bottom.
    height = 560 / land["aspect"]
    assert f'<text x="{560 * 2 / 5.2:.1f}" ' in still
    assert f"M0 {height * 3.3 / 4.3:.1f}h6" in still
    assert ">w&lt;11&gt;</text>" in still
    plain = Surface(bowl, bounds=((-1, 1), (-1, 1)), name="plain")
    assert plain["axes"] == {}
    assert "surface-axes" not in plain.still()


def test_who_only_looks_changes_nothing():
    land = Surface(bowl, POINTS, drawing=False)
    assert land.shared == ()
    assert edit(land, drawn=[[0, 0, 1]], removed=[1]) is None
    assert land["drawn"] == land["removed"] == []


def constant(shape, value=0.5, dtype=float):
    return lambda xy: np.full([len(xy), *shape], value, dtype)


@pytest.mark.parametrize(
    ("sentence", "make"),
    [
        (r"points must be of shape \(n, 2\), got \(4, 3\)",
         lambda: Surface(right_half, np.ones((4, 3)))),
        ("labels must be 40 whole numbers, got float64",
         lambda: Surface(right_half, POINTS, np.ones(40))),
        ("points must be finite",
         lambda: Surface(right_half, POINTS * np.inf, LABELS)),
        ("labels from 0 on", lambda: Surface(right_half, POINTS, -LABELS)),
        ("at most 1,500 points can be shown, got 1,501",
         lambda: Surface(right_half, np.zeros((1501, 2)))),
        ("labels go up to 2, there are 2 classes",
         lambda: Surface(right_half, POINTS, 2 * LABELS)),
        ("3 names given for 2 classes",
         lambda: Surface(right_half, POINTS, LABELS, names="abc")),
        (r"bounds must be \(\(left, right\), \(bottom, top\)\)",
         lambda: Surface(right_half, bounds=((1, 0), (0, 1)))),
        (r"value_range must rise, got \(1, 1\)",
         lambda: Surface(right_half, value_range=(1, 1))),
        ("predict gave numbers that are not finite",
         lambda: Surface(constant((), np.nan))),
        (r"predict must give \(\d+,\) values or .* got shape \(\d+, 2, 2\)",
         lambda: Surface(constant((2, 2)))),
        (r"got shape \(3,\)", lambda: Surface(lambda xy: np.ones(3))),
        ("predict gives 7 classes, at most 6", lambda: Surface(constant((7,)))),
        ("7 classes, at most 6",
         lambda: Surface(constant((), 3, int), POINTS, LABELS + 5)),
        ("one value tells two classes apart, there are 3",
         lambda: Surface(constant(()), POINTS, 2 * LABELS)),
        ("predict gives class 9, there are 2 classes",
         lambda: Surface(constant((), 9, int), POINTS, LABELS)),
        ("levels are heights of one value, predict gives 2 classes",
         lambda: Surface(right_half, levels=[0.5])),
        (r"levels must be finite, got \[nan\]",
         lambda: Surface(constant(()), levels=[np.nan])),
        (r"arrows must start at places of shape \(n, 2\), got \(4,\)",
         lambda: Surface(right_half).redraw(arrows=(np.ones(4), POINTS))),
        (r"3 starts of shape \(3, 2\) and steps of shape \(40, 2\)",
         lambda: Surface(right_half).redraw(arrows=(POINTS[:3], POINTS))),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_gets_a_sentence(sentence, make):
    with pytest.raises(ValueError, match=f"Surface: .*{sentence}"):
        make()


def test_the_classes_may_not_change():
    counts = iter([2, 3])
    surface = Surface(lambda xy: np.ones((len(xy), next(counts))))
    surface._due = 0.0
    with pytest.raises(ValueError, match="2 classes at first, now 3"):
        surface.redraw()


def test_the_plane_has_air_and_is_true_to_scale_within_limits():
    plane = plane_of(None, np.array([[0.0, 0.0], [4.0, 2.0]]))
    assert plane.low.tolist() == [-0.48, -0.24]
    assert plane.aspect == 2
    assert plane_of(((0, 1), (0, 100)), POINTS).aspect == 0.6
    one = plane_of(None, np.array([[3.0, 3.0]]))
    assert (one.low < 3).all()
    assert (one.high > 3).all()
    assert plane_of(None, np.zeros((0, 2))).low.tolist() == [-1, -1]


def test_the_line_runs_where_two_classes_are_even():
    x, y = np.meshgrid(np.arange(12) + 0.5, np.arange(9) + 0.5)
    pieces = np.array(contour(x - 0.5 * y - 3.2)).reshape(-1, 2)
    on_it = pieces[:, 0] - 0.5 * pieces[:, 1] - 3.2
    assert len(pieces) >= 20
    np.testing.assert_allclose(on_it, 0, atol=1e-9)
    assert pieces[:, 1].min() <= 0  # from border to border
    assert pieces[:, 1].max() >= 9
    assert contour(np.ones((4, 4))) == []
    saddle = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert len(contour(saddle)) == 2 + 4  # and one at each border


def test_a_margin_is_the_lead_over_the_next_best():
    values = np.array([[0.5], [0.2], [0.3]])
    expected = [[0.2], [-0.3], [-0.2]]
    np.testing.assert_allclose(margins(values, (0, 1)), expected)
    ahead = margins(np.array([[-3.0, 0.0, 0.5]]), (-1, 1))
    np.testing.assert_allclose(ahead, [[1, 0, -0.5], [-1, 0, 0.5]])


def test_the_still_has_every_point_a_legend_and_no_plain_href():
    names = ["upper", "a < b"]
    surface = Surface(right_half, POINTS, LABELS, names=names)
    root = ElementTree.fromstring(surface.still())
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert words == names
    drawn = "".join(
        path.get("d") for path in root.iter(f"{SVG}path")
        if "surface-point" in path.get("class")
    )  # fmt: skip
    assert drawn.count("M") == 40 + 2
    assert len(list(root.iter(f"{SVG}mask"))) == 2
    assert ' href="' not in surface.still()  # the theme would rewrite it


def test_the_page_has_the_same_signs_and_takes_as_many_points(root):
    front = root / "src/cell_engine/src/widgets"
    picture = (front / "surface_picture.ts").read_text()
    for sign in SIGNS:
        assert f'"{sign}"' in picture
    assert f"const FEW_ARROWS = {FEW_ARROWS};" in picture
    edits = (front / "surface_edits.ts").read_text()
    assert f"const MOST_DRAWN = {MOST_DRAWN};" in edits
