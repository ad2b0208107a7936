"""Run to first output beside a plain `loadPyodide` page: a ratio, interleaved.

Run it as ``python -m site_tests.bench.restored_start``. The plain page does
what Pyodide's manual says: `loadPyodide`, `loadPackage("numpy")`, run, in a
worker of its own, from the files that Pyodide ships. Each round measures the
plain page, ours from the files and ours from a snapshot, one after the other,
so that a busy machine is busy for all three.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site_tests" / "browser")]

from chromium import launch  # noqa: E402

from site_tests.bench.start_up import (  # noqa: E402
    PROBE,
    RUN_AND_TIME,
    USE_PROBE,
    _first_cell,
    _Quiet,
    _Server,
    build_site,
)
from tutorial_kernels.site.assemble.lockfile import (  # noqa: E402
    locked_packages,
)
from tutorial_kernels.site.assemble.sources import (  # noqa: E402
    cache_folder,
    fetch,
)

PYODIDE = ROOT / "src" / "cell_engine" / "node_modules" / "pyodide"
PLAIN_WORKER = f"""
import {{ loadPyodide }} from "./pyodide.mjs";
self.onmessage = async () => {{
  const pyodide = await loadPyodide({{
    stdout: (text) => self.postMessage(text),
  }});
  await pyodide.loadPackage("numpy", {{ messageCallback: () => {{}} }});
  await pyodide.runPythonAsync("{PROBE}");
}};
"""
PLAIN_PAGE = """<!doctype html><title>plain</title><pre id="output"></pre>
<script>
  window.run = () => new Promise((resolve) => {
    const start = performance.now();
    const worker = new Worker("plain.js", { type: "module" });
    worker.onmessage = ({ data }) => {
      document.getElementById("output").textContent = data;
      requestAnimationFrame(() => resolve(performance.now() - start));
    };
    worker.postMessage(null);
  });
</script>
"""
SNAPSHOT_IS_KEPT = """async () => {
  const cache = await caches.open("tutorial-kernels-snapshot");
  const keys = await cache.keys();
  return keys.some(({ url }) => url.endsWith("/index"));
}"""


def _write_plain_page(site: Path) -> None:
    folder = site / "plain_pyodide"
    folder.mkdir()
    for name in (
        "pyodide.mjs",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
    ):
        shutil.copyfile(PYODIDE / name, folder / name)
    (package,) = locked_packages(PYODIDE / "pyodide-lock.json", ["numpy"])
    kept = fetch(package.wheel, cache_folder(), ())
    shutil.copyfile(kept, folder / package.wheel.name)
    (folder / "plain.js").write_text(PLAIN_WORKER)
    (folder / "plain.html").write_text(PLAIN_PAGE)


def _plain(context: BrowserContext, url: str) -> float:
    page = context.new_page()
    page.goto(f"{url}plain_pyodide/plain.html")
    page.wait_for_timeout(300)
    try:
        return float(page.evaluate("window.run()"))
    finally:
        page.close()


def _ours(context: BrowserContext, url: str) -> float:
    """Milliseconds from Run to output; too short a visit for a snapshot."""
    page = context.new_page()
    page.add_init_script(USE_PROBE)
    page.goto(url)
    page.wait_for_selector(".cell-bar")
    page.wait_for_timeout(300)
    try:
        return float(page.evaluate(RUN_AND_TIME, _first_cell(page)))
    finally:
        page.close()


def _make_snapshot(context: BrowserContext, url: str) -> None:
    """A first visit, long enough for the idle worker to do its work."""
    page = context.new_page()
    page.goto(url)
    page.hover(".cell[data-cell]")
    for _ in range(600):
        page.wait_for_timeout(500)
        if page.evaluate(SNAPSHOT_IS_KEPT):
            page.close()
            return
    raise RuntimeError("no snapshot was kept within five minutes")


def measure(url: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every round, by the kind of start."""
    times: dict[str, list[float]] = {"plain": [], "files": [], "snapshot": []}
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        launch(playwright, Path(folder, "files")) as files,
        launch(playwright, Path(folder, "snapshot")) as restored,
    ):
        takes: dict[str, Callable[[], float]] = {
            "plain": functools.partial(_plain, files, url),
            "files": functools.partial(_ours, files, url),
            "snapshot": functools.partial(_ours, restored, url),
        }
        for take in takes.values():  # the second visit has compiled code
            take()
            take()
        _make_snapshot(restored, url)
        takes["snapshot"]()
        for _ in range(rounds):
            for name, take in takes.items():
                times[name].append(take())
            print({n: round(t[-1]) for n, t in times.items()}, file=sys.stderr)
    return times


def main() -> None:
    """Build the site, serve it beside the plain page, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--site", type=Path, help="a site that is built already"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        if options.site is None:
            build_site(site)
        else:
            shutil.copytree(options.site, site)
        _write_plain_page(site)
        handler = functools.partial(_Quiet, directory=str(site))
        with _Server(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/"
            times = measure(url, options.rounds)
            server.shutdown()
    medians = {name: statistics.median(row) for name, row in times.items()}
    for name, row in times.items():
        ratios = [t / p for t, p in zip(row, times["plain"], strict=True)]
        print(
            f"{name:10} {medians[name]:8.0f} ms, "
            f"{statistics.median(ratios):.2f} of plain "
            f"({min(ratios):.2f} to {max(ratios):.2f}, n={len(row)})"
        )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if options.json is not None:
        options.json.write_text(json.dumps(times, indent=2))


if __name__ == "__main__":
    main()
