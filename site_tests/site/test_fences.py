"""What the fences render, and that nothing malformed passes in silence."""

import html
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from tutorial_kernels.site.cell import OPTIONS
from tutorial_kernels.site.fences import cell_validator
from tutorial_kernels.site.reader import read_page

CELL = "``` {.cell #one seconds=2}\nprint(1)\n```\n"
PLOT = {
    "title": "T", "x_label": "step", "y_label": "", "log": False,
    "series": [{"name": "a", "x": [0, 1], "y": [1, 2]}],
}  # fmt: skip
IMAGE = {
    "src": "assets/outputs/p/one-1.png",
    "alt": "An image",
    "width": 8,
    "height": 4,
}


def fence(header, body):
    return f"``` {{{header}}}\n{body}\n```\n"


def test_a_cell_is_the_html_of_the_contract(convert):
    text = convert(CELL)
    assert text == (
        '<div class="cell" id="one" data-cell="one" data-seconds="2" '
        'data-tolerance="0.0001">\n'
        '<div class="highlight"><pre><span></span><code>'
        '<span class="nb">print</span><span class="p">(</span><span class="mi">1</span>'
        '<span class="p">)</span>\n</code></pre></div>\n</div>\n'
        '<div class="cell-output" data-cell="one"></div>'
    )


def test_all_options(convert):
    text = convert(
        fence(".cell #a-1 seconds=0.5 tolerance=1e-2 raises=ValueError", "x")
    )
    assert (
        '<div class="cell" id="a-1" data-cell="a-1" data-seconds="0.5" '
        'data-tolerance="0.01" data-raises="ValueError">'
    ) in text
    assert 'data-seconds="3"' in convert(fence('.cell #a seconds="3"', "x"))


@pytest.mark.parametrize("key", OPTIONS)
def test_superfences_lets_every_option_of_a_cell_pass(key):
    assert cell_validator("", {key: "1"}, options := {}, {}, None)
    assert options == {key: "1"}


def test_outputs_of_a_cell_merge_into_one_element(convert):
    page = (
        CELL + fence(".output", "first") + "\n\n" + fence(".output .plot", json.dumps(PLOT))
        + fence(".output .image", json.dumps(IMAGE)) + fence(".output", "last")
        + "\nText.\n\n" + CELL.replace("one", "two") + fence(".output", "second")
    )  # fmt: skip
    text = convert(page)
    assert text.count('class="cell-output"') == 2
    one, two = read_page(text)
    assert [output.kind for output in one.outputs] == [
        "text",
        "plot",
        "image",
        "text",
    ]
    assert one.outputs[0].value == "first"
    assert one.outputs[1].value == PLOT
    assert one.outputs[2].value == IMAGE
    assert [output.value for output in two.outputs] == ["second"]
    assert not re.search(r"<p>\s*(<div|<!--|</p>)", text)
    assert "<!--" not in text
    assert re.search(r"</div>\n<p>Text.</p>\n<div class=\"cell\"", text)


def test_a_plot_is_complete_without_scripts(convert):
    text = convert(CELL + fence(".output .plot", json.dumps(PLOT)))
    figure = text[text.index("<figure") : text.index("</figure>")]
    assert (
        json.loads(html.unescape(re.search(r'data-plot="(.*?)"', figure)[1]))
        == PLOT
    )
    assert "<svg" in figure
    assert (
        "<figcaption>T: a from 1 (step 0) to 2 (step 1).</figcaption>" in figure
    )
    assert "<details" in figure
    assert "<summary>Data</summary>" in figure
    assert '<tr><th scope="row">1</th><td>2</td></tr>' in figure


def test_a_picture_with_labels(convert):
    image = {**IMAGE, "labels": ["<bag>", "shoe"], "columns": 2}
    text = convert(CELL + fence(".output .image", json.dumps(image)))
    assert (
        '<img src="assets/outputs/p/one-1.png" alt="An image" width="8" height="4"'
        in text
    )
    assert "<span>&lt;bag&gt;</span><span>shoe</span>" in text


def test_a_heat_map_stands_between_its_names(convert):
    axis = {
        "label": "a & b",
        "ticks": [[0.25, "<i>"]],
        "room": 9,
        "upright": False,
    }
    axes = {"x": {**axis, "upright": True}, "y": axis}
    text = convert(
        CELL + fence(".output .image", json.dumps({**IMAGE, "axes": axes}))
    )
    assert (
        text.count(">a &amp; b</span>") == text.count(">&lt;i&gt;</text>") == 2
    )
    assert '<text x="100%" y="25.00%"' in text
    assert '<text x="25.00%" y="5" writing-mode="vertical-rl"' in text
    for wrong, reason in [
        ({"x": axis}, "axes: 'y' is missing"),
        (
            {"x": axis, "y": {**axis, "room": "9"}},
            "'room' must be int, got str",
        ),
        ({"x": axis, "y": {**axis, "ticks": [[2, "a"]]}}, r"got \[2, 'a'\]"),
    ]:
        image = fence(".output .image", json.dumps({**IMAGE, "axes": wrong}))
        with pytest.raises(SuperFencesException, match=reason):
            convert(CELL + image)


SOURCES = [
    "\tif x:\n\t\treturn  # tab",
    "a = 1   \n\n\n   \n\t\nb = 2  ",
    "\n\nx = 1\n\n",
    "s = '</script><!-- & &amp; &#65; <b>'",
    "print('ünï ☃ 𝔘 \u2028 \u00a0')",
    "a = '''\n~~~\n  ``` not a fence\n'''",
    "# klzzwxh:0000 \\( x \\) $y$ [link](x) *em* ++ins++ {: #id }",
    "class A:\n    '''    '''\n\n\n    def f(self): ...\n",
    "",
    "   ",
    "x = 1 \\\n    + 2",
    "'{{ jinja }}' + \"{% raw %}\"",
    "    indented = first",
    "# a\f b",
]


@pytest.mark.parametrize("source", SOURCES)
def test_text_content_is_the_source_byte_for_byte(convert, source):
    page = f"Text\n\n``` {{.cell #a seconds=1}}\n{source}\n```\n\nEnd"
    (cell,) = read_page(convert(page))
    assert cell.source == source + "\n"


@pytest.mark.parametrize("source", SOURCES)
def test_text_of_an_output_byte_for_byte(convert, source):
    page = f"{CELL}\n``` {{.output}}\n{source}\n```\n\nEnd"
    (cell,) = read_page(convert(page))
    assert cell.outputs[0].value == source


lines = st.lists(
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc"],
            include_characters="\t",
            exclude_characters="`",
        ),
        max_size=30,
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(lines, lines)
def test_any_source_and_any_text_come_back(code, printed):
    source, text = "\n".join(code), "\n".join(printed)
    from site_tests.site.conftest import extension_configs

    configs = extension_configs()
    md = Markdown(extensions=list(configs), extension_configs=configs)
    page = f"``` {{.cell #a seconds=1}}\n{source}\n```\n``` {{.output}}\n{text}\n```"
    (cell,) = read_page(md.convert(page))
    assert cell.source == source + "\n"
    assert cell.outputs[0].value == text


def test_a_fence_between_paragraphs_without_empty_lines(convert):
    text = convert(f"Before\n{CELL}After")
    assert text.startswith("<p>Before</p>\n<div class")
    assert text.endswith("</div>\n<p>After</p>")


def test_source_fences_show_tested_code_also_in_tabs(convert):
    name = "tutorial_kernels.site.headers.parse_header"
    page = (
        f'=== "A"\n\n    Text\n    ``` {{.source}}\n    {name}\n    ```\n\n'
        f'=== "B"\n\n    ``` {{.source docstring=hide}}\n    {name}\n    ```\n'
    )
    text = convert(page)
    codes = re.findall(r"<code>(.*?)</code>", text, re.DOTALL)
    plain = [html.unescape(re.sub("<[^>]*>", "", code)) for code in codes]
    assert plain[0].startswith(
        'def parse_header(info: str) -> Header | None:\n    """Read'
    )
    assert '"""' not in plain[1]
    assert plain[1].startswith(
        "def parse_header(info: str) -> Header | None:\n    info = "
    )
    assert "<p>Text</p>" in text


def test_fences_inside_other_fences_are_only_text(convert):
    text = convert("```` markdown\n``` {.cell bad}\n```\n````\n")
    assert read_page(text) == []
    assert "{.cell bad}" in html.unescape(re.sub("<[^>]*>", "", text))


def test_one_markdown_object_renders_page_after_page():
    from site_tests.site.conftest import extension_configs

    configs = extension_configs()
    md = Markdown(extensions=list(configs), extension_configs=configs)
    first = md.convert(CELL)
    md.reset()
    assert md.convert(CELL) == first


MALFORMED = [
    ("``` {.cell id}\n```", 1, "cannot read 'id' in {.cell id}"),
    ("``` {.cell #a}\n```", 1, "cell 'a' needs seconds="),
    ("``` {.cell seconds=1}\n```", 1, "a cell needs an id"),
    ("``` {.cell # seconds=1}\n```", 1, "a cell needs an id"),
    ("``` {.cell #A seconds=1}\n```", 1, "the id 'A' of a cell must be"),
    ("``` {.cell #a_b seconds=1}\n```", 1, "the id 'a_b' of a cell must be"),
    ("``` {.cell #a #b seconds=1}\n```", 1, "two ids"),
    ("``` {.cell #a seconds=fast}\n```", 1, "seconds of cell 'a' must be a positive number"),
    ("``` {.cell #a seconds=-1}\n```", 1, "must be a positive number, got '-1'"),
    ("``` {.cell #a seconds=nan}\n```", 1, "must be a positive number, got 'nan'"),
    ("``` {.cell #a seconds=1 seconds=2}\n```", 1, "option 'seconds' is given twice"),
    ("``` {.cell #a seconds=1 tolerance=0}\n```", 1, "tolerance of cell 'a'"),
    ("``` {.cell #a seconds=1 raises=a.b}\n```", 1, "raises of cell 'a' must be"),
    ("``` {.cell #a seconds=1 wide=yes}\n```", 1, "unknown option 'wide' of a cell"),
    ("``` {.cell .big #a seconds=1}\n```", 1, "unknown class 'big' of a cell"),
    ("``` {.cell #a seconds=1 wide}\n```", 1, "cannot read 'wide'"),
    ("``` {.cell #a seconds = 1}\n```", 1, "cannot read 'seconds'"),
    ("``` {.python .cell #a seconds=1}\n```", 1, "'.cell' must come first"),
    ("``` {#a .cell seconds=1}\n```", 1, "'.cell' must come first"),
    ("``` {cell #a seconds=1}\n```", 1, "'.cell' must come first"),
    ("``` {.cell #a seconds=1\n```", 1, "a cell fence is written"),
    ("``` cell #a seconds=1\n```", 1, "a cell fence is written"),
    ("``` .cell #a seconds=1\n```", 1, "a cell fence is written"),
    ("```python {.cell #a seconds=1}\n```", 1, "a cell fence is written"),
    ("```cell\n```", 1, "a cell fence is written"),
    ("~~~ {.cell id}\n~~~", 1, "cannot read 'id'"),
    ("text\n\n``` {.cell #a seconds=1}\n1", 3, "this cell fence is never closed"),
    (f"{CELL}\n{CELL}", 5, "two cells have the id 'one'"),
    ("    ``` {.cell #a seconds=1}\n    ```", 1, "stands at the left margin"),
    ("- item\n\n    ``` {.cell #a seconds=1}\n    ```", 3, "stands at the left margin"),
    ("> ``` {.cell #a seconds=1}\n> ```", 1, "stands at the left margin"),
    ('=== "T"\n\n    ``` {.cell #a seconds=1}\n    ```', 3, "stands at the left margin"),
    ("``` {.output}\n```", 1, "this output fence has no cell before it"),
    (f"{CELL}\nText\n\n``` {{.output}}\n```", 7, "text stands between this output fence and its"),
    (CELL + "``` {.source}\njson\n```\n``` {.output}\n```", 7, "has no cell before it"),
    (CELL + "``` {.output .table}\n```", 4, "an output fence is .output, alone or with"),
    (CELL + "``` {.output .plot .image}\n```", 4, "an output fence is .output"),
    (CELL + "``` {.output #x}\n```", 4, "an output fence has no id"),
    (CELL + "``` {.output kind=plot}\n```", 4, "an output fence has no id and no options"),
    (CELL + "``` {.output plot}\n```", 4, "cannot read 'plot'"),
    (CELL + "``` {.output .plot}\n{\n```", 4, "the JSON of this plot is bad"),
    (CELL + "``` {.output .plot}\n[]\n```", 4, "the JSON of this plot must be an object"),
    (CELL + "``` {.output .image}\n{}\n```", 4, "image: 'src' is missing"),
    (CELL + '``` {.output .image}\n{"src": "/etc/x.png", "alt": "", "width": 1, "height": 1}\n```',
     4, "src must start with assets/"),
    (CELL + '``` {.output .image}\n{"src": "assets/x.png", "alt": "", "width": "1", "height": 1}\n```',
     4, "'width' must be int, got str"),
    ("``` {.source}\ntutorial_kernels.site.headers.parse_headers\n```", 1,
     "has no 'parse_headers'; the nearest is 'parse_header'"),
    ("``` {.source}\n```", 1, "holds one dotted name"),
    ("``` {.source}\njson.loads json.dumps\n```", 1, "holds one dotted name"),
    ("``` {.source docstring=show}\njson\n```", 1, "docstring must be hide"),
    ("``` {.source lines=3}\njson\n```", 1, "unknown option 'lines' of a source fence"),
    ("``` {.source .wide}\njson\n```", 1, "no id and no further classes"),
    ("# One\n\n" + CELL, None, "a heading of this page has the id 'one' of a cell"),
    ("``` python title=unquoted\nx\n```\n", 1, "this fence would show as plain text"),
    ("``` what is this\nx\n```\n\n" + CELL, None, "fence"),
    ('<div markdown>\n\n``` python\n', 3, "this fence would show as plain text"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "line", "reason"), MALFORMED)
def test_malformed_fences_stop_the_build(convert, page, line, reason):
    with pytest.raises(SuperFencesException) as caught:
        convert(page)
    assert reason in str(caught.value)
    if line is not None:
        assert str(caught.value).startswith(f"line {line}: ")


BAD_PLOTS = [
    ({"title": 3}, "'title' must be str, got int"),
    ({"log": 0}, "'log' must be bool, got int"),
    ({"extra": 0}, "unknown key 'extra'"),
    ({"series": [3]}, "each series must be an object"),
    ({"series": [{"name": "a", "x": [1], "y": []}]}, "1 values of x, 0 of y"),
    (
        {"series": [{"name": "a", "x": [1], "y": ["1"]}]},
        "'1' is no finite number",
    ),
    (
        {"series": [{"name": "a", "x": [1], "y": [True]}]},
        "True is no finite number",
    ),
    (
        {"series": [{"name": "a", "x": [1], "y": [float("nan")]}]},
        "nan is no finite number",
    ),
    (
        {"series": [{"name": "a", "x": [1], "y": [0]}], "log": True},
        "a logarithm needs y above 0",
    ),
    ({"markers": [3]}, "each marker must be an object"),
    ({"markers": [{"name": "k"}]}, "marker: 'x' is missing"),
    ({"markers": [{"name": "k", "x": "1"}]}, "'1' is no finite number"),
    ({"markers": [{"name": 1, "x": 1}]}, "'name' must be str, got int"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_PLOTS)
def test_bad_plots_stop_the_build(convert, change, reason):
    with pytest.raises(SuperFencesException, match=re.escape(reason)):
        convert(CELL + fence(".output .plot", json.dumps({**PLOT, **change})))


def test_other_fences_are_left_alone(convert):
    text = convert(
        '``` python title="source of the cell"\nx = 1\n```\n\n``` text\noutput\n```\n\n'
        "Inline ```code``` and `{.cell}`.\n\n~~~\nplain\n~~~\n\n    indented ``` {.cell}\n"
    )
    assert text.count("highlight") >= 3
    assert "<code>code</code>" in text


def test_the_fences_need_the_extension():
    from site_tests.site.conftest import extension_configs

    configs = extension_configs()
    del configs["tutorial_kernels.site.markdown"]
    md = Markdown(extensions=list(configs), extension_configs=configs)
    with pytest.raises(
        SuperFencesException, match=r"need the Markdown extension"
    ):
        md.convert(CELL)
