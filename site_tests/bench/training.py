"""How fast NumPy is in the page: products and training steps, as ratios.

Run it as ``python -m site_tests.bench.training``. It writes a line of
``docs/assets/benchmark/record.json`` and the table of the page on speed, and
compares with the line before. Ratios within one page load stay the same on a
busy machine; times do not.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import http.server
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site_tests" / "browser"))

from chromium import launch  # noqa: E402

from site_tests.programs import module_of  # noqa: E402

BUILD = module_of(ROOT / "src/fast_loops/build.py")
PEAK = Path(__file__).with_name("peak.c")
BENCHMARK = ROOT / "docs/assets/benchmark"
RECORD = BENCHMARK / "record.json"
TABLE = BENCHMARK / "table.md"
RUNTIME = ROOT / "docs/assets/pyodide"
TITLES = {
    "mlp": "MLP",
    "cnn": "CNN",
    "lstm": "LSTM",
    "block": "Transformer block",
}
ROWS = {
    "textbook": "NumPy in the page, as one first writes it",
    "course": "this course, NumPy's own loops",
    "textbook with loops": "the first row with the compiled loops",
    "course with loops": "**this course with the compiled loops**",
    "native NumPy": "this course in CPython, NumPy with OpenBLAS",
    "native PyTorch": "PyTorch 2.13 in CPython",
}
PEERS = {
    "jax-js": {"script": "jax", "backend": "wasm"},
    "TensorFlow.js": {"script": "tensorflow", "backend": "wasm"},
}
ON_TAPE = "on the tape, against its kernels by hand"
# What we aim at; on a busy machine a ratio falls, but not by a third.
AIMS = {
    "a @ b, float32 4": 0.95,
    "a @ b, float32 128": 12,
    "a @ b, float32 512": 30,
    "a @ b, float64 256": 8,
    "a @ b, float32 256, of the peak": 0.6,
    "MLP, against textbook NumPy": 10,
    "CNN, against textbook NumPy": 7,
    "LSTM, against textbook NumPy": 13,
    "Transformer block, against textbook NumPy": 9,
    f"MLP, {ON_TAPE}": 0.9,
    **{f"{title}, against jax-js": 1.3 for title in TITLES.values()},
    **{
        f"{title}, against TensorFlow.js": 8
        for title in TITLES.values()
        if title != "CNN"  # it has no gradient of a convolution
    },
}
PEER_ROUNDS = 3  # all in turns, the best of each counts
WORSE = 0.7  # of the last record: worth a warning; of an aim: a failure

PAGE = """<!doctype html><script type="module">
import { loadPyodide } from "/runtime/pyodide.mjs";
const text = async (path) => (await fetch(path)).text();
const ask = ({ script, ...question }) => new Promise((resolve) => {
  const worker = new Worker(`/cells/peer_${script}.js`, { type: "module" });
  const end = (answer) => { worker.terminate(); resolve(answer); };
  worker.onmessage = (event) => end(event.data);
  worker.onerror = (event) => end({ error: event.message });
  worker.postMessage(question);
});
try {
  const python = await loadPyodide({ indexURL: "/runtime/", packages: PACKAGES });
  for (const name of ["networks.py", "textbook.py"]) {
    python.FS.writeFile(`/home/pyodide/${name}`, await text(`/benchmark/${name}`));
  }
  for (const kind of ["relaxed", "simd"]) {
    const library = await (await fetch(`/peak/peak_${kind}.wasm`)).arrayBuffer();
    python.FS.writeFile(`/home/pyodide/peak_${kind}.wasm`, new Uint8Array(library));
  }
  const result = await python.runPythonAsync(await text("/in_page.py"));
  const measured = { ...JSON.parse(result), peers_ms: {} };
  for (const network of Object.keys(measured.steps_ms)) {
    const times = {};
    const note = (name, milliseconds) => {
      if (milliseconds === undefined) return; // it cannot train this one
      times[name] = Math.min(times[name] ?? Infinity, milliseconds);
    };
    for (let round = 0; round < PEER_ROUNDS; round++) {
      note("ours", python.runPython(`best("${network}")`));
      for (const [name, peer] of Object.entries(PEERS)) {
        note(name, (await ask({ network, ...peer })).milliseconds);
      }
    }
    measured.peers_ms[network] = times;
  }
  window.result = JSON.stringify(measured);
} catch (error) {
  window.result = JSON.stringify({ error: String(error) });
}
</script>"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(
        self, *args: Any, runtime: Path, peak: Path, page: str, **options: Any
    ) -> None:
        self.runtime, self.peak, self.page = runtime, peak, page
        super().__init__(*args, **options)

    def log_message(self, *_: object) -> None:
        pass

    def translate_path(self, path: str) -> str:
        folder, _, name = path.removeprefix("/").rpartition("/")
        places = {"runtime": self.runtime, "benchmark": BENCHMARK}
        places["peak"] = self.peak
        places["cells"] = ROOT / "docs/assets/cells"
        return str(places.get(folder, Path(__file__).parent) / name)

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(self.page)))
            self.end_headers()
            self.wfile.write(self.page.encode())
        else:
            super().do_GET()


def in_page() -> dict[str, Any]:
    """Everything that the page measures."""
    current = json.loads((RUNTIME / "current.json").read_text())
    page_text = PAGE.replace("PACKAGES", json.dumps(current["packages"]))
    page_text = page_text.replace("(PEERS)", f"({json.dumps(PEERS)})")
    page_text = page_text.replace("PEER_ROUNDS", str(PEER_ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        peak = Path(folder)
        for kind in BUILD.WASM:
            target = peak / f"peak_{kind}.wasm"
            BUILD.build_wasm(kind, target, [str(PEAK)])
        return _ask(
            functools.partial(
                _Handler,
                runtime=RUNTIME / current["path"],
                peak=peak,
                page=page_text,
            )
        )


def _ask(handler: Callable[..., _Handler]) -> dict[str, Any]:
    """Open the page in a browser and wait for what it found."""
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with launch(playwright, Path(folder)) as context:
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.wait_for_function(
                "window.result !== undefined", timeout=1_200_000
            )
            result = json.loads(page.evaluate("window.result"))
        server.shutdown()
    if "error" in result:
        raise RuntimeError(result["error"])
    return dict(result)


NATIVE = """
import json, sys, time
sys.path[:0] = [BENCHMARK, ROOT]
import networks
from site_tests.bench import torch_networks

def best(step):
    for _ in range(3):
        step()
    rounds = []
    for _ in range(7):
        start, count = time.process_time(), 0
        while time.process_time() - start < 0.1:
            step()
            count += 1
        rounds.append((time.process_time() - start) / count * 1000)
    return min(rounds)

print(json.dumps({name: {
    "native NumPy": best(networks.course(name)),
    "native PyTorch": best(torch_networks.step(name)),
} for name in networks.NAMES}))
"""


def in_cpython() -> dict[str, dict[str, float]]:
    """The same steps without a browser, one thread each."""
    head = f"BENCHMARK, ROOT = {str(BENCHMARK)!r}, {str(ROOT)!r}\n"
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", head + NATIVE],
        stdout=subprocess.PIPE, check=True, env=os.environ | one, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def ratios(entry: dict[str, Any]) -> dict[str, float]:
    """What does not depend on how busy the machine is; larger is better."""
    found = {f"a @ b, {k}": v["ratio"] for k, v in entry["products"].items()}
    if "peak_gflops" in entry:
        fast = entry["products"]["float32 256"]["gflops"]
        found["a @ b, float32 256, of the peak"] = fast / entry["peak_gflops"]
    if "token_ms" in entry:
        with_cache = entry["token_ms"]["with a cache"]
        for other in ("without a cache", "eight at a time"):
            found[f"a token, {other}"] = entry["token_ms"][other] / with_cache
    for name, times in entry["steps_ms"].items():
        title, ours = TITLES[name], times["course with loops"]
        found[f"{title}, against textbook NumPy"] = times["textbook"] / ours
        found[f"{title}, loops off and on"] = times["course"] / ours
        if "on the tape" in times:
            by_hand = times["by hand"]
            found[f"{title}, {ON_TAPE}"] = by_hand / times["on the tape"]
            found[f"{title}, in modules {ON_TAPE}"] = by_hand / ours
        peers = entry.get("peers_ms", {}).get(name, {})
        for peer in PEERS:
            if peers.get(peer) is not None:
                ratio = peers[peer] / peers["ours"]
                found[f"{title}, against {peer}"] = ratio
    return found


def lost(found: dict[str, float], last: dict[str, float]) -> list[str]:
    """Aims of the last record that are far away now: no busy machine's doing."""
    return [
        f"{name}: {found.get(name, 0):.2f}, the aim is {aim}"
        for name, aim in AIMS.items()
        if last.get(name, 0) >= aim and found.get(name, 0) < WORSE * aim
    ]


def table(entry: dict[str, Any]) -> str:
    """The table of the page on speed."""
    steps, products = entry["steps_ms"], entry["products"]
    heads = [TITLES[name] for name in steps]
    lines = [
        f"One thread, {entry['machine']}, {entry['date']}, at a load of "
        f"{entry['load']:.0f}: as many processes wanted the cores at a time.",
        "",
        "| Milliseconds a step | " + " | ".join(heads) + " |",
        "|---|" + "---|" * len(heads),
    ]
    for key, title in ROWS.items():
        cells = []
        for times in steps.values():
            ratio = times["textbook"] / times[key]
            cells.append(f"{times[key]:.3g} ({ratio:.1f}×)")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "The factor in brackets is how often the first row's step would fit in.",
        "",
        "| `a @ b` | " + " | ".join(products) + " |",
        "|---|" + "---|" * len(products),
    ]
    times_as_fast = [f"{p['ratio']:.1f}×" for p in products.values()]
    lines.append("| times as fast | " + " | ".join(times_as_fast) + " |")
    speeds = [f"{p['gflops']:.2g}" for p in products.values()]
    lines.append("| 10⁹ operations a second | " + " | ".join(speeds) + " |")
    if "token_ms" in entry:
        size = f"{entry['token_ms']['parameters'] / 1e6:.1f}"
        lines += [
            "",
            f"| A Transformer of {size} million parameters | ms a token |",
            "|---|---|",
        ]
        for key, value in entry["token_ms"].items():
            if key != "parameters":
                lines.append(f"| {key} | {value:.3g} |")
    lines += ["", "| What we aim at | Aim | Measured | |", "|---|---|---|---|"]
    found = ratios(entry)
    for name, aim in AIMS.items():
        if name in found:
            met = "met" if found[name] >= aim else "**not met**"
            lines.append(f"| {name} | {aim}× | {found[name]:.2f}× | {met} |")
    return "\n".join(lines) + "\n"


def compare(new: dict[str, float], old: dict[str, float]) -> list[str]:
    """One line for every ratio, with the last record's."""
    lines = []
    for name, ratio in new.items():
        before = old.get(name)
        if before is None:
            lines.append(f"{name:45} {ratio:8.2f}")
            continue
        warning = "  <- worse" if ratio < WORSE * before else ""
        lines.append(f"{name:45} {ratio:8.2f}   was {before:8.2f}{warning}")
    return lines


def main() -> None:
    """Measure, compare, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="record nothing")
    options = parser.parse_args()
    native = in_cpython()  # the short part first: mistakes show early
    history = json.loads(RECORD.read_text()) if RECORD.exists() else []
    entry: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "load": os.getloadavg()[0],
        **in_page(),
    }
    for name, times in native.items():
        entry["steps_ms"][name] |= times
    last = ratios(history[-1]) if history else {}
    print("\n".join(compare(ratios(entry), last)))
    print(f"installed in {entry['install_ms']:.1f} ms")
    if not options.dry_run:
        RECORD.write_text(json.dumps([*history, entry], indent=1) + "\n")
        TABLE.write_text(table(entry), encoding="utf-8")
    if gone := lost(ratios(entry), last):
        sys.exit("met before, and far from it now:\n" + "\n".join(gone))


if __name__ == "__main__":
    main()
