"""The compiled loops in Firefox: the same properties, the same floor.

Firefox is started on a page that runs them and sends what came out; no driver
is needed for that.
"""

import functools
import http.server
import json
import queue
import shutil
import subprocess
import threading

import pytest

RATIO_SQUARE = 8
PATIENCE = 120  # seconds for each start
STARTS = 3  # a new profile sometimes opens no page at first

PAGE = """<!doctype html><script type="module">
import { loadPyodide } from "/runtime/pyodide.mjs";
let result;
try {
  const python = await loadPyodide({ indexURL: "/runtime/", packages: PACKAGES });
  const code = await (await fetch("/code")).text();
  result = await python.runPythonAsync(code);
} catch (error) {
  result = JSON.stringify({ error: String(error) });
}
await fetch("/result", { method: "POST", body: result });
</script>"""

USE = """
import json
import time
from tutorial_kernels import fast
from tutorial_kernels.fast import loading

held = {}
for kind in ("relaxed", "simd"):
    try:
        fast.install(loading.HERE / f"loops_{kind}.wasm")
        held[kind] = check(range(8)) + check(range(40), (pooling,))
    except fast.LoopsUnavailable as error:
        held[kind] = str(error)
    fast.uninstall()

a = np.cos(np.arange(256 * 256.0)).reshape(256, 256).astype(np.float32)

def fastest():
    times = []
    for _ in range(5):  # each long enough for a clock of whole milliseconds
        start = time.perf_counter()
        for _ in range(30):
            a @ a
        times.append(time.perf_counter() - start)
    return min(times)

own = fastest()
own_bits = (a @ a).tobytes()
name = fast.install()
ratio = own / fastest()
fast.uninstall()
json.dumps({
    "held": held, "library": name, "ratio": ratio,
    "restored": (a @ a).tobytes() == own_bits,
})
"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args, runtime, texts, results, **options):
        self.runtime, self.texts, self.results = runtime, texts, results
        super().__init__(*args, **options)

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        return str(self.runtime / path.rpartition("/")[2])

    def do_GET(self):
        text = self.texts.get(self.path)
        if text is None:
            super().do_GET()
            return
        self._answer(text.encode())

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.results.put(self.rfile.read(size).decode())
        self._answer(b"thanks")

    def _answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def ask(firefox, profile, url, results):
    """What a Firefox with a new profile sends, or nothing in time."""
    command = [
        firefox,
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        url,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return json.loads(results.get(timeout=PATIENCE))
        except queue.Empty:
            return None
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def found(root, tmp_path_factory):
    """What Firefox found out."""
    firefox = shutil.which("firefox") or shutil.which("firefox-esr")
    if firefox is None:
        pytest.skip("needs Firefox on the PATH: apt-get install firefox-esr")
    current = json.loads(
        (root / "docs/assets/pyodide/current.json").read_text()
    )
    folder = root / "site_tests/fast"
    properties = "\n".join(
        (folder / name).read_text() for name in ("pooling.py", "properties.py")
    )
    packages = json.dumps(current["packages"])
    results = queue.Queue()
    handler = functools.partial(
        _Handler,
        runtime=root / "docs/assets/pyodide" / current["path"],
        texts={
            "/": PAGE.replace("PACKAGES", packages),
            "/code": properties + USE,
        },
        results=results,
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        result = None
        for _ in range(STARTS):
            profile = tmp_path_factory.mktemp("firefox")
            if (result := ask(firefox, profile, url, results)) is not None:
                break
        server.shutdown()
    assert result is not None, f"Firefox was silent in {STARTS} starts"
    assert "error" not in result, result["error"]
    return result


def test_every_property_holds_with_simd(found):
    assert isinstance(found["held"]["simd"], int), found["held"]["simd"]


def test_every_property_holds_with_relaxed_simd_or_it_is_refused(found):
    held = found["held"]["relaxed"]
    assert isinstance(held, int) or held.startswith("no library opens"), held


def test_a_product_is_fast(found):
    assert found["library"] in {"loops_relaxed.wasm", "loops_simd.wasm"}
    assert found["ratio"] >= RATIO_SQUARE


def test_uninstall_gives_back_every_bit(found):
    assert found["restored"]
