"""The headers of our fences: found line by line, read strictly.

Superfences passes over a header it cannot read and shows the fence as plain
text. So every page is scanned on its own first, and a header that looks like
one of ours but is not quite right stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KINDS = (
    "cell",
    "output",
    "source",
    "exercise",
    "quiz",
    "predict",
    "differences",
    "pair-index",
    "pairs",
    "unsupported",
)

_OPENER = re.compile(r"(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_WORD = re.compile(
    r"""\#(?P<id>[^\s=}"']*) | \.(?P<class>[\w-]+)
      | (?P<key>[\w-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'
                          |(?P<bare>[^\s"'}]+))""",
    re.VERBOSE,
)
_OURS = re.compile(rf"(?:^|[\s{{.])({'|'.join(KINDS)})(?=[\s}}.#]|$)")


class HeaderError(ValueError):
    """A header that cannot be read, with the reason."""


@dataclass(frozen=True)
class Header:
    """What stands between the braces of a fence.

    Attributes:
        kind: One of ``KINDS``, such as ``cell``.
        id: What follows ``#``, or the empty string.
        classes: Further classes after the first one.
        options: The ``key=value`` pairs.
    """

    kind: str
    id: str = ""
    classes: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fence:
    """One of our fences in the lines of a page.

    Attributes:
        header: What its first line says.
        text: The first line itself.
        indent: What stands before it: spaces, tabs, ``>``.
        start: The index of the first line.
        stop: The index behind the last line.
        body: The lines between, as text without the last newline.
    """

    header: Header
    text: str
    indent: str
    start: int
    stop: int
    body: str


class FenceError(Exception):
    """A fence that stops the build.

    Attributes:
        line: The index of its first line.
        reason: What is wrong.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line + 1}: {reason}")
        self.line = line
        self.reason = reason


def parse_header(info: str) -> Header | None:
    """Read what follows the backticks; None when it is no fence of ours.

    Raises:
        HeaderError: It names one of ours, in a way superfences would not
            understand.
    """
    info = info.strip()
    match = _OURS.search(info)
    if match is None:
        return None
    kind = match[1]
    if not (info.startswith("{") and info.endswith("}")):
        plain = not info.startswith("{") and "." + kind not in info
        if plain and info.split()[0] != kind:  # such as ```python title="cell"
            return None
        raise HeaderError(
            f"a {kind} fence is written ``` {{.{kind} ...}}, got ``` {info}"
        )
    words = info[1:-1]
    if not words.lstrip().startswith("." + kind):
        if "." + kind in words.split() or words.split()[0] == kind:
            raise HeaderError(
                f"'.{kind}' must come first between the braces, got {info}"
            )
        return None
    return _read_words(kind, words)


def find_fences(lines: list[str]) -> Iterator[Fence]:
    """Our fences in a page, in order, those inside other fences left out.

    Raises:
        FenceError: A malformed header, or a fence that is never closed.
    """
    index = 0
    while index < len(lines):
        opener = _OPENER.match(lines[index].rstrip("\r\n"))
        if opener is None or _is_inline_code(opener):
            index += 1
            continue
        try:
            header = parse_header(opener["info"])
        except HeaderError as error:
            raise FenceError(index, str(error)) from None
        stop = _closing_line(lines, index, opener)
        if stop is None:
            if header is not None:
                raise FenceError(
                    index, f"this {header.kind} fence is never closed"
                )
            index += 1
            continue
        if header is not None:
            inside = lines[index + 1 : stop]
            skip = len(opener["indent"])
            body = "\n".join(line.rstrip("\r\n")[skip:] for line in inside)
            yield Fence(
                header,
                lines[index].strip(),
                opener["indent"],
                index,
                stop + 1,
                body,
            )
        index = stop + 1


def _is_inline_code(opener: re.Match[str]) -> bool:
    """Whether the line is ```code``` within a paragraph."""
    return opener["fence"][0] == "`" and "`" in opener["info"]


def _closing_line(
    lines: list[str], start: int, opener: re.Match[str]
) -> int | None:
    for index in range(start + 1, len(lines)):
        line = lines[index].rstrip("\r\n")
        if line.startswith(opener["indent"]):
            rest = line[len(opener["indent"]) :]
            if rest.rstrip(" \t") == opener["fence"]:
                return index
    return None


def _read_words(kind: str, words: str) -> Header:
    identity, classes, options = "", [], {}
    position = 0
    while position < len(words):
        if words[position].isspace():
            position += 1
            continue
        match = _WORD.match(words, position)
        behind = words[match.end() : match.end() + 1] if match else ""
        if match is None or behind.strip():
            word = words[position:].split()[0]
            raise HeaderError(
                f"cannot read {word!r} in {{{words}}}: expected #id or "
                "option=value"
            )
        position = match.end()
        if match["id"] is not None:
            if identity:
                raise HeaderError(f"two ids in {{{words}}}")
            identity = match["id"]
        elif match["class"] is not None:
            classes.append(match["class"])
        else:
            if match["key"] in options:
                raise HeaderError(f"option {match['key']!r} is given twice")
            values = match["double"], match["single"], match["bare"]
            options[match["key"]] = next(v for v in values if v is not None)
    return Header(kind, identity, tuple(classes[1:]), options)


def lines_before(path: Path, lines: list[str]) -> int:
    """How many lines of a file MkDocs took away as front matter."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        return 0
    content = [line.rstrip() for line in lines if line.strip()]
    if not content:
        return 0
    of_file = [line.rstrip() for line in text.split("\n")]
    first = next(i for i, line in enumerate(lines) if line.strip())
    starts = [i for i, line in enumerate(of_file) if line == content[0]]
    for start in starts:  # the first one that continues in the same way
        rest = [line for line in of_file[start:] if line]
        if rest[:20] == content[:20]:
            return start - first
    return 0
