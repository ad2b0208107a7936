"""Markdown inside a fence of ours: the text of a task, a hint, a question."""

from __future__ import annotations

from functools import cache

from markdown import Markdown


def render_prose(text: str) -> str:
    """Markdown as HTML, formulas left for the page's own pass.

    Args:
        text: Paragraphs, lists, tables, code and formulas; no fence of ours
            and no link into the site, which would not be checked.
    """
    md = _converter()
    md.reset()
    return md.convert(text.strip())


def render_line(text: str) -> str:
    """Markdown of one paragraph, without the element around it."""
    html = render_prose(text)
    inside = html.removeprefix("<p>").removesuffix("</p>")
    one = (
        html.startswith("<p>") and html.endswith("</p>") and "<p>" not in inside
    )
    return inside if one else html


@cache
def _converter() -> Markdown:
    return Markdown(
        extensions=[
            "tables",
            "pymdownx.arithmatex",
            "pymdownx.highlight",
            "pymdownx.superfences",
        ],
        extension_configs={
            "pymdownx.arithmatex": {"generic": True},
            "pymdownx.highlight": {"use_pygments": True},
        },
    )
