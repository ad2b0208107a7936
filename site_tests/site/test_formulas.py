"""Formulas become HTML and MathML at build; a wrong one is named."""

import re
import subprocess

import pytest
from pymdownx.superfences import SuperFencesException

from tutorial_kernels.site import formulas
from tutorial_kernels.site.formulas import Formula, FormulaError, Formulas


def test_inline_and_display(convert):
    text = convert(
        "Inline \\(a < b \\& c\\) and $x_1$.\n\n\\[ \\frac{a}{b} < c \\]\n\n"
        "$$\n\\begin{aligned} a &= b \\\\ c &< d \\end{aligned}\n$$\n"
    )
    assert text.count('class="katex"') == 4
    assert text.count('class="katex-display"') == 2
    tex = re.findall(
        r'<annotation encoding="application/x-tex">(.*?)</annotation>',
        text,
        re.DOTALL,
    )
    assert tex[0] == "a &lt; b \\&amp; c"
    assert tex[1] == "x_1"
    assert "c &amp;&lt; d" in tex[3]
    assert "\\(" not in text
    assert "\\[" not in text


def test_formulas_in_lists_tables_tabs_and_headings(convert):
    text = convert(
        '# About \\(x^2\\)\n\n- item \\(y\\)\n\n=== "Tab"\n\n    $$\n    z\n    $$\n\n'
        "> quote \\(w\\)\n"
    )
    assert text.count('class="katex"') == 4
    assert '<h1 id="about-x2">' in text


def test_the_contents_show_a_headings_tex_once():
    from markdown import Markdown

    from site_tests.site.conftest import extension_configs

    configs = extension_configs()
    md = Markdown(extensions=list(configs), extension_configs=configs)
    md.convert("# About \\(x^2\\)")
    assert md.toc_tokens[0]["name"] == "About x^2"


def test_code_is_left_alone(convert):
    text = convert("`\\(x\\)` and\n\n```\n\\[ y \\]\n```\n")
    assert "katex" not in text


@pytest.mark.parametrize(
    "tex", ["\\frac{1}", "\\nosuch", "{", "x_1_2", "a \\\\ \\unicode"]
)
def test_a_wrong_formula_is_named(convert, tex):
    with pytest.raises(
        SuperFencesException, match="KaTeX cannot read the formula"
    ) as caught:
        convert(f"Good \\(x\\).\n\nBad \\({tex}\\).")
    assert repr(tex) in str(caught.value)


def test_one_call_of_node_and_then_the_cache(tmp_path, monkeypatch):
    calls = []
    run = subprocess.run

    def counted(*args, **options):
        calls.append(args)
        return run(*args, **options)

    monkeypatch.setattr(formulas.subprocess, "run", counted)
    wanted = [
        Formula("a", False),
        Formula("a", True),
        Formula("b", False),
        Formula("a", False),
    ]
    first = Formulas(cache=str(tmp_path)).render(wanted)
    assert len(calls) == 1
    assert len(first) == 3
    assert first[wanted[0]] != first[wanted[1]]
    again = Formulas(cache=str(tmp_path)).render(wanted)
    assert len(calls) == 1
    assert again == first
    Formulas(cache=str(tmp_path)).render([Formula("c", False)])
    assert len(calls) == 2
    assert list(tmp_path.iterdir()) == [tmp_path / Formulas().version]


def test_a_damaged_cache_entry_is_replaced(tmp_path):
    wanted = [Formula("a", False)]
    first = Formulas(cache=str(tmp_path)).render(wanted)
    (entry,) = tmp_path.rglob("*.html")
    entry.write_text("")
    assert Formulas(cache=str(tmp_path)).render(wanted) == first
    assert entry.read_text() == first[wanted[0]]


def test_a_closed_cache_is_only_slow(tmp_path):
    (tmp_path / "file").write_text("")
    html = Formulas(cache=str(tmp_path / "file")).render([Formula("a", False)])
    assert "katex" in html[Formula("a", False)]


def test_without_katex_the_message_says_what_to_do(tmp_path):
    with pytest.raises(FormulaError, match="run `npm ci`"):
        Formulas(katex=str(tmp_path), cache=str(tmp_path)).render(
            [Formula("a", False)]
        )


def test_nothing_is_trusted(convert):
    with pytest.raises(SuperFencesException, match="cannot read"):
        convert("\\(\\href{javascript:alert(1)}{x}\\)")
    text = convert("\\(\\text{<img src=x onerror=alert(1)>}\\)")
    assert "<img" not in text
