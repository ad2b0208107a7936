"""The folder of an exercise: what stands in it, read strictly.

``docs/exercises/<chapter>/<exercise>/`` holds ``exercise.yml``, ``starter.py``,
``solution.py``, ``check.py`` and at least three ``wrong_*.py``.
"""

from __future__ import annotations

import hashlib
import io
import tokenize
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tutorial_kernels.page.exercises.judge import ExerciseCode, hint_of

KINDS = {
    "faded": "Fill in the blanks",
    "parsons": "Put the lines in order",
    "write": "Write it yourself",
}
HINTS = 3
FEWEST_WRONG = 3
LONGEST_CAP = 60.0  # seconds
INDENT = 4

_KEYS = {"title", "kind", "objective", "function", "seconds", "task", "hints"}
_SOURCES = ("starter.py", "solution.py", "check.py")


@dataclass(frozen=True)
class Piece:
    """A line of a Parsons problem.

    Attributes:
        text: The line without its indentation.
        indent: Its level of indentation in the solution.
        place: Its index in the solution, or None for a distractor.
        why: What is wrong with a distractor.
    """

    text: str
    indent: int = 0
    place: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Exercise:
    """An exercise as its folder describes it.

    Attributes:
        id: The folder's name, unique in its page.
        chapter: The name of the folder above.
        title: What it is called.
        kind: ``faded``, ``parsons`` or ``write``.
        objective: What the reader can do afterwards.
        task: Markdown.
        hints: Three pieces of Markdown, from a nudge to nearly all.
        seconds: The time cap of a check.
        starter: The code the reader begins with.
        code: What an answer is judged by.
        given: The lines above a Parsons problem.
        pieces: The lines of a Parsons problem, shuffled.
    """

    id: str
    chapter: str
    title: str
    kind: str
    objective: str
    task: str
    hints: tuple[str, ...]
    seconds: float
    starter: str
    code: ExerciseCode
    given: str = ""
    pieces: tuple[Piece, ...] = field(default=())


def read_exercise(folder: Path) -> Exercise:
    """Read the folder of an exercise.

    Raises:
        ValueError: A file or a key is missing, unknown or malformed; the
            sentence names it.
    """
    place = f"exercises/{folder.parent.name}/{folder.name}"
    if not folder.is_dir():
        raise ValueError(f"there is no folder {place}")
    for name in ("exercise.yml", *_SOURCES):
        if not (folder / name).is_file():
            raise ValueError(f"{place} has no {name}")
    try:
        settings = _settings(folder / "exercise.yml")
        starter, solution, check = (_source(folder / n) for n in _SOURCES)
        code = ExerciseCode(
            folder.name, settings["function"], check, solution, _wrong(folder)
        )
        given = ""
        pieces: tuple[Piece, ...] = ()
        if settings["kind"] == "parsons":
            given, pieces = _pieces(solution, settings["distractors"])
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    return Exercise(
        folder.name,
        folder.parent.name,
        settings["title"],
        settings["kind"],
        settings["objective"],
        settings["task"],
        tuple(settings["hints"]),
        float(settings["seconds"]),
        starter,
        code,
        given,
        pieces,
    )


def find_exercises(docs: Path) -> list[Path]:
    """The folders of all exercises below ``docs``, in order."""
    return sorted(p.parent for p in docs.glob("exercises/*/*/exercise.yml"))


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"exercise.yml cannot be read: {error}") from None
    if not isinstance(settings, dict):
        raise ValueError("exercise.yml must hold keys and values")
    known = _KEYS | (
        {"distractors"} if settings.get("kind") == "parsons" else set()
    )
    for key in sorted(known - set(settings)):
        raise ValueError(f"exercise.yml has no {key!r}")
    for key in sorted(set(settings) - known, key=str):
        raise ValueError(f"exercise.yml has an unknown key {key!r}")
    for key in ("title", "objective", "function", "task"):
        if not (isinstance(settings[key], str) and settings[key].strip()):
            raise ValueError(f"exercise.yml: {key!r} must be a text")
    if settings["kind"] not in KINDS:
        raise ValueError(
            f"exercise.yml: 'kind' must be one of {', '.join(KINDS)}, "
            f"got {settings['kind']!r}"
        )
    seconds = settings["seconds"]
    if type(seconds) not in (int, float) or not 0 < seconds <= LONGEST_CAP:
        raise ValueError(
            f"exercise.yml: 'seconds' must be above 0 and at most "
            f"{LONGEST_CAP:g}, got {seconds!r}"
        )
    hints = settings["hints"]
    if not _are_texts(hints) or len(hints) != HINTS:
        raise ValueError(f"exercise.yml: 'hints' must be {HINTS} texts")
    return settings


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(text, str) and text.strip() for text in value
    )


def _source(path: Path) -> str:
    text = path.read_text(encoding="utf-8").strip("\n")
    try:
        compile(text, path.name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise ValueError(
            f"{path.name}, line {error.lineno}: {error.msg}"
        ) from None
    return text


def _wrong(folder: Path) -> dict[str, str]:
    paths = sorted(folder.glob("wrong_*.py"))
    if len(paths) < FEWEST_WRONG:
        raise ValueError(
            f"at least {FEWEST_WRONG} files wrong_*.py are needed, "
            f"got {len(paths)}"
        )
    sources = {p.stem.removeprefix("wrong_"): _source(p) for p in paths}
    for name, source in sources.items():
        if not hint_of(source):
            raise ValueError(
                f"wrong_{name}.py has no docstring; it is the hint that its "
                "mistake deserves"
            )
    return sources


def _pieces(
    solution: str, distractors: object
) -> tuple[str, tuple[Piece, ...]]:
    """The lines above the function, and its own lines shuffled."""
    lines = solution.split("\n")
    start = next(
        (i for i, line in enumerate(lines) if line.startswith("def ")), None
    )
    if start is None:
        raise ValueError("the solution of a Parsons problem needs a def")
    body = [line for line in lines[start:] if line.strip()]
    if _statements("\n".join(body)) != len(body):
        raise ValueError(
            "the solution of a Parsons problem has one statement on each "
            "line, and no docstring or comment on a line of its own"
        )
    pieces = [
        Piece(line.strip(), (len(line) - len(line.lstrip())) // INDENT, index)
        for index, line in enumerate(body)
    ]
    pieces += _distractors(distractors)
    texts = [piece.text for piece in pieces]
    if len(set(texts)) != len(texts):
        raise ValueError("two lines of the Parsons problem are the same")
    pieces.sort(key=lambda p: hashlib.sha256(p.text.encode()).digest())
    return "\n".join(lines[:start]).strip("\n"), tuple(pieces)


def _distractors(value: object) -> list[Piece]:
    if not isinstance(value, list) or not value:
        raise ValueError("exercise.yml: 'distractors' must be a list")
    for entry in value:
        if not isinstance(entry, dict) or set(entry) != {"line", "why"}:
            raise ValueError(
                "exercise.yml: each distractor has 'line' and 'why', "
                f"got {entry!r}"
            )
        if not _are_texts(list(entry.values())):
            raise ValueError("exercise.yml: a distractor's values are texts")
    return [Piece(e["line"].strip(), why=e["why"].strip()) for e in value]


def _statements(source: str) -> int:
    """The logical lines, a docstring's not counted."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    ends = [t for t in tokens if t.type == tokenize.NEWLINE]
    comments = [
        t
        for t in tokens
        if t.type == tokenize.COMMENT and not t.line[: t.start[1]].strip()
    ]
    return len(ends) - len(comments)
