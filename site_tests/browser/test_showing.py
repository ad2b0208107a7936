"""Plots that grow while the cell trains, progress, images, dark and paper."""

from playwright.sync_api import expect

from site_tests.browser.waiting import wait_until

CANVAS = "#train + .cell-output .cell-plot canvas"
PIXELS = f"() => document.querySelector({CANVAS!r})?.toDataURL()"


def test_the_plot_is_drawn_while_the_cell_trains(cells):
    cells.press("train")
    cells.page.wait_for_selector(CANVAS)
    first = cells.page.evaluate(PIXELS)
    assert cells.state("train") == "running"
    wait_until(
        cells.page,
        "() => /step \\d+ of 40/.test("
        "document.querySelector('#train .cell-status').textContent)",
    )
    bar = cells.page.locator("#train [role=progressbar]")
    assert bar.is_visible()
    wait_until(cells.page, f"(first) => ({PIXELS})() !== first", arg=first)
    cells.wait("train", "done")
    figure = cells.page.locator("#train + .cell-output .cell-plot")
    words = figure.locator("figcaption").inner_text()
    assert words.startswith("loss from 1 at step 0 to 0.02024 at 39; accuracy")
    figure.locator("summary").click()
    expect(figure.locator("tbody tr")).to_have_count(40)  # made when opened
    assert figure.locator("thead").inner_text().split() == [
        "step",
        "loss",
        "accuracy",
    ]
    assert not bar.is_visible()


def test_the_live_plot_stands_in_the_box_of_the_still(cells):
    still = cells.page.locator(
        "#train + .cell-output .cell-plot > svg"
    ).bounding_box()
    cells.run("train")
    live = cells.page.locator(
        "#train + .cell-output .cell-plot-box"
    ).bounding_box()
    assert abs(live["height"] - still["height"]) <= 1
    assert abs(live["width"] - still["width"]) <= 1


def test_the_plot_follows_the_dark_toggle_and_the_window(cells):
    cells.run("train")
    light = cells.page.evaluate(PIXELS)
    cells.page.locator("label[title=Dark]").click()
    wait_until(
        cells.page,
        f"(light) => ({PIXELS})() !== light",
        arg=light,
    )
    ground = cells.page.evaluate(
        "getComputedStyle(document.querySelector('#train')).backgroundColor"
    )
    assert max(int(part) for part in ground[4:-1].split(",")) < 100
    cells.page.set_viewport_size({"width": 600, "height": 800})
    wait_until(
        cells.page,
        f"() => document.querySelector({CANVAS!r}).getBoundingClientRect().width < 580",
    )
    cells.page.set_viewport_size({"width": 1280, "height": 900})
    cells.page.locator("label[title=Light]").click()


def test_arrays_are_shown_as_an_image_with_words(alone):
    alone.run(
        "alone",
        "import numpy as np\nfrom tutorial_kernels.page import show\n"
        "show(np.eye(28).reshape(1, 28, 28), labels=['diagonal'])",
    )
    image = alone.page.locator("#alone + .cell-output .cell-image img")
    assert image.evaluate("(image) => image.naturalWidth") > 20
    assert "diagonal" in image.get_attribute("alt")


# Rows with ink in the last columns of the plot: those of the grid, or a line's.
MARKED = """(canvas) => {
    const at = canvas.width - Math.round(12 * devicePixelRatio);
    const ink = canvas.getContext("2d").getImageData(at - 1, 0, 2, canvas.height);
    let rows = 0;
    for (let y = 0; y < canvas.height; y += 1) {
        const alpha = Math.max(ink.data[8 * y + 3], ink.data[8 * y + 7]);
        if (alpha > 100) rows += 1;
    }
    return rows;
}"""


def test_the_same_plot_is_one_figure(alone):
    alone.run(
        "alone",
        "from tutorial_kernels.page import plot\n"
        "for i in range(300):\n"
        "    plot(i, a=i, b=-i, title='Two lines', baselines={'zero': 0},\n"
        "         markers={'turn': min(i, 1), 'end': 310})\n"
        "print('end')",
    )
    figure = alone.page.locator("#alone + .cell-output .cell-plot")
    assert figure.count() == 1
    caption = figure.locator("figcaption").inner_text()
    assert caption.endswith("; zero at 0; turn at step 1; end at step 310.")
    assert figure.locator(".series-baseline").count() == 1
    # The arrow keys read the values aloud.
    chart = figure.get_by_role("application", name="Chart: Two lines")
    spoken = figure.locator(".cell-spoken")
    chart.press("Home")
    expect(spoken).to_have_text("step 0: a 0, b 0, zero 0")
    chart.press("ArrowRight")
    expect(spoken).to_have_text("step 1: a 1, b -1, turn")
    # The marker is drawn: a column of ink where the x axis ends, right of a.
    assert figure.locator("canvas").evaluate(MARKED) > 20
    figure.get_by_text("Data").click()
    cells = figure.locator("tr", has_text="turn").locator("td")
    expect(cells).to_have_text(["1, turn", "1", "-1", ""])  # made when opened


def test_paper_shows_code_and_output_without_controls(cells):
    cells.run("sum")
    cells.page.emulate_media(media="print")
    assert cells.page.locator("#sum .cell-bar").is_hidden()
    assert cells.page.locator(".cell-runtime").is_hidden()
    assert cells.page.locator("#sum pre").is_visible()
    assert cells.page.locator("#sum + .cell-output .cell-text").is_visible()


def test_without_javascript_everything_can_be_read(start_browser, host):
    context = start_browser(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.url)
    assert "numbers.sum()" in page.locator("#sum").inner_text()
    assert "total: 66" in page.locator("#sum + .cell-output").inner_text()
    assert page.locator(".cell-plot svg").is_visible()
    context.close()
