"""Without a network, across two builds of the site, and with a bad cache."""

import shutil

import pytest
from kept import KEPT

from site_tests.browser.waiting import wait_until
from tutorial_kernels.site.offline import write_build, write_retired

RETIRED = f"""
async () => !(await navigator.serviceWorker.getRegistrations()).length
  && !(await ({KEPT})()).length
"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
WASM = (
    f"""async () => (await ({KEPT})()).some((url) => url.endsWith('.wasm'))"""
)
PAGE_KEPT = f"""
async () => (await ({KEPT})()).some((url) => url.endsWith("/other/"))
"""
EDITOR = f"async () => /codemirror-/.test(String(await ({KEPT})()))"
NOTICE = ".site-notice p"
# A new service worker that has to wait: Chromium may keep the one before it
# for minutes, when an event wakes that one as it ends.
HELD = "self.skipWaiting = () => new Promise(() => {});"
# The same byte of every kept file that ends so, turned over.
POISON = """async (ending) => {
  let count = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.endsWith(ending)) continue;
      const old = await cache.match(request);
      const bytes = new Uint8Array(await old.arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(request, new Response(bytes, {headers: old.headers}));
      count += 1;
    }
  }
  return count;
}"""
SAME_AS_SERVED = """async (ending) => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.endsWith(ending)) continue;
      const kept = new Uint8Array(await (await cache.match(request)).arrayBuffer());
      return kept.length;
    }
  }
  return null;
}"""


def mark(site, word):
    """Make a build of its own: a page, a script's style and data say so."""
    for page in site.rglob("*.html"):
        html = page.read_text()
        page.write_text(html.replace("</h1>", f" {word}</h1>", 1))
    style = site / "assets/cells/cells.css"
    style.write_text(f"{style.read_text()}:root{{--deployed:{word}}}")
    (site / "assets/build.txt").write_text(word)
    write_build(site)


SHOWN = """async () => {
  const text = await (await fetch(new URL('assets/build.txt',
    document.querySelector('.md-logo').href))).text();
  const style = getComputedStyle(document.documentElement);
  return [document.querySelector('h1').firstChild.data.trim().split(' ').at(-1),
    style.getPropertyValue('--deployed').trim(), text];
}"""


@pytest.fixture
def site(small_site, tmp_path):
    """A copy of the small site, built as ``one``."""
    target = tmp_path / "site"
    shutil.copytree(small_site, target)
    mark(target, "one")
    return target


@pytest.fixture
def deploy(small_site, site, tmp_path):
    """Puts another build in the place of the one that is served."""

    def put(word):
        new = tmp_path / word
        shutil.copytree(small_site, new)
        mark(new, word)
        site.rename(tmp_path / f"before {word}")
        new.rename(site)

    return put


@pytest.fixture
def reader(start_browser):
    context = start_browser(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def test_without_a_network_visited_pages_and_python_go_on(
    site, serve, reader, make_cells
):
    with serve(site) as host:
        cells = make_cells(reader.new_page(), host)
        cells.open("other/")
        assert cells.run("alone") == "alone: False\n"
        wait_until(cells.page, CONTROLLED)
        wait_until(cells.page, WASM)
        wait_until(cells.page, EDITOR)
        kept = cells.page.evaluate(KEPT)
        assert not any("tfjs" in url or "peer_" in url for url in kept)
        assert not any("matplotlib" in url for url in kept)
        code = "import matplotlib\nprint(matplotlib.__name__)"
        assert cells.run("alone", code) == "matplotlib\n"
        host.down = True
        cells.open("other/")
        assert cells.run("alone", code) == "matplotlib\n"
        print(cells.errors)
        cells.page.goto(host.url + "plain/")
        text = cells.page.inner_text("main")
        assert "not kept on this device" in text
        cells.page.get_by_role("link", name="Another page").click()
        cells.page.wait_for_selector("#alone .cell-bar")
        assert cells.foreign == []


def test_a_new_build_takes_over_when_the_reader_says_so(
    site, serve, reader, deploy, make_cells
):
    with serve(site) as host:
        page = make_cells(reader.new_page(), host).page
        page.goto(host.url + "other/")
        wait_until(page, CONTROLLED)
        page.reload()
        assert page.evaluate(SHOWN) == ["one"] * 3
        second = make_cells(reader.new_page(), host)
        second.open("other/")
        deploy("two")
        page.reload()
        page.locator(NOTICE).wait_for()
        assert "new version" in page.inner_text(NOTICE)
        assert page.evaluate(SHOWN) == ["one"] * 3
        # A page that was never here: all of it comes from the server.
        third = reader.new_page()
        third.goto(host.url + "plain/")
        assert third.evaluate(SHOWN) == ["two"] * 3
        wait_until(page, CONTROLLED)
        page.get_by_role("button", name="Show it").click()
        page.locator("h1", has_text="two").wait_for()
        assert page.evaluate(SHOWN) == ["two"] * 3
        assert third.evaluate(SHOWN) == ["two"] * 3
        # The other tab stays what it was, its Python and its files.
        assert second.page.evaluate(SHOWN) == ["one"] * 3
        assert second.run("alone") == "alone: False\n"
        second.page.reload()
        assert second.page.evaluate(SHOWN) == ["two"] * 3
        assert page.locator(NOTICE).count() == 0


@pytest.fixture
def show_held(site, deploy):
    """Deploys ``two``, whose worker has to wait; the reader has it shown."""

    def show(page):
        deploy("two")
        script = site / "service_worker.js"
        script.write_text(HELD + script.read_text())
        page.reload()
        page.get_by_role("button", name="Show it").click()
        page.locator("h1", has_text="two").wait_for()

    return show


def test_a_new_build_is_shown_though_it_cannot_take_over_yet(
    site, serve, reader, show_held
):
    with serve(site) as host:
        page = reader.new_page()
        page.goto(host.url + "other/")
        wait_until(page, CONTROLLED)
        page.reload()
        assert page.evaluate(SHOWN) == ["one"] * 3
        other = reader.new_page()
        other.goto(host.url + "other/")
        show_held(page)
        assert page.evaluate(SHOWN) == ["two"] * 3
        assert page.locator(NOTICE).count() == 0
        assert other.evaluate(SHOWN) == ["one"] * 3
        other.reload()
        assert other.evaluate(SHOWN) == ["two"] * 3


@pytest.mark.parametrize("trouble", ["down", "busy"])
def test_a_build_that_stepped_aside_helps_without_a_server(
    site, serve, reader, show_held, trouble
):
    with serve(site) as host:
        page = reader.new_page()
        page.goto(host.url + "other/")
        wait_until(page, CONTROLLED)
        page.reload()
        wait_until(page, PAGE_KEPT)
        show_held(page)
        setattr(host, trouble, True)
        page.reload()
        page.locator("h1", has_text="one").wait_for()


def test_a_bad_cache_and_a_full_one_are_harmless(
    site, serve, reader, make_cells
):
    with serve(site) as host:
        cells = make_cells(reader.new_page(), host)
        cells.open("other/")
        assert cells.run("alone") == "alone: False\n"
        wait_until(cells.page, WASM)
        wait_until(cells.page, EDITOR)
        # A missing file and a part of one are never kept.
        cells.page.evaluate(
            """async () => {
              await fetch('../missing.txt');
              await fetch('../assets/build.txt', {headers: {Range: 'bytes=0-1'}});
            }"""
        )
        kept = cells.page.evaluate(KEPT)
        assert not any("missing" in url or "build.txt" in url for url in kept)
        for ending in ("/other/", "cells.css", ".wasm", "stdlib.zip", ".json"):
            assert cells.page.evaluate(POISON, ending) >= 1, ending
        cells.errors.clear()
        cells.open("other/")
        assert cells.run("alone", "print(6 * 7)") == "42\n"
        assert cells.page.evaluate(SHOWN) == ["one"] * 3
        assert cells.errors == []
        size = (site / "assets/cells/cells.css").stat().st_size
        assert cells.page.evaluate(SAME_AS_SERVED, "cells.css") == size
        # No room for more: everything still comes.
        origin = host.url.rsplit("/", 2)[0]
        client = reader.new_cdp_session(cells.page)
        client.send(
            "Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1}
        )
        cells.page.goto(host.url + "plain/")
        assert cells.page.evaluate(SHOWN) == ["one"] * 3
        assert not any(
            url.endswith("/plain/") for url in cells.page.evaluate(KEPT)
        )


def test_pages_that_change_under_ones_hands_are_never_old(site, serve, reader):
    with serve(site) as host:
        page = reader.new_page()
        page.goto(host.url + "other/")
        wait_until(page, CONTROLLED)
        for path in site.rglob("*.html"):  # as `mkdocs serve` gives them
            html = path.read_text().replace(" one</h1>", " live</h1>")
            path.write_text(html.replace('<meta name="build"', "<meta"))
        write_retired(site)
        page.reload()
        page.locator("h1", has_text="live").wait_for()
        wait_until(page, RETIRED)


def heap_of(page, client, bound=float("inf")) -> float:
    """Megabytes in use, below a bound within five seconds if ever.

    What a page leaves behind may outlive a collection that comes too early.
    """
    for _ in range(50):
        client.send("HeapProfiler.collectGarbage")
        size = client.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        if size < bound:
            break
        page.wait_for_timeout(100)
    return size


def test_twenty_changes_of_page_leave_one_python_and_no_growth(
    site, serve, reader, make_cells
):
    with serve(site) as host:
        cells = make_cells(reader.new_page(), host)
        cells.open("other/")
        wait_until(cells.page, CONTROLLED)
        client = reader.new_cdp_session(cells.page)
        sizes = []
        titles = {"numbers": "Cells under test", "alone": "Another page"}
        for name, title in list(titles.items()) * 10:
            links = cells.page.locator(".md-sidebar")
            links.get_by_role("link", name=title, exact=True).first.click()
            cells.page.wait_for_selector(f"#{name} .cell-bar")
            cells.page.hover(f"#{name}")
            flat = 1.2 * max(sizes[2:6]) if len(sizes) >= 6 else float("inf")
            sizes.append(heap_of(cells.page, client, flat))
        assert max(sizes[-4:]) < 1.2 * max(sizes[2:6]), sizes
        assert len(cells.page.workers) <= 1
        navigations = "performance.getEntriesByType('navigation').length"
        assert cells.page.evaluate(navigations) == 1
        assert cells.errors == []
