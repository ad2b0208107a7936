"""What was made from what: the memory between two calls of `assemble`.

It holds hashes only. Losing it costs a rebuild and never a wrong result,
because every output is checked against its own hash as well.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tutorial_kernels.durable import write_whole


@dataclass(frozen=True)
class Made:
    """How one part was made the last time.

    Attributes:
        inputs: The hash over everything it was made from.
        outputs: The SHA-256 of each file it gave.
    """

    inputs: str
    outputs: Mapping[str, str]


class Record:
    """The notes about every part, in one JSON file."""

    def __init__(self, path: Path) -> None:
        """Reads the notes; a missing or damaged file counts as empty."""
        self._path = path
        self._parts: dict[str, Made] = {}
        try:
            notes = json.loads(path.read_text(encoding="utf-8"))
            self._parts = {
                name: Made(str(note["inputs"]), dict(note["outputs"]))
                for name, note in notes.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return

    def made(self, name: str) -> Made:
        """Returns the note about a part, an empty one when there is none."""
        return self._parts.get(name, Made("", {}))

    def note(self, parts: Mapping[str, Made]) -> None:
        """Notes parts that stand in place now, on disk at once."""
        self._parts.update(parts)
        text = json.dumps(
            {
                name: {"inputs": made.inputs, "outputs": dict(made.outputs)}
                for name, made in sorted(self._parts.items())
            },
            indent=1,
        )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, [text.encode()])
