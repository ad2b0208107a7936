"""Files of the reader's own, out of a field of the page."""

from pathlib import Path

# Where the page's worker writes them; elsewhere there is no such folder.
_FOLDER = Path("/home/pyodide/chosen")


def chosen_file(cell: str) -> tuple[str, bytes] | None:
    """Reads the file that the reader has chosen in the field of a cell.

    The field is ``<div data-file-for="CELL" data-ending=".safetensors">`` in
    the page's Markdown. The file does not leave the reader's machine.

    Args:
        cell: The name of the cell that the field belongs to.

    Returns:
        The file's name and content; None where none was chosen, and in
        Jupyter or a terminal, where there is no such field.
    """
    folder = _FOLDER / cell
    try:
        name = (folder / "name").read_text()
    except FileNotFoundError:
        return None
    return (name, (folder / "content").read_bytes()) if name else None
