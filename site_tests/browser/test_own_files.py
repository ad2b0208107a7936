"""A file of the reader's own: chosen, dropped, refused, taken out again."""

import numpy as np
import pytest

from site_tests.browser.waiting import wait_until
from tutorial_kernels.models.fnn import SimpleNN
from tutorial_kernels.weights import write_safetensors

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.querySelector(".file-field").dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, cancelable: true }));
}"""

BUSY = """() => setTimeout(() => {
  const start = performance.now();
  while (performance.now() - start < 700);
})"""


@pytest.fixture
def files(tmp_path):
    """Weights that fit, and two kinds that do not."""
    fitting = SimpleNN().state_dict()
    fitting["fc1.bias"][:] = 0.25
    other = {**fitting, "fc2.weight": np.zeros((3, 7), np.float32)}
    for name, weights in (("mine", fitting), ("other", other)):
        write_safetensors(tmp_path / f"{name}.safetensors", weights)
    (tmp_path / "damaged.safetensors").write_bytes(b"\x00" * 20)
    return tmp_path


def said(cells):
    return cells.page.locator(".file-field-said").inner_text()


def wait_for_text(cells, words):
    wait_until(
        cells.page,
        "(words) => document.querySelector('#own + .cell-output')"
        ".textContent.includes(words)",
        arg=words,
    )
    cells.wait("own")


def test_a_file_of_ones_own(cells, files):
    cells.open("files/")
    # The keyboard reaches the field, and Enter or Space opens the chooser.
    cells.page.locator(".file-field-input").focus()
    cells.page.evaluate(BUSY)
    with cells.page.expect_file_chooser() as opened:
        # A busy page hears of the key before it hears that we wait for the
        # chooser, unless it has answered in between.
        cells.page.evaluate("0")
        cells.page.keyboard.press("Space")
    opened.value.set_files(files / "mine.safetensors")
    wait_for_text(cells, "mine.safetensors 0.25")
    assert said(cells).startswith("mine.safetensors, 1 kB: the cell below")

    # What does not fit: one sentence about the first key that differs.
    cells.page.set_input_files(".file-field-input", files / "other.safetensors")
    wait_for_text(
        cells,
        "other.safetensors fc2.weight has the shape (3, 7), expected (3, 8)",
    )
    # What is no safetensors file at all is refused before Python, or by it.
    cells.page.evaluate(DROP, ["notes.txt", "hello"])
    wait_until(
        cells.page,
        "() => document.querySelector('.file-field-said').textContent === "
        "'notes.txt is not taken: a .safetensors file is expected.'",
    )
    assert cells.state("own") == "done"
    cells.page.evaluate(DROP, ["damaged.safetensors", "\x00" * 20])
    wait_for_text(cells, "SafetensorsError")
    assert cells.state("own") == "error"

    # A new Python gets the file again.
    cells.page.set_input_files(".file-field-input", files / "mine.safetensors")
    wait_for_text(cells, "mine.safetensors 0.25")
    cells.page.get_by_role("button", name="Restart").click()
    wait_until(
        cells.page,
        "() => document.getElementById('own').dataset.state === 'idle'",
    )
    assert "mine.safetensors 0.25" in cells.run("own")

    cells.page.get_by_role("button", name="Take it out").click()
    wait_for_text(cells, "none")
    assert "own file again" in said(cells)
