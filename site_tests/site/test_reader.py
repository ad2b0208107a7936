"""read_page() gives back what stands in a built page."""

import pytest

from tutorial_kernels.site.reader import read_page

OPENING = '<div class="cell" id="a" data-cell="a" data-seconds="2" data-tolerance="0.01"'
CODE = '<div class="highlight"><pre><span></span><code>x &lt; <b>1</b>\n</code></pre></div>'


def test_a_page_without_cells():
    assert read_page("<p>Nothing <code>here</code></p><pre>x</pre>") == []


def test_all_attributes():
    (cell,) = read_page(f'{OPENING} data-raises="OSError">{CODE}</div>')
    assert (cell.id, cell.source) == ("a", "x < 1\n")
    assert (cell.seconds, cell.tolerance, cell.raises) == (2.0, 0.01, "OSError")
    assert cell.outputs == []
    assert not cell.has_output_element


def test_outputs_in_order_and_only_the_final_newline_dropped():
    (cell,) = read_page(
        f'{OPENING}>{CODE}</div><div class="cell-output" data-cell="a">'
        '<pre class="cell-text">\n\n1 &amp; 2\n\n</pre>'
        '<figure class="cell-plot" data-plot=\'{"series": []}\'><svg><path/></svg></figure>'
        '<figure class="cell-image"><img src="i.png" alt="A" width="2" height="3"/></figure>'
        "</div><img src='other.png'><pre class='cell-text'>no</pre>"
    )
    assert [output.kind for output in cell.outputs] == ["text", "plot", "image"]
    assert cell.outputs[0].value == "\n1 & 2\n"
    assert cell.outputs[1].value == {"series": []}
    assert cell.outputs[2].value["width"] == 2
    assert cell.has_output_element


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (f"{OPENING}>{CODE}</div>" * 2, "two cells have the id 'a'"),
        ('<div class="cell-output" data-cell="a"></div>', "belongs to no cell"),
        (
            f"{OPENING}>{CODE}</div>"
            + '<div class="cell-output" data-cell="a"></div>' * 2,
            "has two output elements",
        ),
    ],
)
def test_broken_pages_are_refused(html, reason):
    with pytest.raises(ValueError, match=reason):
        read_page(html)
