"""A widget's state: what Python sets, what the page sets, and who hears."""

import json

import numpy as np
import pytest

from tutorial_kernels.page import widget as widgets
from tutorial_kernels.page.packing import packed, unpacked
from tutorial_kernels.page.sink import WIDGET_MIME, sink_in_use
from tutorial_kernels.page.widget import Widget, use_host, widget_of


class Page(widgets.NoHost):
    """A host that remembers what it was told."""

    def __init__(self):
        self.opened, self.changes, self.messages = [], [], []
        self.set = {}

    def open(self, widget):
        self.opened.append(widget.model())

    def change(self, widget, state):
        self.changes.append(dict(state))

    def message(self, widget, content, buffers):
        self.messages.append((content, list(buffers)))

    def kept(self, name):
        return self.set.get(name, {})


class Counter(Widget):
    def __init__(self, **state):
        super().__init__(
            "counter", {"count": 0, "data": np.zeros(2)} | state,
            shared=["count"], task="Count.",
        )  # fmt: skip

    def check(self, name, value):
        if name == "count" and (type(value) is not int or value < 0):
            raise ValueError(f"count must be 0 or more, got {value!r}")
        return value

    def summary(self):
        return f"The count is {self['count']}."


@pytest.fixture
def page():
    host = Page()
    use_host(host)
    yield host
    use_host(widgets.NoHost())


@pytest.fixture
def counter(page, recorder):
    with sink_in_use(recorder):
        return Counter()


def test_a_widget_is_shown_where_it_is_made(page, recorder, counter):
    (model,) = page.opened
    assert model["initial"] == {"count": 0}
    assert model["summary"] == "The count is 0."
    ((data, display_id),) = recorder.of("display")
    assert data[WIDGET_MIME]["id"] == counter.id
    assert data["text/plain"] == "The count is 0."
    assert display_id == f"widget-{counter.id}"


def test_many_updates_are_sent_rarely_and_the_last_one_always(page, session):
    source = (
        "from tutorial_kernels.page.widget import Widget\n"
        "w = Widget('counter', {'count': 0})\n"
        "for i in range(500): w['count'] = i"
    )
    assert session.run(source, "a").status == "ok"
    assert 1 <= len(page.changes) < 50
    assert page.changes[-1]["count"] == 499


def test_a_cell_may_update_the_widget_of_another(page, session):
    session.run(
        "from tutorial_kernels.page.widget import Widget\n"
        "w = Widget('counter', {'count': 0}); w['count'] = 1",
        "a",
    )
    session.run("w['count'] = 2; w['count'] = 3", "b")
    assert page.changes[-1]["count"] == 3


def test_an_array_is_sent_as_it_was_when_it_was_set(counter, page):
    data = np.ones(2)
    counter["data"] = data
    data[:] = 7
    assert counter["data"].tolist() == [1, 1]


def test_the_reader_is_heard_and_the_summary_follows(counter, page):
    heard = []
    counter.on_change(lambda widget: heard.append(widget["count"]), "count")
    counter.on_change(heard.append, "data")
    for callback in counter.receive({"count": 5}):
        callback(counter)
    assert heard == [5]
    assert page.changes == [{"summary": "The count is 5."}]


@pytest.mark.parametrize("value", [-1, "5", None, [1], 1.5])
def test_what_cannot_be_taken_is_set_back_in_the_page(counter, page, value):
    counter.on_change(lambda _widget: None)
    assert counter.receive({"count": value}) == []
    assert page.changes == [{"count": 0, "summary": "The count is 0."}]


def test_values_that_python_does_not_know_are_ignored(counter, page):
    counter.on_change(lambda _widget: None)
    assert counter.receive({"task": "Send money.", "__class__": 1}) == []
    assert counter.task == "Count."


def test_an_address_is_checked_and_answered(counter, page):
    counter.receive({"count": 4}, echo=True)
    assert page.changes == [{"count": 4, "summary": "The count is 4."}]


def test_what_the_reader_has_set_outlives_python(page, recorder):
    page.set = {"counter": {"count": 3, "data": "no", "other": 1}}
    with sink_in_use(recorder):
        counter = Counter()
    assert counter["count"] == 3
    assert page.opened[0]["initial"] == {"count": 0}
    page.set = {"counter-2": {"count": "evil"}}
    with sink_in_use(recorder):
        assert Counter()["count"] == 0


def test_the_name_is_the_cells_and_unique(page, session):
    source = (
        "from tutorial_kernels.page.widget import Widget\n"
        "names = [Widget('counter', {}).name for _ in range(2)]"
    )
    session.run(source, "train")
    assert session.namespace["names"] == ["train", "train-2"]
    session.run(source, "train")
    assert session.namespace["names"] == ["train", "train-2"]


def test_mistakes_are_named(page, recorder, counter):
    with pytest.raises(KeyError, match="there is no value 'cuont'; there are"):
        counter["cuont"] = 1
    with pytest.raises(ValueError, match="the name 'task' is reserved"):
        Widget("counter", {"task": 1})
    with pytest.raises(ValueError, match="no value 'x' to share"):
        Widget("counter", {}, shared=["x"])
    with pytest.raises(ValueError, match="module must be words of a-z"):
        Widget("../evil", {})


def test_a_callback_fails_like_a_cell(session, recorder):
    session.run("def react():\n    print('in')\n    1 / 0", "a")
    react = session.namespace["react"]
    result = session.call(react, "a", recorder)
    assert (result.status, result.error.type) == ("error", "ZeroDivisionError")
    assert result.error.line == 3
    assert recorder.printed() == "in\n"


def test_a_callback_leaves_the_running_cell_as_it_was(session, recorder):
    session.namespace["call"] = lambda: session.call(
        lambda: print("inner"), "a", recorder
    )
    source = "print('one'); r = call(); print('two'); 1 / 0"
    result = session.run(source, "b")
    assert session.namespace["r"].status == "ok"
    assert recorder.printed() == "one\ninner\ntwo\n"
    assert result.error.line == 1
    assert not session.running


def test_reset_closes_every_widget(page, session):
    session.run(
        "from tutorial_kernels.page.widget import Widget\n"
        "w = Widget('counter', {}); n = w.id",
        "a",
    )
    number = session.namespace["n"]
    assert widget_of(number) is not None
    session.reset()
    assert widget_of(number) is None


@pytest.mark.parametrize(
    ("dtype", "sent"),
    [
        ("float16", "float32"), ("float32", "float32"), ("float64", "float64"),
        ("int64", "float64"), ("int32", "int32"), ("uint8", "uint8"),
        ("bool", "uint8"),
    ],
)  # fmt: skip
def test_arrays_cross_with_their_shape(dtype, sent):
    array = np.arange(6).reshape(2, 3).T.astype(dtype)
    buffers = []
    text = json.dumps(packed({"a": [array, 1.5], "n": np.int64(3)}, buffers))
    back = unpacked(json.loads(text), buffers)
    assert back["n"] == 3
    assert back["a"][1] == 1.5
    assert back["a"][0].dtype == sent
    np.testing.assert_array_equal(back["a"][0], array)


def test_numbers_without_a_word_in_json_become_none():
    assert packed([float("nan"), np.float32("inf"), 1.0], []) == [None, None, 1]
    with pytest.raises(TypeError, match="expected JSON or an array"):
        packed({"f": object()}, [])


@pytest.mark.parametrize(
    "value",
    [
        {"array": 1, "dtype": "uint8", "shape": [2]},
        {"array": -1, "dtype": "uint8", "shape": [2]},
        {"array": 0, "dtype": "object", "shape": [2]},
        {"array": 0, "dtype": "uint8", "shape": [3]},
        {"array": 0, "dtype": "uint8", "shape": [-2]},
        {"array": 0, "dtype": "uint8", "shape": "2"},
        {"array": 0},
    ],
)
def test_a_damaged_array_is_refused(value):
    with pytest.raises(ValueError, match="unpacked: "):
        unpacked(value, [b"ab"])
