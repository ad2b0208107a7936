"""The content security policy of a built page."""

import base64
import hashlib

import pytest

from tutorial_kernels.site.policy import (
    PolicyError,
    inline_scripts,
    policy,
    with_policy,
    write_policy,
)

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    "<script>{0}</script></head><body>"
    '<script type="application/json">{{"a": "<b>"}}</script>'
    '<script src="x.js"></script></body></html>'
)


def _hash(text):
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_scripts_are_those_that_run():
    assert inline_scripts(PAGE.format("a && b < c")) == ["a && b < c"]


def test_the_policy_allows_them_by_hash_and_nothing_unsafe():
    made = policy(["let a = 1", "let b = 2"])
    assert _hash("let a = 1") in made
    assert _hash("let b = 2") in made
    scripts = next(d for d in made.split("; ") if d.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert "blob:" not in scripts
    assert "connect-src 'self'" in made.split("; ")


def test_it_stands_before_the_first_script_and_once():
    html = with_policy(with_policy(PAGE.format("x"), "a"), "b")
    assert html.count("Content-Security-Policy") == 1
    assert html.index('content="b"') < html.index("<script>")


@pytest.mark.parametrize(
    "body",
    ['<p onclick="x()">', '<a href=" JavaScript:x()">', "<body onload=x()>"],
)
def test_what_no_hash_allows_stops_the_build(tmp_path, body):
    (tmp_path / "page.html").write_text(f"<head></head>{body}")
    with pytest.raises(PolicyError, match=r"page\.html: the policy forbids"):
        write_policy(tmp_path)


def test_every_page_allows_the_scripts_of_all(tmp_path):
    """The theme shows the next page inside the first one."""
    (tmp_path / "below").mkdir()
    (tmp_path / "index.html").write_text(PAGE.format("one"))
    (tmp_path / "below" / "index.html").write_text(PAGE.format("two"))
    assert write_policy(tmp_path) == 2
    for path in tmp_path.rglob("*.html"):
        assert _hash("one") in path.read_text()
        assert _hash("two") in path.read_text()


def test_a_page_without_a_head_is_refused():
    with pytest.raises(PolicyError, match="without <head>"):
        with_policy("<p>text", policy([]))
