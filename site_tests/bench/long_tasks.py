"""The page's long tasks, by the processor's time and by the clock.

A task is long where it keeps the main thread for more than 50 ms. By the clock
it also waits for a processor that others have; the processor's own time, from
Chromium's trace, does not. A task belongs to the theme where the theme's script
takes more than half of it, else to the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from site_tests.bench.start_up import _first_cell, _wait_end, _write

LONG_MS = 50
CATEGORIES = ("toplevel", "devtools.timeline")
TASKS = ("RunTask", "ThreadControllerImpl::RunTask")
THEME = "/assets/javascripts/"
PLOT = (
    "import math, time\nfrom tutorial_kernels.page import plot\n"
    "for i in range(200):\n"
    "    plot(i, loss=math.exp(-i / 50), other=math.sin(i / 9))\n"
    "    time.sleep(0.01)"
)
LINES = "for i in range(100_000): print('line', i)"
# A reader copies another cell meanwhile: what the browser itself measures, from
# each press to the next frame.
WATCH_PRESSES = """() => {
  window.presses = [];
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) window.presses.push(duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""


class Trace:
    """What Chromium notes of the page's main thread between two moments."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events: list[dict[str, Any]] = []
        self.complete = False

    def __enter__(self) -> Trace:
        self.session = self.page.context.new_cdp_session(self.page)
        self.session.on("Tracing.dataCollected", self._collect)
        self.session.on("Tracing.tracingComplete", self._end)
        self.session.send(
            "Tracing.start",
            {"traceConfig": {"includedCategories": list(CATEGORIES)}},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.session.send("Tracing.end")
        while not self.complete:
            self.page.wait_for_timeout(50)
        self.session.detach()

    def _collect(self, chunk: dict[str, Any]) -> None:
        self.events += chunk["value"]

    def _end(self, _: object) -> None:
        self.complete = True

    def _main_thread(self) -> list[dict[str, Any]]:
        """The whole events of the busiest page, and there is one page."""
        names = {
            (e["pid"], e["tid"]): e["args"]["name"]
            for e in self.events
            if e["name"] == "thread_name"
        }
        whole = [
            e
            for e in self.events
            if e["ph"] == "X"
            and names.get((e["pid"], e["tid"])) == "CrRendererMain"
        ]
        drawn = ("UpdateLayoutTree", "Layout", "Paint", "FunctionCall")
        count = Counter(
            (e["pid"], e["tid"]) for e in whole if e["name"] in drawn
        )
        (thread, _), *_ = count.most_common(1)
        return [e for e in whole if (e["pid"], e["tid"]) == thread]

    def longest(self) -> dict[str, float]:
        """Milliseconds of the engine's longest task, and of the theme's."""
        events = self._main_thread()
        found = {"processor_ms": 0.0, "clock_ms": 0.0, "theme_ms": 0.0}
        for task in events:
            if task["name"] not in TASKS:
                continue
            spent = task.get("tdur", 0) / 1000
            if spent < found["processor_ms"] and spent < LONG_MS:
                continue
            if self._of_theme(task, events) > spent / 2:
                found["theme_ms"] = max(found["theme_ms"], spent)
            elif spent > found["processor_ms"]:
                found["processor_ms"] = spent
                found["clock_ms"] = task["dur"] / 1000
        return {name: round(value, 1) for name, value in found.items()}

    def _of_theme(
        self, task: dict[str, Any], events: list[dict[str, Any]]
    ) -> float:
        end = task["ts"] + task["dur"]
        return max(
            (
                e.get("tdur", 0) / 1000
                for e in events
                if task["ts"] <= e["ts"] <= end
                and THEME in str(e.get("args", {}).get("data", {}))
            ),
            default=0,
        )


def _run(page: Page, cell: str, code: str) -> None:
    _write(page, cell, code)
    page.wait_for_timeout(300)


def measure(page: Page, url: str) -> dict[str, Any]:
    """The longest task of each thing that readers do, on a fresh page."""
    found: dict[str, Any] = {}

    def note(name: str, act: Callable[[], object], rest: float = 700) -> None:
        with Trace(page) as trace:
            act()
            page.wait_for_timeout(rest)
        found[name] = trace.longest()

    note("opening the page", lambda: page.goto(url), 1500)
    page.wait_for_selector(".cell-bar")
    cell = _first_cell(page)
    main = f"#{cell} .cell-main"

    def run() -> None:
        page.click(main)
        page.wait_for_timeout(200)
        _wait_end(page, cell)

    note("entering a cell's code", lambda: page.click(f"#{cell} pre code"))
    _run(page, cell, "print('hello')")
    note("the first run, Python's start in it", run)
    _run(page, cell, PLOT)
    note("200 steps of a live plot", run)
    _run(page, cell, LINES)
    page.evaluate(WATCH_PRESSES)

    def print_and_press() -> None:
        page.click(main)
        for _ in range(4):
            page.wait_for_timeout(150)
            page.locator("[aria-label='Copy the code']").nth(1).click()
        _wait_end(page, cell)

    note("100,000 printed lines", print_and_press)
    presses = page.evaluate("window.presses")
    found["100,000 printed lines"]["press_ms"] = max(presses, default=0)
    return found
