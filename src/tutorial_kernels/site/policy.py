"""The content security policy, written into every page of a built site.

Scripts come from the site alone, none may be made from text, and nothing is
asked of another origin. The theme's own inline scripts are allowed by their
hashes; every page allows those of all pages, because the theme shows the next
page inside the first one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from tutorial_kernels.durable import write_whole

_META = '<meta http-equiv="Content-Security-Policy" content="{}">'
_WRITTEN = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_HEAD = re.compile(r"<head\b[^>]*>\s*(?:<meta charset=[^>]*>)?", re.IGNORECASE)
# A script element of another kind is data.
_SCRIPTS = ("", "module", "text/javascript", "application/javascript")


class PolicyError(ValueError):
    """A page that cannot be held to the policy."""


class _InlineScripts(HTMLParser):
    """Collects the text of every inline script, and what no hash allows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.forbidden: list[str] = []
        self._inside = False

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        named = dict(attrs)
        self.forbidden += [
            f"<{tag} {name}=...>"
            for name, value in attrs
            if name.startswith("on")
            or (value or "").strip().lower().startswith("javascript:")
        ]
        if tag != "script" or "src" in named:
            return
        if (named.get("type") or "").lower() in _SCRIPTS:
            self._inside = True
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False


def inline_scripts(html: str) -> list[str]:
    """The text of each inline script of a page, in order.

    Raises:
        PolicyError: The page has an `onclick` or its like, or a
            `javascript:` address.
    """
    parser = _InlineScripts()
    parser.feed(html)
    parser.close()
    if parser.forbidden:
        raise PolicyError(
            f"the policy forbids {parser.forbidden[0]}; expected a script "
            "of the site to listen for the event"
        )
    return parser.scripts


def policy(scripts: Iterable[str]) -> str:
    """The policy that allows these inline scripts and no other."""
    hashes = sorted({f"'sha256-{_hash(script)}'" for script in scripts})
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *hashes],
        # From a blob, a worker inherits the policy; from an address, not.
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{k} {' '.join(v)}" for k, v in directives.items())


def with_policy(html: str, content: str) -> str:
    """The page with the policy before anything that it is to hold.

    Raises:
        PolicyError: The page has no head.
    """
    html = _WRITTEN.sub("", html)
    head = _HEAD.search(html)
    if head is None:
        raise PolicyError("a page without <head> cannot carry a policy")
    return html[: head.end()] + _META.format(content) + html[head.end() :]


def write_policy(site: Path) -> int:
    """Write the policy into every page of a built site.

    Args:
        site: The folder that MkDocs wrote.

    Returns:
        How many pages there are.

    Raises:
        PolicyError: A page cannot be held to the policy; it is named.
    """
    pages = {
        path: path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.html"))
    }
    scripts: list[str] = []
    for path, html in pages.items():
        try:
            scripts += inline_scripts(html)
        except PolicyError as error:
            raise PolicyError(f"{path.relative_to(site)}: {error}") from None
    content = policy(scripts)
    for path, html in pages.items():
        write_whole(path, [with_policy(html, content).encode()])
    return len(pages)


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return base64.b64encode(digest).decode()
