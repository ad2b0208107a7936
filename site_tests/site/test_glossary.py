"""The glossary's entries, and the first uses that lead to them."""

import re
from pathlib import Path
from typing import Any

from tutorial_kernels.site.glossary import read_terms

GLOSSARY = (Path(__file__).parents[2] / "docs/glossary.md").read_text()
LINK = re.compile(r'<a class="term" href="([^"]*)" title="[^"]*">([^<]*)</a>')
SMALL = """\
# Glossary

Gradient
:   All derivatives of one number. It points [uphill](chapters/a.md#up), and
    more.

Stochastic gradient descent, SGD
:   Small random batches
    in place of all examples.

Capacity
:   How much fits.

Bias
:   What is added.
"""


def test_an_entry_has_names_an_anchor_and_a_first_sentence() -> None:
    gradient, descent, *_ = read_terms(SMALL)
    assert gradient.names == ("Gradient",)
    assert gradient.sentence == "All derivatives of one number."
    assert descent.names == ("Stochastic gradient descent", "SGD")
    assert descent.slug == "stochastic-gradient-descent"
    assert descent.sentence == "Small random batches in place of all examples."


def test_the_glossary_has_sixty_terms_none_twice_none_long() -> None:
    terms = read_terms(GLOSSARY)
    forms = [form.lower() for term in terms for form in term.forms]
    assert len(terms) >= 60
    assert len(terms) == len(re.findall(r"^:   ", GLOSSARY, re.MULTILINE))
    assert sorted(set(forms)) == sorted(forms)
    assert [term.names[0] for term in terms if len(term.sentence) > 190] == []


# What stands in a chapter, and the words of it that lead to the glossary.
CHAPTERS = [
    ("The gradient, and a gradient.", ["gradient"]),
    ("Gradients of it; two capacities.", ["Gradients", "capacities"]),
    ("Two biases, and a bias.", ["biases"]),
    ("\\[ \\operatorname{capacity}(x) \\]\n\nA capacity.", ["capacity"]),
    ("SGD is stochastic gradient descent.", ["SGD"]),
    ("No sgd, no gradient-free, no regradient.", []),
    ("`gradient`, [a gradient](index.md), the gradient", ["gradient"]),
    ("## The gradient\n\n**the gradient** here", ["gradient"]),
    ("- one gradient\n- capacity, a gradient", ["gradient", "capacity"]),
    ("A capacity *of gradients* and SGD.", ["capacity", "gradients", "SGD"]),
    (
        '<figure markdown><svg role="img">\n<desc>a gradient</desc></svg>\n'
        "</figure>\n\ncapacity",
        ["capacity"],
    ),
    ("| gradient |\n|---|\n| capacity |", ["capacity"]),
]


def test_the_first_use_in_a_chapter_is_linked(small_site: Any) -> None:
    small_site.page("index.md", "# Home\n\nA gradient.\n")
    small_site.page("glossary.md", SMALL.replace("(chapters/a.md#up)", "(#)"))
    small_site.page("chapters/index.md", "# All\n")
    for number, (text, _) in enumerate(CHAPTERS):
        small_site.page(f"chapters/{number}.md", f"# A page\n\n{text}\n")
    done = small_site.build()
    assert done.returncode == 0, done.stderr
    site = small_site.folder / "site"
    anchors = (site / "glossary/index.html").read_text()
    for number, (_, linked) in enumerate(CHAPTERS):
        page = (site / f"chapters/{number}/index.html").read_text()
        found = LINK.findall(page)
        assert [words for _, words in found] == linked
        for href, _ in found:
            assert href.startswith("../../glossary/#")
            assert f'<dt id="{href.partition("#")[2]}">' in anchors
    assert not LINK.search((site / "index.html").read_text())
