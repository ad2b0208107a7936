"""A later visit starts from the memory of an earlier one, or from the files."""

import json

import pytest

from site_tests.browser.waiting import wait_until

COPY = """async ([from, to]) => {
  await caches.delete(to);
  const source = await caches.open(from);
  const target = await caches.open(to);
  for (const request of await source.keys()) {
    await target.put(request, await source.match(request));
  }
  return (await target.keys()).map(({ url }) => url.split('/').at(-1)).sort();
}"""
NAMES = """async () => {
  const cache = await caches.open('tutorial-kernels-snapshot');
  return (await cache.keys()).map(({ url }) => url.split('/').at(-1)).sort();
}"""
# What befalls the three parts: each is a function of the part's bytes.
ALTER = """async ([name, how]) => {
  const cache = await caches.open('tutorial-kernels-snapshot');
  const request = (await cache.keys()).find(({ url }) => url.endsWith(name));
  const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
  if (how === 'gone') await cache.delete(request);
  else if (how === 'cut') {
    await cache.put(request, new Response(bytes.slice(0, bytes.length >> 1)));
  } else if (how === 'turned') {
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(request, new Response(bytes));
  } else if (how === 'garbage') {
    await cache.put(request, new Response('{"parts": 3}'));
  }
}"""
# A memory of zeros behind the right head, with the hash that belongs to it.
POISON = """async () => {
  const cache = await caches.open('tutorial-kernels-snapshot');
  const part = async (name) => {
    const all = await cache.keys();
    const request = all.find(({ url }) => url.endsWith(name));
    return [request, await cache.match(request)];
  };
  const [heapRequest, heap] = await part('heap');
  const [indexRequest, indexResponse] = await part('index');
  const bytes = new Uint8Array(await heap.arrayBuffer());
  bytes.fill(0, new Uint32Array(bytes.buffer)[1]);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const index = await indexResponse.json();
  index.parts.heap.sha256 = Array.from(
    hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  await cache.put(heapRequest, new Response(bytes));
  await cache.put(indexRequest, Response.json(index));
}"""
LIVE = "tutorial-kernels-snapshot"
PARTS = ["files", "heap", "index"]


def _start_of(cells):
    return cells.page.locator(".cell-runtime").get_attribute("data-start")


def _wait_for_snapshot(page, seconds=60):
    names = []
    for _ in range(2 * seconds):
        names = page.evaluate(NAMES)
        if names == PARTS:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"kept after {seconds} s: {names}")


@pytest.fixture
def visited(start_browser, small_site, serve, make_cells):
    """A browser that was here before, and what it kept."""
    context = start_browser(viewport={"width": 1280, "height": 900})
    with serve(small_site) as host:
        cells = make_cells(context.new_page(), host)
        cells.open("other/")
        assert cells.run("alone") == "alone: False\n"
        assert _start_of(cells) == "files"
        _wait_for_snapshot(cells.page)
        assert cells.page.evaluate(COPY, [LIVE, "kept"]) == PARTS
        cells.page.close()
        yield context, host
    context.close()


@pytest.fixture
def again(visited, make_cells):
    """The next visit of that browser, with the snapshot as it was made."""
    context, host = visited
    page = context.new_page()
    page.goto(host.url + "plain/")
    page.evaluate(COPY, ["kept", LIVE])
    cells = make_cells(page, host)
    cells.open("other/")
    yield cells
    page.close()
    assert cells.foreign == []


def test_the_next_visit_starts_from_it(again):
    assert again.run("alone") == "alone: False\n"
    assert _start_of(again) == "snapshot"
    code = (
        "import numpy as np, numpy.fft, inspect, asyncio\n"
        "from tutorial_kernels.kernels import linear_forward\n"
        "print(np.linalg.svd(np.diag([3.0, 4.0]))[1], abs(np.fft.fft(np.ones(4)))[0])\n"
        "print(inspect.getsource(linear_forward).splitlines()[0])\n"
        "await asyncio.sleep(0.01)\n"
        "import importlib.metadata\n"
        "print(importlib.metadata.version('numpy') == np.__version__)\n"
        "linear_forward(np.ones((2, 3)), np.ones((4, 7)), None)"
    )
    text = again.run("alone", code)
    assert text.startswith("[4. 3.] 4.0\ndef linear_forward(")
    assert text.endswith("True\n")
    trace = again.page.locator("#alone + .cell-output .cell-error")
    assert "line 8" in trace.inner_text()
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('drawn')"
    assert again.run("alone", code) == "drawn\n"
    assert again.page.locator("#alone + .cell-output .cell-figure").count()
    assert again.errors == []


def test_a_restored_python_has_the_compiled_loops(again):
    code = (
        "import numpy as np\n"
        "from tutorial_kernels import fast\n"
        "a = np.cos(np.arange(90000.0)).reshape(300, 300).astype('f')\n"
        "name, product = fast.installed(), a @ a\n"
        "fast.uninstall()\n"
        "print(name, np.abs(product - a @ a).max() < 1e-3, fast.install() == name)"
    )
    assert again.run("alone", code) == "loops_relaxed.wasm True True\n"
    assert _start_of(again) == "snapshot"


def test_stop_works_in_a_restored_python(again):
    for loop in ("while True: pass", "import time\ntime.sleep(60)"):
        again.write("alone", f"kept = 42\n{loop}")
        again.press("alone")
        again.wait("alone", "running")
        again.page.wait_for_timeout(300)
        again.stop("alone")
        assert "variables kept" in again.status("alone")
        assert again.run("alone", "print(kept)") == "42\n"
    assert _start_of(again) == "snapshot"


def test_every_visit_draws_its_own_numbers(visited, make_cells):
    code = (
        "import random, numpy as np\n"
        "from tutorial_kernels import randomness\n"
        "print(random.random(), np.random.rand(), "
        "randomness.generator.random(), np.random.default_rng().random())"
    )
    context, host = visited
    seen = []
    for _ in range(2):
        page = context.new_page()
        page.goto(host.url + "plain/")
        page.evaluate(COPY, ["kept", LIVE])
        cells = make_cells(page, host)
        cells.open("other/")
        seen.append(cells.run("alone", code).split())
        assert _start_of(cells) == "snapshot"
        page.close()
    assert all(a != b for a, b in zip(*seen, strict=True)), seen


@pytest.mark.parametrize(
    ("part", "how"),
    [
        ("heap", "cut"),
        ("heap", "turned"),
        ("files", "turned"),
        ("files", "garbage"),
        ("files", "gone"),
        ("index", "cut"),
        ("index", "garbage"),
        ("index", "gone"),
    ],
)
def test_a_damaged_snapshot_is_harmless(again, part, how):
    again.page.evaluate(ALTER, [part, how])
    again.open("other/")
    assert again.run("alone") == "alone: False\n"
    assert _start_of(again) == "files"
    assert again.errors == []
    if how != "gone":
        names = again.page.evaluate(NAMES)
        assert names == ["failures"]


def test_a_poisoned_memory_is_harmless(again):
    again.page.evaluate(POISON)
    again.open("other/")
    assert again.run("alone") == "alone: False\n"
    assert _start_of(again) == "files"


def test_what_fails_twice_is_not_made_again(again):
    for _ in range(2):
        again.page.evaluate(COPY, ["kept", "both"])
        again.page.evaluate(
            "async () => { const live = await caches.open("
            "'tutorial-kernels-snapshot'); const kept = await "
            "caches.open('kept'); for (const key of await kept.keys()) "
            "await live.put(key, await kept.match(key)); }"
        )
        again.page.evaluate(ALTER, ["heap", "turned"])
        again.open("other/")
        assert again.run("alone") == "alone: False\n"
    again.page.wait_for_timeout(4_500)
    assert again.page.evaluate(NAMES) == ["failures"]
    assert len(again.page.workers) == 1


def test_an_older_version_goes(again):
    again.page.evaluate(
        "async () => { const cache = await caches.open("
        "'tutorial-kernels-snapshot'); "
        "for (const key of await cache.keys()) await cache.delete(key); "
        "await cache.put('/older/index', new Response('{}')); }"
    )
    again.open("other/")
    assert again.run("alone") == "alone: False\n"
    _wait_for_snapshot(again.page)


def test_no_room_no_snapshot(start_browser, make_cells, host):
    """The browser grants a tenth of what it takes; the page hopes for more."""
    context = start_browser()
    page = context.new_page()
    page.add_init_script(
        "navigator.storage.estimate = async () => ({quota: 1e12, usage: 0})"
    )
    client = context.new_cdp_session(page)
    origin = host.url.rsplit("/", 2)[0]
    client.send(
        "Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 4e6}
    )
    cells = make_cells(page, host)
    cells.open("other/")
    assert cells.run("alone") == "alone: False\n"
    wait_until(
        page, "() => performance.getEntriesByType('resource').length > 0"
    )
    page.wait_for_timeout(3_500)
    while len(page.workers) > 1:
        page.wait_for_timeout(300)
    assert page.evaluate(NAMES) == []
    assert cells.run("alone", "print('alive')") == "alive\n"
    assert cells.errors == []
    context.close()


def test_storage_switched_off_is_a_plain_start(
    playwright, tmp_path, make_cells, host
):
    """As in some private modes: every touch of a storage throws."""
    from chromium import launch

    folder = tmp_path / "Default"
    folder.mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (folder / "Preferences").write_text(json.dumps(blocked))
    context = launch(playwright, tmp_path)
    cells = make_cells(context.new_page(), host)
    cells.open("other/")
    assert cells.page.evaluate(
        "async () => { try { await caches.open('x'); return false; }"
        " catch { return true; } }"
    )
    assert cells.run("alone") == "alone: False\n"
    assert _start_of(cells) == "files"
    cells.page.wait_for_timeout(4_000)
    assert len(cells.page.workers) == 1
    context.close()
