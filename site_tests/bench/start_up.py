"""How long a reader waits: medians of a few visits, as a table and as JSON.

Run it as ``python -m site_tests.bench.start_up`` or by its path. Nothing here
is a test; the figures depend on the machine, so the machine is named too.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site_tests" / "browser"))

from chromium import launch  # noqa: E402
from waiting import wait_until  # noqa: E402

CNN_PAGE = "chapters/architecture/"
ENDED = "['done', 'error', 'stopped']"
PROBE = "import numpy as np\\nprint(float(np.ones((64, 64)).sum()))\\n"
# Puts the probe into the first cell before the engine reads it: what is timed
# is Python with NumPy, not what that cell happens to compute.
USE_PROBE = f"""document.addEventListener('readystatechange', () => {{
  if (document.readyState !== 'interactive') return;
  const code = document.querySelector('.cell[data-cell] pre code');
  if (code) code.textContent = '{PROBE}';
}})"""
LOOPS = {
    "stop, bare loop": "while True: pass",
    "stop, small matrices": (
        "import numpy as np\na = np.ones((32, 32))\nwhile True: a = np.tanh(a @ a)"
    ),
    "stop, large matrices under track": (
        "import itertools\nimport numpy as np\nfrom tutorial_kernels.page import track\n"
        "a = np.ones((400, 400))\nfor _ in track(itertools.count()): a = np.tanh(a @ a)"
    ),
    "stop, time.sleep": "import time\ntime.sleep(60)",
    "stop, await": "import asyncio\nawait asyncio.sleep(60)",
}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Pages that are left break their downloads off."""


def _first_cell(page: Page) -> str:
    return str(page.locator(".cell[data-cell]").first.get_attribute("id"))


def _wait_end(page: Page, name: str, seconds: float = 120) -> None:
    wait_until(
        page,
        f"(name) => {ENDED}.includes(document.getElementById(name).dataset.state)",
        arg=name,
        timeout=seconds * 1000,
    )


def _write(page: Page, name: str, code: str) -> None:
    page.click(f"#{name} pre code, #{name} .cm-content")
    page.wait_for_selector(f"#{name} .cm-content")
    page.locator(f"#{name} .cm-content").press("Control+a")
    page.keyboard.insert_text(code)


# Presses Run by script, so that no pointer has warmed anything up, and takes
# the time in the page, up to the frame that shows the first new output.
RUN_AND_TIME = """(name) => new Promise((resolve) => {
  const output = document.getElementById(name).nextElementSibling;
  const start = performance.now();
  new MutationObserver(() => {
    if (!output.classList.contains('cell-live')) return;
    if (output.textContent.trim() === '') return;
    requestAnimationFrame(() => resolve(performance.now() - start));
  }).observe(output, {childList: true, subtree: true, attributes: true});
  document.querySelector(`#${name} .cell-main`).click();
})"""


def _first_output(context: BrowserContext, url: str) -> float:
    """Milliseconds from Run to the first output; NumPy is imported by then."""
    page = context.new_page()
    page.add_init_script(USE_PROBE)
    try:
        page.goto(url)
        page.wait_for_selector(".cell-bar")
        page.wait_for_timeout(300)
        return float(page.evaluate(RUN_AND_TIME, _first_cell(page)))
    finally:
        page.close()


def _stop(page: Page, name: str, code: str) -> float:
    """Milliseconds from Stop to the page's word that it has stopped."""
    _write(page, name, code)
    page.click(f"#{name} .cell-main")
    wait_until(
        page,
        "(name) => document.getElementById(name).dataset.state === 'running'",
        arg=name,
    )
    page.wait_for_timeout(500)
    return float(
        page.evaluate(
            """(name) => new Promise((resolve) => {
              const cell = document.getElementById(name);
              const start = performance.now();
              new MutationObserver(() => {
                if (cell.dataset.state === 'stopped') resolve(performance.now() - start);
              }).observe(cell, {attributes: true});
              cell.querySelector('.cell-main').click();
            })""",
            name,
        )
    )


def _page_weight(context: BrowserContext, url: str) -> float:
    """KB of everything but the runtime, zipped as hosts do."""
    page = context.new_page()
    total = 0

    def weigh(request: Any) -> None:
        nonlocal total
        response = request.response()
        if response is not None and "/pyodide/" not in request.url:
            total += len(gzip.compress(response.body()))

    page.on("requestfinished", weigh)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.close()
    return total / 1024


def cell_names(page: Page) -> list[str]:
    """The cells of a page in order, without those of its exercises."""
    cells = page.locator(".cell[data-cell]:not(.exercise-cell)")
    return [str(cell.get_attribute("id")) for cell in cells.all()]


def _whole_page(context: BrowserContext, url: str) -> float:
    """Seconds to run every cell of a page, one after the other."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".cell-bar")
    names = cell_names(page)
    start = time.perf_counter()
    for name in names:
        page.click(f"#{name} .cell-main")
        _wait_end(page, name, 300)
    seconds = time.perf_counter() - start
    page.close()
    return seconds


def _figures(values: list[float], unit: str) -> dict[str, Any]:
    return {
        "median": round(statistics.median(values), 1),
        "lowest": round(min(values), 1),
        "highest": round(max(values), 1),
        "runs": len(values),
        "unit": unit,
    }


def measure(
    url: str, repeats: int, *, whole: bool
) -> dict[str, dict[str, Any]]:
    """All figures of a served site."""
    results: dict[str, dict[str, Any]] = {}

    def note(
        name: str, unit: str, take: Callable[[], float], times: int
    ) -> None:
        results[name] = _figures([take() for _ in range(times)], unit)
        print(f"{name}: {results[name]['median']} {unit}", file=sys.stderr)

    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        profiles = (Path(folder, f"cold{n}") for n in range(repeats))

        def cold() -> float:
            with launch(playwright, next(profiles)) as context:
                return _first_output(context, url)

        note("run to first output, cold", "ms", cold, repeats)
        with launch(playwright, Path(folder, "weight")) as context:
            note(
                "page before intent, gzipped",
                "KB",
                lambda: _page_weight(context, url),
                1,
            )
        with launch(playwright, Path(folder, "warm")) as context:
            for _ in range(2):  # the second visit compiles into the code cache
                _first_output(context, url)
            take = functools.partial(_first_output, context, url)
            note("run to first output, warm", "ms", take, repeats)
            page = context.new_page()
            page.goto(url)
            name = _first_cell(page)
            for label, code in LOOPS.items():
                note(
                    label,
                    "ms",
                    functools.partial(_stop, page, name, code),
                    repeats,
                )
            page.close()
            if whole:
                take = functools.partial(_whole_page, context, url + CNN_PAGE)
                note(f"every cell of {CNN_PAGE}", "s", take, 1)
    return results


def build_site(folder: Path) -> None:
    """Build the course's own site."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    subprocess.run([*command, "--site-dir", str(folder)], cwd=ROOT, check=True)


def _print_table(results: dict[str, dict[str, Any]]) -> None:
    print(f"{'':40} {'median':>9} {'lowest':>9} {'highest':>9}  n")
    for name, row in results.items():
        numbers = " ".join(
            f"{row[key]:>9}" for key in ("median", "lowest", "highest")
        )
        print(f"{name:40} {numbers}  {row['runs']} {row['unit']}")


def main() -> None:
    """Build the site, serve it, measure it, print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--site", type=Path, help="a site that is built already"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument(
        "--skip-page", action="store_true", help="not the CNN page"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = options.site or Path(folder, "site")
        if options.site is None:
            build_site(site)
        handler = functools.partial(_Quiet, directory=str(site))
        with _Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/"
            results = measure(url, options.repeats, whole=not options.skip_page)
            server.shutdown()
    machine = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
    }
    _print_table(results)
    print(
        f"on {machine['cores']} cores, load {machine['load']:.1f}, {machine['system']}"
    )
    if options.json is not None:
        options.json.write_text(
            json.dumps({"machine": machine, "results": results}, indent=2)
        )


if __name__ == "__main__":
    main()
