"""What the benchmark of the start takes for the cells of a page."""

from site_tests.bench.start_up import cell_names


def test_the_cells_of_a_page_are_run_and_not_its_exercises(cells):
    cells.open("practice/")
    cells.page.wait_for_selector(".exercise-cell .cell-bar")
    names = cell_names(cells.page)
    assert names
    assert cells.page.locator(".exercise-cell").count() > 0
    for name in names:
        assert cells.page.locator(f"#{name} .cell-main").count() == 1
