"""What a page says of the heights of its listings and formulas."""

import pytest

from tutorial_kernels.site.reserved_heights import with_heights

STRUT = '<span class="katex-strut" style="height:{}em;"></span>'


@pytest.mark.parametrize(
    ("code", "lines"), [("one\n", 1), ("one\n\nthree\n", 3), ("no\nend", 2)]
)
def test_a_listing_counts_its_lines(code, lines):
    listing = "<pre><span></span><code>{}</code></pre>"
    assert with_heights(listing.format(code)) == listing.format(code).replace(
        "<code>", f'<code style="--lines:{lines}">'
    )


def test_a_formula_is_as_high_as_its_highest_strut():
    inside = STRUT.format("0.8") + STRUT.format("2.25")
    formula = f'<div class="arithmatex"><span>{inside}</span></div>'
    assert 'class="arithmatex" style="--ems:2.25">' in with_heights(formula)


def test_code_and_formulas_in_a_line_stay_as_they_are():
    text = '<p><code>x</code> <span class="arithmatex"><span></span></span></p>'
    assert with_heights(text) == text
