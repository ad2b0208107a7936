"""Questions with options: a quiz, and a guess before a run.

The body of such a fence is the question, then one option a line, the right
one ticked, each with its explanation below it:

    How many hidden layers has 4-8-3?

    - [x] one
      : Two layers of weights, and one of units between input and output.
    - [ ] two
      : There are two layers of *weights*; the input layer has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from math import isfinite
from zlib import crc32

from tutorial_kernels.site.prose import render_line, render_prose

OTHERWISE = "otherwise"

_OPTION = re.compile(r"- \[(?P<mark>.)\] +(?P<text>.+)")
_LIKE_OPTION = re.compile(r"\s*[-*+]\s*\[|\s*- \S")


@dataclass(frozen=True)
class Option:
    """An answer to choose, or a number to give.

    Attributes:
        text: Markdown, or a number, or ``otherwise``.
        right: Whether it is the answer.
        explanation: Markdown, or "".
    """

    text: str
    right: bool
    explanation: str


@dataclass(frozen=True)
class Question:
    """A question and its answers.

    Attributes:
        id: Its name, unique in its page.
        text: Markdown.
        options: The answers, one of them right.
        number: Whether a number is asked for.
        tolerance: How far that number may be off.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    number: bool = False
    tolerance: float = 0.0

    @property
    def right(self) -> Option:
        """The answer."""
        return next(option for option in self.options if option.right)

    @property
    def listed(self) -> tuple[Option, ...]:
        """The answers in the order of the page.

        An author writes the right one first, and a reader must not learn
        that: choices come in an order that their words decide.
        """
        if self.number:
            return self.options
        return tuple(
            sorted(
                self.options,
                key=lambda option: crc32(f"{self.id} {option.text}".encode()),
            )
        )


def read_question(
    body: str,
    identity: str,
    *,
    number: bool,
    tolerance: float = 0.0,
    explained: bool = True,
) -> Question:
    """Read the body of a fence.

    Args:
        body: The question and its options.
        identity: Its name.
        number: Whether the options are numbers.
        tolerance: How far a number may be off.
        explained: Whether every option needs an explanation.

    Raises:
        ValueError: No question, an option that cannot be read or has no
            explanation, or not exactly one right answer.
    """
    lines = body.strip("\n").split("\n")
    start = next(
        (i for i, line in enumerate(lines) if _LIKE_OPTION.match(line)),
        len(lines),
    )
    text = "\n".join(lines[:start]).strip()
    if not text:
        raise ValueError("the question is missing")
    options = _options(lines[start:])
    _check_options(options, explained=explained)
    if number:
        _check_numbers(options, explained=explained)
    elif any(option.text == OTHERWISE for option in options):
        raise ValueError(f"{OTHERWISE!r} is an option of a .number only")
    elif len(options) < 2:
        raise ValueError("a choice needs two options or more")
    return Question(identity, text, tuple(options), number, tolerance)


def _options(lines: list[str]) -> list[Option]:
    found: list[tuple[bool, list[str], list[str]]] = []
    into: list[str] = []
    for line in lines:
        match = _OPTION.match(line)
        if match:
            if match["mark"] not in "x ":
                raise ValueError(
                    f"an option is marked [x] or [ ], got {line.strip()!r}"
                )
            into = [match["text"].strip()]
            found.append((match["mark"] == "x", into, []))
        elif not line.strip():
            if into:
                into.append("")
        elif not line.startswith("  ") or not found:
            raise ValueError(
                "an option is written '- [ ] text' and what belongs to it is "
                f"indented by two spaces, got {line.strip()!r}"
            )
        elif line.startswith("  : "):
            into = found[-1][2]
            if into:
                raise ValueError(
                    f"option {found[-1][1][0]!r} has two explanations"
                )
            into.append(line[4:])
        else:
            into.append(line[4:] if line.startswith("    ") else line[2:])
    return [
        Option("\n".join(t).strip(), right, "\n".join(why).strip())
        for right, t, why in found
    ]


def _check_options(options: list[Option], *, explained: bool) -> None:
    right = sum(option.right for option in options)
    if right != 1:
        raise ValueError(f"exactly one option must be right [x], got {right}")
    texts = [option.text for option in options]
    for text in texts:
        if texts.count(text) > 1:
            raise ValueError(f"two options are the same: {text!r}")
    for option in options:
        if explained and not option.explanation:
            raise ValueError(
                f"option {option.text!r} has no explanation; write it below, "
                "after '  : '"
            )


def _check_numbers(options: list[Option], *, explained: bool) -> None:
    for option in options:
        if option.text == OTHERWISE and not option.right:
            continue
        try:
            finite = isfinite(float(option.text))
        except ValueError:
            finite = False
        if not finite:
            raise ValueError(f"option {option.text!r} must be a number")
    if explained and all(option.text != OTHERWISE for option in options):
        raise ValueError(
            f"a .number needs an option '- [ ] {OTHERWISE}', whose "
            "explanation is given for every other number"
        )


def render_quiz(question: Question) -> str:
    """A question with its answers in a closed ``<details>``."""
    return _render(question, "quiz", "Answer")


def render_predict(question: Question, cell: str) -> str:
    """A guess before the run of a cell, and what will come, closed."""
    return _render(question, "predict", "What comes out", f' data-for="{cell}"')


def _render(question: Question, kind: str, summary: str, more: str = "") -> str:
    shape = "number" if question.number else "choice"
    options = "".join(
        f'<li class="option">{render_line(option.text)}</li>'
        for option in question.listed
    )
    answers = "".join(_answer(option) for option in question.listed)
    listed = "" if question.number else f'<ul class="options">{options}</ul>\n'
    return (
        f'<section class="question {kind}" id="{question.id}" '
        f'data-question="{shape}" data-tolerance="{question.tolerance:g}"'
        f'{more} aria-labelledby="{question.id}-text">\n'
        f'<div class="question-text" id="{question.id}-text">'
        f"{render_prose(question.text)}</div>\n{listed}"
        f'<details class="question-answer" data-search-exclude="">'
        f'<summary>{summary}</summary><ul class="answers">{answers}</ul>'
        "</details>\n</section>"
    )


def _answer(option: Option) -> str:
    right = ' data-right=""' if option.right else ""
    word = "Right" if option.right else "Not"
    text = (
        "any other number"
        if option.text == OTHERWISE
        else render_line(option.text)
    )
    return (
        f'<li class="answer" data-value="{escape(option.text)}"{right}>'
        f'<p class="answer-text"><span class="answer-word">{word}:</span> '
        f"{text}</p>"
        f'<div class="answer-why">{render_prose(option.explanation)}</div></li>'
    )
