"""NumPy's compiled loops in the page: installed, right, fast, and optional."""

import re

import pytest

# The ratios do not depend on how busy the machine is; these are floors.
RATIO_SQUARE = 8

RATIO = """
import time
import numpy as np
from tutorial_kernels import fast

a, b = np.cos(np.arange(2 * 256 * 256.0)).astype("f").reshape(2, 256, 256)

def fastest(times=5):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        a @ b
        seconds.append(time.perf_counter() - start)
    return min(seconds)

name = fast.installed()
with_loops = fastest(20)
fast.uninstall()
own = fastest()
fast.install()
print(name, round(own / with_loops, 1))
"""

UNINSTALL = """
import numpy as np
from tutorial_kernels import fast

def results():
    a = np.cos(np.arange(100 * 100.0)).reshape(100, 100)
    f = a.astype("f")
    found = [a @ a, f @ f.T, np.exp(f), np.tanh(f), np.log(f + 2), f.max(axis=0)]
    return [x.tobytes() for x in found]

during = results()
fast.uninstall()
own = results()
fast.install()
print(results() == during, during != own)
fast.uninstall()
print(results() == own, fast.installed())
fast.install()
"""

# A browser that accepts neither library; both have a size in between.
REFUSE = """
const Whole = WebAssembly.Module;
WebAssembly.Module = new Proxy(Whole, {
  construct(target, [bytes]) {
    if (bytes.byteLength > 15000 && bytes.byteLength < 40000) {
      throw new WebAssembly.CompileError("refused by this test");
    }
    return new target(bytes);
  },
});
"""


def test_the_page_has_the_loops_and_they_are_fast(alone):
    name, ratio = alone.run("alone", RATIO).split()
    assert name in {"loops_relaxed.wasm", "loops_simd.wasm"}
    assert float(ratio) >= RATIO_SQUARE


@pytest.mark.parametrize("library", ["relaxed", "simd"])
def test_every_property_holds_in_the_page(alone, root, library):
    folder = root / "site_tests/fast"
    source = "\n".join(
        (folder / name).read_text() for name in ("pooling.py", "properties.py")
    )
    use = (
        "from tutorial_kernels import fast\nfrom tutorial_kernels.fast import loading\n"
        f"fast.uninstall()\nfast.install(loading.HERE / 'loops_{library}.wasm')\n"
    )
    check = (
        "\nheld = check(range(12)) + check(range(40), (pooling,))"
        "\nprint(held, 'hold with', fast.installed())\n"
    )
    alone.write("alone", use + source + check)
    alone.press("alone")
    assert alone.wait("alone", seconds=120) == "done", alone.text("alone")
    words = rf"\d+ hold with loops_{library}\.wasm"
    assert re.fullmatch(words, alone.text("alone").strip())


def test_uninstall_gives_back_every_bit(alone):
    assert alone.run("alone", UNINSTALL).split("\n")[:2] == [
        "True True",
        "True None",
    ]


def test_a_browser_that_refuses_them_says_so_once(
    start_browser, make_cells, host
):
    context = start_browser()
    page = context.new_page()

    def add_refusal(route):
        response = route.fetch()
        route.fulfill(response=response, body=REFUSE + response.text())

    page.route("**/worker.js*", add_refusal)
    cells = make_cells(page, host)
    cells.open("other/")
    page.hover("#alone")
    page.wait_for_selector(".cell-runtime[data-state=ready]")
    words = page.locator(".cell-runtime-words")
    assert words.inner_text().startswith(
        "Python is ready. NumPy is slower here: no library opens: loops_relaxed.wasm:"
    )
    code = (
        "import numpy as np\nfrom tutorial_kernels import fast\n"
        "print(fast.installed(), (np.ones((3, 4)) @ np.ones((4, 5))).sum())"
    )
    assert cells.run("alone", code) == "None 60.0\n"
    assert words.inner_text() == "Python is ready"
    context.close()
