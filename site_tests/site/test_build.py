"""In a strict MkDocs build, every malformed fence stops with file and line."""

import pytest

from tutorial_kernels.page.png import encode_png
from tutorial_kernels.site.reader import read_page

CELL = "``` {.cell #one seconds=2}\nprint(1)\n```\n"
FRONT = "---\ntitle: A page\ndescription: >\n  more\n---\n\n# Heading\n\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("``` {.cell id}\n```\n", 9, "cannot read 'id' in {.cell id}"),
        (f"{CELL}\nText\n\n{CELL}", 15, "two cells have the id 'one'"),
        (
            CELL + "``` {.output .plot}\n{\n```\n",
            12,
            "the JSON of this plot is bad",
        ),
        (
            "``` {.output}\n1\n```\n",
            9,
            "this output fence has no cell before it",
        ),
        (
            "``` {.source}\ntutorial_kernels.page.plot.plott\n```\n",
            9,
            "the nearest is 'plot'",
        ),
        ("``` {.cell #one seconds=1}\n", 9, "this cell fence is never closed"),
        ("``` python title=unquoted\n1\n```\n", 9, "would show as plain text"),
        (
            CELL
            + '``` {.output .image}\n{"src": "assets/no.png", "alt": "", "width": 1, '
            '"height": 1}\n```\n',
            12,
            "there is no file assets/no.png",
        ),
        (
            "A formula \\(\\frac{1}\\).\n",
            None,
            "KaTeX cannot read the formula '\\\\frac{1}'",
        ),
    ],
)
def test_a_strict_build_stops(small_site, text, line, reason):
    page = small_site.page("chapters/a.md", FRONT + text)
    small_site.page("index.md", "# Home\n")
    done = small_site.build()
    assert done.returncode != 0
    place = f"{page}:{line}: " if line else f"{page}: "
    assert place in done.stderr
    assert reason in done.stderr.split(place)[1]


def test_a_page_with_everything_builds(small_site):
    picture = small_site.docs / "assets/outputs/chapters/a/one-1.png"
    picture.parent.mkdir(parents=True)
    import numpy as np

    picture.write_bytes(encode_png(np.zeros((4, 8), np.uint8)))
    body = (
        f"{CELL}\n``` {{.output .image}}\n"
        '{"src": "assets/outputs/chapters/a/one-1.png", "alt": "x", "width": 8, "height": 4}'
        "\n```\n\nThe rule \\(a < b\\) holds.\n"
    )
    small_site.page("index.md", body)
    small_site.page("chapters/a.md", FRONT + body)
    small_site.page("chapters/index.md", body)
    html = small_site.html("chapters/a/index.html")
    (cell,) = read_page(html)
    assert (
        cell.outputs[0].value["src"]
        == "../../assets/outputs/chapters/a/one-1.png"
    )
    assert "katex-mathml" in html
    site = small_site.folder / "site"
    for name, src in (
        ("index.html", "assets/outputs/chapters/a/one-1.png"),
        ("chapters/index.html", "../assets/outputs/chapters/a/one-1.png"),
    ):
        (cell,) = read_page((site / name).read_text())
        assert cell.outputs[0].value["src"] == src
        assert ((site / name).parent / src).is_file()
