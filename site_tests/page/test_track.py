"""track() shows how far a loop is and lets the reader stop it."""

import time
from itertools import pairwise

import pytest

from tutorial_kernels.page import track
from tutorial_kernels.page.sink import sink_in_use


def test_items_pass_unchanged_and_both_ends_are_shown(recorder):
    with sink_in_use(recorder):
        assert list(track("abc", label="go")) == ["a", "b", "c"]
    calls = recorder.of("progress")
    assert [call[:3] for call in calls] == [(0, 3, "go"), (3, 3, "go")]
    assert calls[-1][3] > 0
    assert recorder.checkpoints == 3


def test_progress_at_most_every_100_ms(recorder):
    with sink_in_use(recorder):
        for _ in track(range(50)):
            time.sleep(0.01)
    steps = [call[0] for call in recorder.of("progress")]
    times = [call[3] for call in recorder.of("progress")]
    assert len(steps) >= 4
    assert steps == sorted(steps)
    assert steps[-1] == 50
    gaps = [later - earlier for earlier, later in pairwise(times[:-1])]
    assert min(gaps) >= 0.0999  # the last one comes when it comes


def test_a_total_that_len_cannot_tell(recorder):
    with sink_in_use(recorder):
        list(track(iter(range(3)), total=3))
        list(track(x for x in range(2)))
    totals = [call[1] for call in recorder.of("progress")]
    assert totals == [3, 3, None, None]


def test_nothing_to_do(recorder):
    with sink_in_use(recorder):
        assert list(track([])) == []
    assert [call[:2] for call in recorder.of("progress")] == [(0, 0)]


def test_a_break_shows_where_it_ended(recorder):
    with sink_in_use(recorder):
        for step in track(range(100)):
            if step == 4:
                break
    assert recorder.of("progress")[-1][:2] == (4, 100)


def test_an_error_in_the_body_passes_through(recorder):
    def fail():
        for step in track(range(100)):
            if step == 4:
                raise OSError("mine")

    with sink_in_use(recorder), pytest.raises(OSError, match="mine"):
        fail()


def test_stop_ends_the_loop_at_the_next_step(recorder):
    recorder.stop_at = 3
    seen = []
    with sink_in_use(recorder), pytest.raises(KeyboardInterrupt):
        seen.extend(track(range(10)))
    assert recorder.checkpoints == 3


def test_a_number_is_not_something_to_loop_over():
    message = r"track: iterable must be something to loop over, got int; did you mean range\(5\)\?"
    with pytest.raises(TypeError, match=message):
        track(5)
    with pytest.raises(TypeError, match=r"got NoneType$"):
        track(None)


def test_nested_bars(recorder):
    with sink_in_use(recorder):
        for _ in track(range(2), "outer"):
            for _ in track(range(2), "inner"):
                pass
    labels = [call[2] for call in recorder.of("progress")]
    assert labels == ["outer", "inner", "inner", "inner", "inner", "outer"]
