"""The whole course as one file, for a place without a network."""

from __future__ import annotations

import zipfile
from pathlib import Path

ARCHIVE = "course.zip"
_FOLDER = "course"
# The earliest time a zip file knows: the same content gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
# Compressed already; another try costs seconds and gains nothing.
_STORED = (".gz", ".png", ".whl", ".woff2", ".zip")

README = """\
The course, for use without a network

A browser runs no Python from a file:// address, so let a small server show
this folder. With Python installed, open a terminal here and type

    python -m http.server 8000 --bind 127.0.0.1

then open http://127.0.0.1:8000 in a browser. Any other server of static files
does as well. Everything is in this folder; nothing is asked of the network.

The same pages as notebooks (.ipynb) and programs (.py) stand beside each
page. They need the package tutorial_kernels:

    pip install {wheel}

and, for cells that read data, the variable TUTORIAL_KERNELS_ASSETS set to the
folder "assets" beside this file.
"""


def write_course(site: Path) -> Path:
    """Pack a built site and a README into `course.zip`.

    Args:
        site: The folder of the built site, complete.

    Returns:
        The file, inside that folder.
    """
    target = site / ARCHIVE
    target.unlink(missing_ok=True)
    files = sorted(path for path in site.rglob("*") if path.is_file())
    wheels = (p.relative_to(site) for p in files if p.suffix == ".whl")
    own = [p.as_posix() for p in wheels if p.name.startswith("tutorial_")]
    readme = README.format(wheel=own[0] if own else "tutorial-kernels")
    with zipfile.ZipFile(target, "w") as archive:
        _add(archive, "README.txt", readme.encode())
        for path in files:
            name = path.relative_to(site).as_posix()
            _add(archive, name, path.read_bytes())
    return target


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(f"{_FOLDER}/{name}", _TIME)
    entry.external_attr = 0o644 << 16
    stored = name.endswith(_STORED)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
