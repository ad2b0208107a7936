"""What is not supported: read from its file, and shown as a table."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from tutorial_kernels.site.place import Place

FILE = "unsupported.yml"


@dataclass(frozen=True)
class Refusal:
    """Something that PyTorch has and the course has not.

    Attributes:
        name: What a reader would call, under torch's name.
        what: The part of it that is not there.
        reason: Why not.
        code: Python that asks for it.
        message: The sentence it raises; empty where nothing is raised.
    """

    name: str
    what: str
    reason: str
    code: str
    message: str = ""


def read_refusals(place: Place) -> list[Refusal]:
    """The entries of the file, checked.

    Raises:
        ValueError: An entry lacks a field, has one too many or is no text,
            or the entries are not in the order of their names.
    """
    entries = place.read_yaml(FILE)
    if not isinstance(entries, list):
        raise ValueError(f"{FILE} must be a list of entries")
    refusals = [_refusal(entry) for entry in entries]
    names = [refusal.name for refusal in refusals]
    for name, after in zip(names, sorted(names, key=str.casefold), strict=True):
        if name != after:
            raise ValueError(
                f"{FILE}: the entries stand in the order of their "
                f"names, and {after!r} comes before {name!r}"
            )
    return refusals


def unsupported_table(body: str, place: Place) -> list[str]:
    """Markdown: one row for each entry of the file.

    Raises:
        ValueError: The fence is not empty, or the file is wrong.
    """
    if body.strip():
        raise ValueError(f"an unsupported fence is empty, got {body!r}")
    rows = [
        f"| `{refusal.name}` | {_cell(refusal.what)} "
        f"| {_cell(refusal.reason)} | {_answer(refusal)} |"
        for refusal in read_refusals(place)
    ]
    return [
        '<div class="unsupported" markdown="1">',
        "",
        "| Name | Not supported | Why | What it says |",
        "|---|---|---|---|",
        *rows,
        "",
        "</div>",
    ]


def _refusal(entry: Any) -> Refusal:
    known = [field.name for field in fields(Refusal)]
    if not isinstance(entry, dict):
        raise ValueError(f"{FILE}: {entry!r} is no entry with {known}")
    name = entry.get("name", entry)
    for key in sorted(set(entry) - set(known)):
        raise ValueError(f"{FILE}: {name!r} has an unknown field {key!r}")
    for key in known:
        if key == "message" and key not in entry:
            continue
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise ValueError(f"{FILE}: {name!r} needs a text as {key!r}")
    return Refusal(**{key: value.strip() for key, value in entry.items()})


def _cell(text: str) -> str:
    """Text for one field of a Markdown table."""
    return " ".join(text.split()).replace("|", r"\|")


def _answer(refusal: Refusal) -> str:
    if not refusal.message:
        return "nothing: the call runs"
    return f"`{' '.join(refusal.message.split())}`"
