"""The page on what a cell can do names tests that are there."""

import re

ROWS = 33
NAMED = re.compile(r"`(\w+\.py)::(\w+)`")


def test_every_row_names_a_test_or_says_that_it_is_missing(root):
    text = (root / "docs/about/features.md").read_text()
    rows = [line for line in text.split("\n") if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith("| |")]
    assert len(rows) == ROWS
    for row in rows:
        named = NAMED.findall(row)
        assert named or "missing" in row, row
        for name, test in named:
            file = root / "site_tests/browser" / name
            assert file.is_file(), row
            assert f"def {test}(" in file.read_text(), row
