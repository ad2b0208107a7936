"""A progress bar that also lets the reader stop a loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter

from tutorial_kernels.page.sink import current_sink

SECONDS_BETWEEN = 0.1


def track[T](
    iterable: Iterable[T], label: str = "", total: int | None = None
) -> Iterator[T]:
    """Go through an iterable and show how far it is.

    Each step is also a place where Stop takes effect at once, which matters
    in loops of large matrix products.

    Args:
        iterable: What to go through.
        label: A word in front of the bar, such as ``"training"``.
        total: The number of steps, where ``len(iterable)`` cannot tell.

    Yields:
        The items, unchanged.

    Raises:
        TypeError: ``iterable`` cannot be gone through.
    """
    try:
        items = iter(iterable)
    except TypeError:
        kind = type(iterable).__name__
        hint = f"; did you mean range({iterable})?" if kind == "int" else ""
        raise TypeError(
            f"track: iterable must be something to loop over, got {kind}{hint}"
        ) from None
    if total is None:
        total = _length(iterable)
    return _tracked(items, str(label), total)


def pace_words(step: int, total: int | None, seconds: float) -> str:
    """How fast a loop is and how long it still takes: ``12 steps/s, 3 s left``.

    Args:
        step: How many steps are done; the words are empty before the first.
        total: How many there are, if that is known.
        seconds: How long the steps took.
    """
    if step == 0 or seconds <= 0:
        return ""
    rate = step / seconds
    pace = (
        f"{rate:,.0f} steps/s"
        if rate >= 10
        else f"{rate:.1f} steps/s"
        if rate >= 1
        else f"{seconds / step:.1f} s a step"
    )
    if total is None or step >= total:
        return pace
    return f"{pace}, {(total - step) / rate:.0f} s left"


def _tracked[T](
    items: Iterator[T], label: str, total: int | None
) -> Iterator[T]:
    sink = current_sink()
    start = perf_counter()
    sink.progress(0, total, label, 0.0)
    shown_at, shown, step = start, 0, 0
    try:
        for item in items:
            sink.checkpoint()
            yield item
            step += 1
            now = perf_counter()
            if now - shown_at >= SECONDS_BETWEEN:
                sink.progress(step, total, label, now - start)
                shown_at, shown = now, step
    finally:
        if shown != step:
            sink.progress(step, total, label, perf_counter() - start)


def _length(iterable: object) -> int | None:
    try:
        return len(iterable)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return None
