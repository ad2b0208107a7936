"""Our page beside a plain Pyodide page and JupyterLite: start, Stop, long tasks.

Run it as ``python -m site_tests.bench.peers``. All three are served from one
host and run one Pyodide and one NumPy. A round opens each of them once, one
after the other, so that a busy machine is busy for all; the ratios are those
within a round. It writes a line of ``docs/assets/benchmark/peers.json`` and
the table of the page on what a cell can do.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site_tests" / "browser")]

from chromium import launch  # noqa: E402

from site_tests.bench import jupyterlite, long_tasks  # noqa: E402
from site_tests.bench.restored_start import (  # noqa: E402
    _make_snapshot,
    _ours,
    _plain,
    _write_plain_page,
)
from site_tests.bench.start_up import (  # noqa: E402
    LOOPS,
    PROBE,
    _first_cell,
    _Quiet,
    _Server,
    _stop,
    build_site,
)

BENCHMARK = ROOT / "docs/assets/benchmark"
RECORD = BENCHMARK / "peers.json"
TABLE = BENCHMARK / "peers.md"
PATIENCE_MS = 240_000
TITLES = {
    "plain": "a plain page: `loadPyodide`, NumPy, run",
    "jupyterlite": "JupyterLite's REPL",
    "files": "this course, the first start",
    "snapshot": "**this course, from the second visit on**",
}
# The share of the other's time that ours may take, and Stop's milliseconds.
AIMS = {"plain": 0.35, "jupyterlite": 0.08}
STOP_MS = 250
PRESS_MS = 200
SEEN = """() => [...document.querySelectorAll(".jp-OutputArea-output")]
  .some(({ textContent }) => textContent.includes("4096"))"""


def _jupyterlite(context: BrowserContext, url: str) -> float:
    """Milliseconds from opening to the output: it starts Python by itself."""
    code = quote(PROBE.replace("\\n", "\n"))
    page = context.new_page()
    try:
        page.goto(f"{url}jupyterlite/repl/index.html?kernel=python&code={code}")
        page.wait_for_function(SEEN, timeout=PATIENCE_MS)
        return float(page.evaluate("performance.now()"))
    finally:
        page.close()


WAYS = {"plain": _plain, "jupyterlite": _jupyterlite, "files": _ours}


def _first_visits(
    playwright: Playwright, folder: Path, url: str, rounds: int
) -> dict[str, list[float]]:
    """Milliseconds, each in a browser that has never been here."""
    times: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds):
        for name, way in WAYS.items():
            profile = folder / f"first_{name}_{number}"
            with launch(playwright, profile) as context:
                times[name].append(way(context, url))
        _report("first visit", times)
    return times


def _later_visits(
    playwright: Playwright, folder: Path, url: str, rounds: int
) -> dict[str, list[float]]:
    """Milliseconds in a browser that knows the pages."""
    times: dict[str, list[float]] = {name: [] for name in TITLES}
    with (
        launch(playwright, folder / "later") as context,
        launch(playwright, folder / "snapshot") as restored,
    ):
        takes: dict[str, Callable[[], float]] = {
            name: functools.partial(way, context, url)
            for name, way in WAYS.items()
        }
        takes["snapshot"] = functools.partial(_ours, restored, url)
        for take in takes.values():  # the second visit has compiled code
            take()
            take()
        _make_snapshot(restored, url)
        takes["snapshot"]()
        for _ in range(rounds):
            for name, take in takes.items():
                times[name].append(take())
            _report("later visit", times)
    return times


def _report(kind: str, found: dict[str, Any]) -> None:
    print(f"{kind}: {found}", file=sys.stderr)


def _stops(
    context: BrowserContext, url: str, rounds: int
) -> dict[str, list[float]]:
    """Milliseconds from Stop to the page's word, the loops in turns."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".cell-bar")
    cell = _first_cell(page)
    times: dict[str, list[float]] = {name: [] for name in LOOPS}
    for _ in range(rounds):
        for name, code in LOOPS.items():
            times[name].append(_stop(page, cell, code))
    page.close()
    return times


def measure(url: str, rounds: int, first: int) -> dict[str, Any]:
    """Everything, of a host with the three pages."""
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
    ):
        folder = Path(name)
        size = {"width": 1280, "height": 900}
        with launch(playwright, folder / "tasks", viewport=size) as context:
            tasks = long_tasks.measure(context.new_page(), url)
            _report("longest tasks", tasks)
            stops = _stops(context, url, rounds)
            _report("stops", stops)
        starts = {
            "later visit": _later_visits(playwright, folder, url, rounds),
            "first visit": _first_visits(playwright, folder, url, first),
        }
    return {"starts_ms": starts, "stops_ms": stops, "tasks": tasks}


def ratio(times: dict[str, list[float]], ours: str, other: str) -> float:
    """The median over the rounds; smaller is better."""
    pairs = zip(times[ours], times[other], strict=True)
    return statistics.median(a / b for a, b in pairs)


def _seconds(row: list[float]) -> str:
    low, high = min(row) / 1000, max(row) / 1000
    if len(row) == 1:
        return f"{high:.2f} (one visit)"
    return f"{statistics.median(row) / 1000:.2f} ({low:.2f} to {high:.2f})"


def table(entry: dict[str, Any]) -> str:
    """The tables of the page on what a cell can do."""
    cold = entry["starts_ms"]["first visit"]
    warm = entry["starts_ms"]["later visit"]
    rounds = len(warm["plain"])
    lines = [
        f"{entry['machine']}, {entry['date']}, at a load of "
        f"{entry['load']:.0f}: as many processes wanted the cores at a time. "
        f"Medians of {rounds} rounds in one run, and the range.",
        "",
        "| Seconds to the first output | First visit | Later | Later, ours in it |",
        "|---|---|---|---|",
    ]
    for name, title in TITLES.items():
        first = _seconds(cold[name]) if name in cold else ""
        share = ratio(warm, "snapshot", name)
        lines.append(
            f"| {title} | {first} | {_seconds(warm[name])} | {share:.2f} |"
        )
    lines += ["", "| Milliseconds from Stop to its end | Median | Highest |"]
    lines.append("|---|---|---|")
    for name, row in entry["stops_ms"].items():
        title = name.removeprefix("stop, ")
        middle = statistics.median(row)
        lines.append(f"| {title} | {middle:.0f} | {max(row):.0f} |")
    lines += [
        "",
        "| The longest task of the engine, in ms | Processor | Clock |",
        "|---|---|---|",
    ]
    for name, task in entry["tasks"].items():
        spent, passed = task["processor_ms"], task["clock_ms"]
        lines.append(f"| {name} | {spent:.0f} | {passed:.0f} |")
    lines += ["", "| What we aim at | Aim | Measured | |", "|---|---|---|---|"]
    for name, aim, found, unit in aims(entry):
        met = "met" if found <= aim else "**not met**"
        lines.append(f"| {name} | {aim}{unit} | {found:.3g}{unit} | {met} |")
    return "\n".join(lines) + "\n"


def aims(entry: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """What is aimed at: name, at most, measured, unit."""
    warm = entry["starts_ms"]["later visit"]
    rows: list[tuple[str, float, float, str]] = [
        (f"start, beside {TITLES[other]}", aim, share, "")
        for other, aim in AIMS.items()
        for share in [ratio(warm, "snapshot", other)]
    ]
    slowest = max(statistics.median(row) for row in entry["stops_ms"].values())
    rows.append(("Stop, the slowest of the loops", STOP_MS, slowest, " ms"))
    longest = max(task["processor_ms"] for task in entry["tasks"].values())
    rows.append(("longest task, processor", long_tasks.LONG_MS, longest, " ms"))
    press = entry["tasks"]["100,000 printed lines"]["press_ms"]
    rows.append(
        ("a press while 100,000 lines print", PRESS_MS, float(press), " ms")
    )
    return rows


def _prepare(site: Path, built: Path | None) -> None:
    if built is None:
        build_site(site)
    else:
        shutil.copytree(built, site)
    _write_plain_page(site)
    jupyterlite.build(site / "jupyterlite", site / "plain_pyodide")


def main() -> None:
    """Build the three, serve them, measure, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--first", type=int, default=5, help="rounds of first visits"
    )
    parser.add_argument(
        "--site", type=Path, help="a site that is built already"
    )
    parser.add_argument("--dry-run", action="store_true", help="record nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        _prepare(site, options.site)
        handler = functools.partial(_Quiet, directory=str(site))
        with _Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/"
            before = os.getloadavg()[0]
            found = measure(url, options.rounds, options.first)
            server.shutdown()
    entry = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "load": (before + os.getloadavg()[0]) / 2,
        **found,
    }
    print(table(entry))
    if not options.dry_run:
        history = json.loads(RECORD.read_text()) if RECORD.exists() else []
        RECORD.write_text(json.dumps([*history, entry], indent=1) + "\n")
        TABLE.write_text(table(entry), encoding="utf-8")


if __name__ == "__main__":
    main()
