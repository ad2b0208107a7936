"""Python sources compiled by the page's own Python, under Node."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tutorial_kernels.site.assemble.fingerprint import file_sha256
from tutorial_kernels.site.assemble.nodejs import run_node

_HERE = Path(__file__).parent
_DRIVER = _HERE / "compile_bytecode.mjs"
_PROGRAM = _HERE / "repack.py"

STANDARD_LIBRARY = "python_stdlib.zip"


@dataclass(frozen=True)
class Rules:
    """How an archive is rewritten; see `repack.repack`.

    Attributes:
        folder: Where its files are found in the page; tracebacks show it.
        drop: Patterns of members that no page needs.
        keep_source: Whether the sources stay beside the bytecode.
        short_metadata: Whether METADATA loses the long description.
    """

    folder: str
    drop: tuple[str, ...] = ()
    keep_source: bool = False
    short_metadata: bool = False


def tools_sha256() -> list[str]:
    """Returns the hashes of the two programs that make the bytecode."""
    return [file_sha256(_DRIVER), file_sha256(_PROGRAM)]


def compile_archive(
    pyodide: Path, source: Path, target: Path, rules: Rules
) -> None:
    """Writes an archive anew with its modules as bytecode.

    Each archive has a Pyodide of its own: what one compiled before cannot
    leak into the bytes of the next.

    Args:
        pyodide: The folder of Pyodide's core.
        source: The zip file or wheel to read.
        target: The file to write. When the compiled standard library lies
            beside it, Pyodide starts from that one: the same bytes come
            out, two seconds sooner.
        rules: What to drop and what to keep.

    Raises:
        AssembleError: Pyodide could not; the message has its last lines.
    """
    library = target.with_name(STANDARD_LIBRARY)
    if not library.exists():
        library = pyodide / STANDARD_LIBRARY
    paths = (_DRIVER, pyodide, library, _PROGRAM, source, target)
    run_node([*map(str, paths), json.dumps(asdict(rules))])
