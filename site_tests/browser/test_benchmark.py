"""The benchmark of the page on speed: on request only, and fair."""

import pytest

from site_tests.browser.waiting import wait_until

PATIENCE = 300_000


@pytest.fixture
def panel(cells, host):
    host.reset()
    cells.page.goto(host.url + "benchmark/")
    cells.page.wait_for_selector(".benchmark button")
    return cells.page


def rows(page):
    found = {}
    for row in page.locator(".benchmark tbody tr").all():
        name, *times = row.locator("th, td").all_inner_texts()
        found[name] = times
    return found


def test_nothing_is_loaded_before_the_reader_asks(panel, host):
    panel.wait_for_timeout(500)
    asked = [
        n
        for n in host.asked
        if n.startswith(("peer_", "networks", "pyodide", "tfjs"))
    ]
    assert asked == []
    assert set(map(tuple, rows(panel).values())) == {("–", "–")}


def test_all_train_the_same_networks(panel):
    panel.click(".benchmark button")
    wait_until(
        panel,
        "document.querySelector('.benchmark-status').textContent.startsWith('Done')",
        timeout=PATIENCE,
    )
    found = rows(panel)
    assert len(found) == 5
    ours, plain, jax, tensorflow, script = found.values()
    assert all(time.endswith(" ms") for time in ours)
    for time in (*plain, *jax, tensorflow[0], *script):
        assert time.endswith("×)"), found  # the losses are the same
    assert tensorflow[1] == "cannot train it"
